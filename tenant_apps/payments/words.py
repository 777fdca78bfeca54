"""Words of payment states and of the refusals that fulfilment and payment raise."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenant_apps.payments.rules import InstructionState
from webkit import problem_words, states

S = InstructionState

STATES: dict[str, tuple[Promise, str]] = {
    S.REQUESTED: (_("Waiting to be sent"), "warning"),
    S.SENT: (_("With the treasury"), "info"),
    S.CONFIRMED: (_("Paid by the treasury"), "success"),
    S.REFUSED: (_("Refused by the treasury"), "danger"),
    S.RETURNED: (_("Returned by the bank"), "danger"),
}


def register() -> None:
    """Called once, at app start."""
    states.register("payments", STATES)
    problem_words.register(
        "answer-too-late",
        facts={"due_at": (_("It could be answered until"), "time")},
        advice=_("The order has expired or is about to; the buyer may order again."),
    )
    problem_words.register(
        "cancel-not-asked",
        advice=_("Ask the other party to cancel and give your reason: the order ends when they agree."),
    )
    problem_words.register(
        "cancel-already-asked", advice=_("Open the order: one of the parties has asked, the other decides.")
    )
    problem_words.register("not-due", facts={"due_at": (_("Possible from"), "time")})
    problem_words.register(
        "instruction-changed", advice=_("Open the payment again: the treasury has answered in the meantime.")
    )
