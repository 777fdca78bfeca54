"""Where an order goes on after a dispute. Pure.

A dispute that is taken back, or that the mediator finds no fault in, lets the order go on where it stopped. Beside that
the mediator may leave a part-accepted order at what was accepted, or end an order that nothing is to be paid for.
"""

from __future__ import annotations

from collections.abc import Mapping

from tenant_apps.orders.rules import OrderState

S = OrderState

# The state a dispute stopped the order in, and the action that leads back to it.
GOES_ON: Mapping[OrderState, str] = {
    S.ACCEPTED: "resume_supply",
    S.CONTRACTED: "resume_contract",
    S.SHIPPED: "resume_acceptance",
    S.PARTLY_ACCEPTED: "resume_delivery",
    S.GOODS_REFUSED: "resume_return",
    S.RETURNED: "resume_replacement",
    S.GOODS_ACCEPTED: "resume_payment",
    S.INVOICED: "resume_invoiced",
    S.PAYMENT_FAILED: "resume_repayment",
    S.PAID: "resume_closing",
}


def outcomes(stopped_in: str) -> tuple[str, ...]:
    """What the mediator may decide. What was accepted in part is paid: such an order is settled, not terminated."""
    state = OrderState(stopped_in)
    ends = "settle_part" if state == S.PARTLY_ACCEPTED else "terminate"
    return GOES_ON[state], ends
