"""States, results and refusals of the exchange in words, registered at start."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.spreadsheets import REASONS
from shared_apps.exchange.rules import ImportState, Outcome
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
