"""The ready county's first exercise is done; the other county's practice is left to be made."""

from __future__ import annotations

from datetime import datetime

from shared_apps.accounts.selectors import user_ids
from shared_apps.training.rules import FIRST_EXERCISE
from shared_apps.training.selectors import practice_done
from shared_apps.training.services.completing import record_completion
from tenants.database.context import region_as, region_atomic
from tenants.database.logins import RELAY

READY_TENANT, TRAINEE, NAME = "652301", "cj-jingban", "景经办（演示）"


def load(now: datetime) -> None:
    """After the demonstration's people, before its malls go live. A second loading changes nothing."""
    if practice_done(tenant_code=READY_TENANT):
        return
    with region_as("yz_region"):
        user_id = user_ids(usernames=[TRAINEE])[TRAINEE]
    with region_as(RELAY), region_atomic():
        record_completion(
            tenant_code=READY_TENANT,
            user_id=user_id,
            name=NAME,
            organisation_id=None,
            exercise=FIRST_EXERCISE,
            order_number="DEMO-PRACTICE-01",
            now=now,
        )
