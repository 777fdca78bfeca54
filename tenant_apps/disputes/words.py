"""Words of dispute states, sides and refusals."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenant_apps.disputes.rules import DisputeState, Side
from webkit import problem_words, states

S = DisputeState

STATES: dict[str, tuple[Promise, str]] = {
    S.OPEN: (_("Waiting for mediation"), "warning"),
    S.MEDIATING: (_("In mediation"), "info"),
    S.RESOLVED: (_("Settled"), "success"),
    S.WITHDRAWN: (_("Taken back"), "secondary"),
}
SIDES: dict[str, Promise] = {
    Side.BUYER: _("The buyer"),
    Side.SUPPLIER: _("The supplier"),
    Side.MEDIATOR: _("The central purchasing body"),
}


def register() -> None:
    """Called once, at app start."""
    states.register("disputes", STATES)
    problem_words.register("dispute-changed", advice=_("Open the dispute again: somebody took a step in the meantime."))
    problem_words.register(
        "not-the-opener", advice=_("Put on record what you think; the central purchasing body decides.")
    )
    problem_words.register("outcome-not-possible", advice=_("Choose an outcome that fits where the order was stopped."))
