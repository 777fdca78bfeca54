"""States, results and refusals of the exchange in words, registered at start."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.spreadsheets import REASONS
from shared_apps.exchange.rules import CATALOGUE_SCOPE, PAPERS_SCOPE, DeliveryState, ImportState, Outcome, WebhookState
from webkit import problem_words, states

S = ImportState

states.register(
    "import",
    {
        S.RECEIVED: (_("Waiting to be read"), "secondary"),
        S.READING: (_("Being read"), "info"),
        S.UNREADABLE: (_("Cannot be read"), "danger"),
        S.CHECKED: (_("Waiting for your confirmation"), "warning"),
        S.RUNNING: (_("Being stored"), "info"),
        S.DONE: (_("Stored"), "success"),
        S.CANCELLED: (_("Broken off"), "secondary"),
    },
)
states.register(
    "webhook",
    {
        WebhookState.ACTIVE: (_("In use"), "success"),
        WebhookState.DISABLED: (_("Disabled after failures"), "danger"),
        WebhookState.REMOVED: (pgettext_lazy("webhook", "Removed"), "secondary"),
    },
)
states.register(
    "delivery",
    {
        DeliveryState.WAITING: (_("To be sent"), "info"),
        DeliveryState.ARRIVED: (_("Arrived"), "success"),
        DeliveryState.FAILED: (_("No further attempts"), "danger"),
    },
)
SCOPES: dict[str, Promise] = {
    CATALOGUE_SCOPE: _("Keep the catalogue in step, send tables of offers"),
    PAPERS_SCOPE: _("Send pictures, certificates and licences"),
}
DELIVERY_ERRORS: dict[str, Promise] = {
    "target-form": _("The address is not an https address"),
    "target-port": _("The port is not allowed"),
    "target-host": _("The address names no machine"),
    "target-unresolved": _("No machine answers to the name"),
    "target-address": _("The name leads into a private network"),
    "timeout": _("No answer in time"),
    "certificate": _("The certificate is not valid"),
    "connection": _("No connection"),
    "redirect": _("The answer was a redirect, which is not followed"),
    "status": _("The system answered with an error"),
    "removed": _("The webhook was removed"),
}
OUTCOMES: dict[Outcome, Promise] = {
    Outcome.NEW: pgettext_lazy("row", "New"),
    Outcome.CHANGED: pgettext_lazy("row", "Changed"),
    Outcome.UNCHANGED: pgettext_lazy("row", "Unchanged"),
    Outcome.WRONG: pgettext_lazy("row", "Wrong"),
    Outcome.REFUSED: pgettext_lazy("row", "Refused while storing"),
}
ENDINGS: dict[str, Promise] = {
    **REASONS,
    "broken-off": _("It was broken off too often. Send the table again."),
    "not-permitted": _("Who sent it may no longer do this."),
    "file-damaged": _("The file is damaged on the server. Send the table again."),
}

problem_words.register(
    "too-many-imports",
    facts={"open": (_("Waiting tables"), "text")},
    advice=_("Open the list of your tables."),
)
problem_words.register("nothing-to-store", advice=_("Mend the wrong rows in the file and send it again."))
problem_words.register("too-many-tokens", advice=_("Revoke an API token first."))
problem_words.register("too-many-webhooks", advice=_("Remove a webhook first."))
problem_words.register("token-refused", advice=_("Make a new API token on the page of your own systems."))
