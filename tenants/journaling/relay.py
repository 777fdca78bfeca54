"""Carries committed journal rows of every room to the region's consumers, each exactly once.

A row is relayed when its transaction is older than the cut-off, `pg_snapshot_xmin(pg_current_snapshot())`, which
is read in a statement of its own: inside one statement with the rows, late commits were lost. Never `id > last`:
a lower id may commit after a higher one.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import datetime

from django.db import connections
from psycopg2 import sql

from kernel.arrays import array_text
from kernel.metrics import RELAYED
from tenants.database.context import REGION_ALIAS, region_as, region_atomic
from tenants.database.logins import RELAY, SWEEPER
from tenants.journaling.consumers import REGION_ROOM, RelayedEntry, batch_handlers, handlers_of
from tenants.journaling.models import RelayCursor

logger = logging.getLogger(__name__)

BATCH_ROWS = 1000
SWEEP_ROOMS = 200
TENANT_TABLE = "journal_journalentry"
REGION_TABLE = "region_journal_regionjournalentry"

_ROWS = """
SELECT j.id, j.xid::text::bigint, j.epoch, j.at, j.event, j.event_version, j.actor_id, j.actor_name, j.organisation_id,
       j.object_type, j.object_id, j.facts
  FROM {table} j WHERE j.xid >= %s::text::xid8 AND j.xid < %s::text::xid8 ORDER BY j.xid, j.id LIMIT %s
"""


def table_of(room: str, schema: str) -> sql.Composable:
    """The journal of a room."""
    return sql.Identifier("public", REGION_TABLE) if room == REGION_ROOM else sql.Identifier(schema, TENANT_TABLE)


def schemas_by_room() -> dict[str, str]:
    """Every room with a journal and the schema it stands in, the region first."""
    from tenants.registry.models import Tenant

    return {REGION_ROOM: "public", **dict(Tenant.objects.order_by("code").values_list("code", "schema_name"))}


def drain(*, room: str, schema: str, now: datetime) -> int:
    """Relays what one room has committed since its last cut-off; returns how many rows were new.

    Works in batches, each a transaction of its own. A handler that raises leaves its batch undone and the error
    on the cursor; the next call tries again.
    """
    total = 0
    with region_as(RELAY):
        cut_off = cut_off_now()
        while True:
            new, more = _drain_batch(room=room, schema=schema, cut_off=cut_off, now=now)
            total += new
            if new:
                RELAYED.of(room).inc(new)
            if not more:
                return total


def cut_off_now() -> int:
    """Every transaction below it has ended."""
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])


def _drain_batch(*, room: str, schema: str, cut_off: int, now: datetime) -> tuple[int, bool]:
    with region_atomic():
        RelayCursor.objects.get_or_create(room=room)
        # The lock keeps two relays off the same room (the receipt would refuse a double anyway), and the relay off a
        # room that is being restored: it goes on to the next one, and the sweep comes back.
        last = RelayCursor.objects.select_for_update(skip_locked=True).filter(room=room).first()
        if last is None:
            return 0, False
        rows = _rows(room, schema, last.cut_off, cut_off)
        full = len(rows) > BATCH_ROWS
        if full:
            # Stop before the transaction of the row beyond the batch, unless it fills the batch alone.
            upto = rows[-1][1]
            kept = [row for row in rows if row[1] < upto]
            rows, next_cut = (kept, upto) if kept else (_whole(room, schema, upto), upto + 1)
        else:
            next_cut = cut_off
        entries = [entry_of(room, row) for row in rows]
        # Two steps of one object follow each other by id (its row lock orders them); their xids need not.
        fresh = sorted(_receipts(entries, now), key=lambda entry: entry.journal_id)
        for entry in fresh:
            for handler in handlers_of(entry.event):
                handler(entry)
        if fresh:
            for batch_handler in batch_handlers():
                batch_handler(fresh)
        RelayCursor.objects.filter(room=room).update(
            cut_off=max(last.cut_off, next_cut), relayed_at=now, error="", failed_at=None
        )
    return len(fresh), full


def _rows(room: str, schema: str, since: int, before: int) -> list[tuple]:
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(sql.SQL(_ROWS).format(table=table_of(room, schema)), [str(since), str(before), BATCH_ROWS + 1])
        return list(cursor.fetchall())


def _whole(room: str, schema: str, xid: int) -> list[tuple]:
    """Every row of one transaction that is larger than a batch."""
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(sql.SQL(_ROWS).format(table=table_of(room, schema)), [str(xid), str(xid + 1), 2_147_483_647])
        return list(cursor.fetchall())


def entry_of(room: str, row: tuple) -> RelayedEntry:
    key, _, epoch, at, event, version, actor, name, organisation, object_type, object_id, facts = row
    return RelayedEntry(
        room, epoch, key, at, event, version, actor, name, organisation, object_type, object_id, _as_dict(facts)
    )


def _as_dict(facts: object) -> dict[str, object]:
    return dict(json.loads(facts)) if isinstance(facts, str) else dict(facts)  # type: ignore[call-overload]


def _receipts(entries: list[RelayedEntry], now: datetime) -> list[RelayedEntry]:
    """Writes a receipt for each entry and returns those that had none."""
    if not entries:
        return []
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(
            "INSERT INTO journaling_relayreceipt (room, epoch, journal_id, relayed_at) "
            "SELECT %s, epoch, journal_id, %s FROM unnest(%s::int[], %s::bigint[]) AS t(epoch, journal_id) "
            "ON CONFLICT DO NOTHING RETURNING epoch, journal_id",
            [
                entries[0].tenant,
                now,
                array_text(entry.epoch for entry in entries),
                array_text(entry.journal_id for entry in entries),
            ],
        )
        written = set(cursor.fetchall())
    return [entry for entry in entries if (entry.epoch, entry.journal_id) in written]


def note_failure(*, room: str, error: BaseException, now: datetime) -> None:
    """Keeps what stopped a room's relay on its cursor, where the operator on call finds it."""
    logger.error("relay of %s failed: %r", room, error)
    with region_as(RELAY):
        RelayCursor.objects.update_or_create(room=room, defaults={"error": repr(error)[:2000], "failed_at": now})


def lagging_rooms() -> dict[str, int]:
    """Rooms with committed rows not yet relayed, and how many: set-based, by the sweeper's login alone."""
    found: dict[str, int] = {}
    with region_as(SWEEPER):
        cut_off = cut_off_now()
        cursors = dict(RelayCursor.objects.values_list("room", "cut_off"))
        rooms = list(schemas_by_room().items())
        for start in range(0, len(rooms), SWEEP_ROOMS):
            for room, count in _count_chunk(rooms[start : start + SWEEP_ROOMS], cursors, cut_off):
                found[room] = count
    return found


def _count_chunk(rooms: list[tuple[str, str]], cursors: dict[str, int], cut_off: int) -> Iterator[tuple[str, int]]:
    parts = [
        sql.SQL(
            "SELECT {room}, count(*) FROM {table} WHERE xid >= {since}::text::xid8 AND xid < {cut}::text::xid8"
        ).format(
            room=sql.Literal(room),
            table=table_of(room, schema),
            since=sql.Literal(str(cursors.get(room, 0))),
            cut=sql.Literal(str(cut_off)),
        )
        for room, schema in rooms
    ]
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(sql.SQL(" UNION ALL ").join(parts))
        for room, count in cursor.fetchall():
            if count:
                yield room, count
