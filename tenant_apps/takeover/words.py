"""Words of packages, of what is compared, and of the refusals."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.spreadsheets import REASONS
from tenant_apps.takeover.rules import ItemKind, Outcome, TakeoverState
from webkit import problem_words, states

S = TakeoverState

STATES: dict[str, tuple[Promise, str]] = {
    S.RECEIVED: (pgettext_lazy("takeover", "Received"), "secondary"),
    S.READING: (pgettext_lazy("takeover", "Being checked"), "info"),
    S.UNREADABLE: (pgettext_lazy("takeover", "Unreadable"), "danger"),
    S.CHECKED: (pgettext_lazy("takeover", "Checked"), "warning"),
    S.PROPOSED: (pgettext_lazy("takeover", "Waiting for a second person"), "warning"),
    S.RUNNING: (pgettext_lazy("takeover", "Being taken over"), "info"),
    S.DONE: (pgettext_lazy("takeover", "Taken over"), "success"),
    S.CANCELLED: (pgettext_lazy("takeover", "Broken off"), "secondary"),
}
OUTCOMES: dict[str, Promise] = {
    Outcome.NEW: pgettext_lazy("takeover", "New"),
    Outcome.SAME: pgettext_lazy("takeover", "Here already"),
    Outcome.DONE: pgettext_lazy("takeover", "Taken over"),
    Outcome.REFUSED: pgettext_lazy("takeover", "Refused"),
}
KINDS: dict[str, Promise] = {
    ItemKind.LINE: _("Budget line"),
    ItemKind.ORDER: pgettext_lazy("takeover", "Order"),
}
COMPARED: dict[str, Promise] = {
    "orders": _("Number of orders"),
    "amount": _("Amount of the orders"),
    "frozen": _("Frozen by open orders"),
    "spent": _("Spent, of which by paid orders of the package"),
    "total": _("Line total, of which frozen and spent"),
}
ENDINGS: dict[str, Promise] = {
    **REASONS,
    "no-header": _("A sheet of the template is missing, or its first row does not hold the template's column names."),
    "broken-off": _("Somebody broke it off."),
    "given-up": _("The work stopped again and again. Send the package once more: what is here is not taken twice."),
    "file-not-found": _("The file is not there any more. Send it again."),
    "file-damaged": _("The file is damaged on the server. Send it again."),
}

states.register("takeover", STATES)
problem_words.register(
    "takeover-not-ready",
    facts={
        "wrong": (_("Wrong cells"), "text"),
        "unmapped": (_("Codes not mapped"), "text"),
    },
)
problem_words.register(
    "takeover-same-person",
    advice=_("Ask a colleague of the finance bureau who holds the supervisor's post to look at the package."),
)
problem_words.register("takeover-not-in-practice", advice=_("Open the real mall to take orders over."))
problem_words.register("too-many-packages")
