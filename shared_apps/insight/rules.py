"""How states are summed. Pure."""

from __future__ import annotations

from enum import StrEnum


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
