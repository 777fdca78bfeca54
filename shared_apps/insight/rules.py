"""Which events a fact follows, and how states are summed. Pure."""

from __future__ import annotations

from enum import StrEnum

EVENTS = tuple(
    f"orders.{name}"
    for name in (
        "submitted approved rejected withdrawn accepted declined expired cancel_asked cancelled contract_signed shipped "
        "goods_accepted goods_partly_accepted goods_refused goods_returned invoiced payment_requested payment_sent "
        "payment_refused payment_returned paid closed disputed dispute_resolved terminated"
    ).split()
)


class Stage(StrEnum):
    """What supervision sums an order under."""

    WAITING = "waiting"
    UNDER_WAY = "under_way"
    PAID = "paid"
    ENDED = "ended"


_STAGES = {
    Stage.WAITING: ("draft", "pending_approval"),
    Stage.PAID: ("paid", "closed"),
    Stage.ENDED: ("rejected", "withdrawn", "declined", "expired", "cancelled", "terminated"),
}
STAGE_OF_STATE = {state: stage for stage, states in _STAGES.items() for state in states}


def stage_of(state: str) -> Stage:
    """Everything that is neither waiting, paid nor ended is under way."""
    return STAGE_OF_STATE.get(state, Stage.UNDER_WAY)
