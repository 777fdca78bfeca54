"""Recording who has completed which exercise."""

from __future__ import annotations

from datetime import datetime

from shared_apps.training.models import Completion
from shared_apps.training.rules import Exercise, exercise_done_by
from tenants.journaling.consumers import RelayedEntry
from tenants.registry.practice import home_of
from tenants.registry.selectors import is_practice


def follow_order(*, entry: RelayedEntry) -> None:
    """Runs in the relay's transaction. Orders of real malls, timers and the practice partner complete nothing."""
    exercise = exercise_done_by(event=entry.event, actor_id=entry.actor_id)
    if exercise is None or entry.actor_id is None or not is_practice(code=entry.tenant):
        return
    record_completion(
        tenant_code=home_of(entry.tenant),
        user_id=entry.actor_id,
        name=entry.actor_name,
        organisation_id=entry.organisation_id,
        exercise=exercise,
        order_number=str(entry.facts["order_number"]),
        now=entry.at,
    )


def record_completion(
    *,
    tenant_code: str,
    user_id: int,
    name: str,
    organisation_id: int | None,
    exercise: Exercise,
    order_number: str,
    now: datetime,
) -> None:
    """Keeps the first time a person did an exercise; once more changes nothing. As yz_relay.

    A projection of the practice mall's journal, so that it needs no journal row of its own.
    """
    Completion.objects.bulk_create(
        [
            Completion(
                tenant_code=tenant_code,
                user_id=user_id,
                name=name,
                organisation_id=organisation_id,
                exercise=exercise,
                order_number=order_number,
                completed_at=now,
            )
        ],
        ignore_conflicts=True,
    )
