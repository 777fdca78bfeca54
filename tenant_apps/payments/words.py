"""Words of payment states and of the refusals that payments raise."""

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
        "instruction-changed", advice=_("Open the payment again: the treasury has answered in the meantime.")
    )
