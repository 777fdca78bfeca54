"""What a practice mall's journal is told of exercises. The steps themselves are told by the orders."""

from __future__ import annotations

from kernel.events import EventType, declare

EXERCISE_PREPARED = declare(
    EventType("practice.exercise_prepared", 1, {"exercise": str, "user_id": int, "order_id": int})
)
