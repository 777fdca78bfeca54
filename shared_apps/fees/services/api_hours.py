"""Telling the journal what programs called."""

from __future__ import annotations

from datetime import datetime

from kernel.actor import SYSTEM
from shared_apps.fees.calls import hours_over
from shared_apps.fees.models import ApiHour
from shared_apps.region_journal.services import record
from tenants.database.context import region_atomic
from tenants.registry.selectors import tenant_names


def tell_api_hours(*, now: datetime) -> int:
    """Tells each tenant's hours that are over, once each; returns how many were new.

    A worker killed between two hours goes on with the next one: what has its row is told already. Practice malls
    are left out. Raises redis.exceptions.RedisError.
    """
    told = 0
    metered = {code for code, tenant in tenant_names().items() if not tenant.is_practice}
    for hour, calls in hours_over(now=now):
        known = set(ApiHour.objects.filter(hour=hour).values_list("tenant_code", flat=True))
        for code in sorted(metered & calls.keys() - known):
            told += _tell(code, hour, calls[code], now)
    return told


def _tell(code: str, hour: datetime, calls: int, now: datetime) -> bool:
    with region_atomic():
        # Two workers at once: the second finds the first one's row.
        _, is_new = ApiHour.objects.get_or_create(
            tenant_code=code, hour=hour, defaults={"calls": calls, "told_at": now}
        )
        if is_new:
            record(
                actor=SYSTEM,
                event="fees.api_hour_told",
                object_type="api_hour",
                object_id=f"{code}/{hour:%Y%m%d%H}",
                facts={"tenant_code": code, "hour": hour, "calls": calls},
                now=now,
            )
    return is_new
