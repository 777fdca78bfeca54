"""Practice that has been done."""

from __future__ import annotations

from kernel.clock import utc_now
from shared_apps.training.rules import FIRST_EXERCISE, Exercise
from shared_apps.training.services.completing import record_completion
from tenants.database.context import region_as, region_atomic
from tenants.database.logins import RELAY


def record_practice(tenant: str, *, user_id: int = 700_001, exercise: Exercise = FIRST_EXERCISE) -> None:
    """Somebody of the tenant has completed an exercise, as the relay records it. The real mall may go live then."""
    with region_as(RELAY), region_atomic():
        record_completion(
            tenant_code=tenant,
            user_id=user_id,
            name="测试练习人",
            organisation_id=None,
            exercise=exercise,
            order_number="DD99000120261123000001",
            now=utc_now(),
        )
