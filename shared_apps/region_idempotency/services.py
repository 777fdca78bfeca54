"""One request, one effect, in the region's room."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from shared_apps.region_idempotency.models import RegionIdempotencyKey
from tenants.database.context import REGION_ALIAS, region_atomic
from tenants.journaling import idempotency
from tenants.journaling.consumers import REGION_ROOM
from tenants.journaling.idempotency import Answer


def run_in_region(
    *, user_id: int, endpoint: str, key: str, hashed: str, perform: Callable[[], Answer], now: datetime
) -> Answer:
    """See tenants.journaling.idempotency.run_once."""
    return idempotency.run_once(
        model=RegionIdempotencyKey,
        alias=REGION_ALIAS,
        room=REGION_ROOM,
        atomic=region_atomic(),
        user_id=user_id,
        endpoint=endpoint,
        key=key,
        hashed=hashed,
        perform=perform,
        now=now,
    )


def purge(*, now: datetime) -> int:
    """Deletes the region's answers of more than seven days ago."""
    with region_atomic():
        return idempotency.purge(model=RegionIdempotencyKey, alias=REGION_ALIAS, now=now)
