"""Words of payment states and of the refusals that payments raise."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenant_apps.payments.rules import InstructionState, InterestState, TermState
from webkit import problem_words, states

S = InstructionState

STATES: dict[str, tuple[Promise, str]] = {
    S.REQUESTED: (_("Waiting to be sent"), "warning"),
    S.SENT: (_("With the treasury"), "info"),
    S.CONFIRMED: (_("Paid by the treasury"), "success"),
    S.REFUSED: (_("Refused by the treasury"), "danger"),
    S.RETURNED: (_("Returned by the bank"), "danger"),
}

TERM_STATES: dict[str, tuple[Promise, str]] = {
    TermState.ASKED: (_("Waiting for the supplier's answer"), "warning"),
    TermState.AGREED: (_("Agreed by the supplier"), "success"),
    TermState.REFUSED: (_("Refused by the supplier"), "secondary"),
}

INTEREST_STATES: dict[str, tuple[Promise, str]] = {
    InterestState.ASKED: (_("Waiting for the approver"), "warning"),
    InterestState.REJECTED: (_("Not approved"), "danger"),
    InterestState.WITHDRAWN: (_("Taken back"), "secondary"),
    InterestState.PAYING: (_("With the treasury"), "info"),
    InterestState.FAILED: (_("Payment failed"), "danger"),
    InterestState.PAID: (_("Interest paid"), "success"),
}


def register() -> None:
    """Called once, at app start."""
    states.register("payments", STATES)
    states.register("payment_terms", TERM_STATES)
    states.register("late_interest", INTEREST_STATES)
    problem_words.register(
        "no-interest-owed",
        advice=_("Interest is paid once the order is paid late, and each payment of it must be over before the next."),
    )
    problem_words.register(
        "interest-changed",
        facts={"asked": (_("Interest asked for"), "money"), "owed": (_("Owed now"), "money")},
        advice=_("Reject this payment; the payer asks again once the order is paid."),
    )
    problem_words.register(
        "payment-term-not-open",
        advice=_("A longer term is agreed once, with small and medium suppliers, before their goods are accepted."),
    )
    problem_words.register(
        "instruction-changed", advice=_("Open the payment again: the treasury has answered in the meantime.")
    )
