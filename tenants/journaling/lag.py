"""The relay's lag: committed journal rows that no consumer has seen yet."""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass

from django.core.cache import cache

from tenants.database.context import region_as
from tenants.database.logins import SWEEPER
from tenants.journaling.models import RelayCursor
from tenants.journaling.relay import lagging_rooms

logger = logging.getLogger(__name__)
CACHE_KEY = "relay-lag"
KEPT_SECONDS = 60
WARN_ROWS = 1000


@dataclass(frozen=True, slots=True)
class Lag:
    """Rooms with unrelayed rows, how many rows, and rooms whose relay stands still on an error."""

    rooms: int
    rows: int
    failed_rooms: int


def measure_lag() -> Lag:
    """Counts by the sweeper's login alone, keeps the figures a minute and warns above WARN_ROWS."""
    behind = lagging_rooms()
    with region_as(SWEEPER):
        failed = RelayCursor.objects.exclude(error="").count()
    lag = Lag(len(behind), sum(behind.values()), failed)
    cache.set(CACHE_KEY, asdict(lag), KEPT_SECONDS)
    if lag.rows >= WARN_ROWS or lag.failed_rooms:
        logger.warning("relay lag: %s rows in %s rooms, %s rooms failed", lag.rows, lag.rooms, lag.failed_rooms)
    return lag


def last_lag() -> Lag | None:
    """The figures of the last measurement, None when there is none of the last minute."""
    kept = cache.get(CACHE_KEY)
    return Lag(**kept) if kept else None
