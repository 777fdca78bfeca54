"""The relay's lag: committed journal rows that no consumer has seen yet."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

from django.core.cache import cache
from django.db import connections
from psycopg2 import sql

from kernel.clock import utc_now
from tenants.database.context import REGION_ALIAS, region_as
from tenants.database.logins import SWEEPER
from tenants.journaling.models import RelayCursor
from tenants.journaling.relay import SWEEP_ROOMS, cut_off_now, schemas_by_room, table_of

logger = logging.getLogger(__name__)
CACHE_KEY = "relay-lag"
ROOMS_KEY = "relay-lag-rooms"
KEPT_SECONDS = 60
WARN_ROWS = 1000


@dataclass(frozen=True, slots=True)
class RoomLag:
    """One room: rows not relayed, the age of the oldest, where its journal stands, whether its relay stands still."""

    room: str
    rows: int
    oldest_seconds: float
    last_id: int
    epoch: int
    failed: bool


@dataclass(frozen=True, slots=True)
class Lag:
    """Rooms with unrelayed rows, how many rows, and rooms whose relay stands still on an error."""

    rooms: int
    rows: int
    failed_rooms: int
    oldest_seconds: float = 0.0


def measure_rooms(*, now: datetime) -> list[RoomLag]:
    """Every room, set-based by the sweeper's login alone."""
    found: list[RoomLag] = []
    with region_as(SWEEPER):
        cut_off = cut_off_now()
        cursors = {
            room: (cut, bool(error)) for room, cut, error in RelayCursor.objects.values_list("room", "cut_off", "error")
        }
        rooms = list(schemas_by_room().items())
        for start in range(0, len(rooms), SWEEP_ROOMS):
            found += _measure_chunk(rooms[start : start + SWEEP_ROOMS], cursors, cut_off, now)
    return found


def _measure_chunk(
    rooms: list[tuple[str, str]], cursors: dict[str, tuple[int, bool]], cut_off: int, now: datetime
) -> Iterator[RoomLag]:
    parts = [
        sql.SQL(
            "SELECT {room}, lag.rows, lag.oldest, last.id, last.epoch FROM (SELECT count(*) AS rows, min(at) AS oldest "
            "FROM {table} WHERE xid >= {since}::text::xid8 AND xid < {cut}::text::xid8) lag "
            "LEFT JOIN (SELECT id, epoch FROM {table} ORDER BY id DESC LIMIT 1) last ON true"
        ).format(
            room=sql.Literal(room),
            table=table_of(room, schema),
            since=sql.Literal(str(cursors.get(room, (0, False))[0])),
            cut=sql.Literal(str(cut_off)),
        )
        for room, schema in rooms
    ]
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(sql.SQL(" UNION ALL ").join(parts))
        for room, rows, oldest, last_id, epoch in cursor.fetchall():
            age = max(0.0, (now - oldest).total_seconds()) if oldest else 0.0
            yield RoomLag(room, rows, age, last_id or 0, epoch or 0, cursors.get(room, (0, False))[1])


def measure_lag() -> Lag:
    """Measures every room, keeps the figures a minute and warns above WARN_ROWS."""
    now = utc_now()
    rooms = measure_rooms(now=now)
    behind = [room for room in rooms if room.rows]
    lag = Lag(
        len(behind),
        sum(room.rows for room in behind),
        sum(room.failed for room in rooms),
        max((room.oldest_seconds for room in behind), default=0.0),
    )
    cache.set(CACHE_KEY, asdict(lag), KEPT_SECONDS)
    cache.set(ROOMS_KEY, {"at": now, "rooms": [asdict(room) for room in rooms]}, KEPT_SECONDS)
    if lag.rows >= WARN_ROWS or lag.failed_rooms:
        logger.warning("relay lag: %s rows in %s rooms, %s rooms failed", lag.rows, lag.rooms, lag.failed_rooms)
    return lag


def last_lag() -> Lag | None:
    """The figures of the last measurement, None when there is none of the last minute."""
    kept = cache.get(CACHE_KEY)
    return Lag(**kept) if kept else None


def last_rooms() -> tuple[list[RoomLag], datetime] | None:
    """Each room's figures of the last measurement and when it was, None when there is none of the last minute."""
    kept = cache.get(ROOMS_KEY)
    return ([RoomLag(**room) for room in kept["rooms"]], kept["at"]) if kept else None
