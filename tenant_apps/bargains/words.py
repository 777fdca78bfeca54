"""Words of bargains: states, what each side says, and refusals."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tenant_apps.bargains.rules import BargainState, Side
from webkit import problem_words, states

S = BargainState

STATES: dict[str, tuple[Promise, str]] = {
    S.PROPOSED: (_("Waits for the supplier"), "warning"),
    S.COUNTERED: (_("Waits for the buyer"), "info"),
    S.ACCEPTED: (pgettext_lazy("bargain", "Agreed"), "success"),
    S.DECLINED: (pgettext_lazy("bargain", "Declined"), "danger"),
    S.EXPIRED: (pgettext_lazy("bargain", "Not answered in time"), "secondary"),
    S.WITHDRAWN: (pgettext_lazy("bargain", "Withdrawn"), "secondary"),
}
SIDES: dict[str, Promise] = {
    Side.BUYER: pgettext_lazy("bargain", "The buyer"),
    Side.SUPPLIER: pgettext_lazy("bargain", "The supplier"),
    Side.SYSTEM: pgettext_lazy("bargain", "The system"),
}
# What was done, for the timeline: title, icon, colour.
MOVES: dict[str, tuple[Promise, str, str]] = {
    "propose": (_("Asked for lower prices"), "send", "primary"),
    "propose_again": (_("Asked again"), "send", "primary"),
    "counter": (_("Offered other prices"), "arrows-exchange", "info"),
    "accept": (_("Agreed to the prices"), "check", "success"),
    "decline": (_("Declined to bargain"), "x", "danger"),
    "withdraw": (_("Ended the bargain"), "arrow-left", "secondary"),
    "expire": (_("Not answered in time"), "hourglass", "secondary"),
}


def register() -> None:
    """Called once, at app start."""
    states.register("bargains", STATES)
    problem_words.register(
        "bargain-changed", advice=_("Open the bargain again: the other side took a step in the meantime.")
    )
    problem_words.register(
        "bargain-too-late",
        facts={"due_at": (_("It could be answered until"), "time")},
        advice=_("The bargain has expired or is about to; the buyer may begin another."),
    )
    problem_words.register("bargain-runs", advice=_("Open the running bargain and end it, or wait for its answer."))
    problem_words.register(
        "counters-used-up",
        advice=_("Accept the supplier's last prices, or end the bargain and buy at the listed ones."),
    )
    problem_words.register(
        "nothing-to-bargain",
        advice=_("Take out what cannot be ordered, and bargain about at most fifty goods of one supplier."),
    )
    problem_words.register(
        "bargain-not-good",
        facts={"good_until": (_("Agreed prices were good until"), "time")},
        advice=_("Order the goods at the listed prices, or begin another bargain."),
    )
    problem_words.register("bargain-ordered", advice=_("Open the list of orders: the agreed prices are for one order."))
