"""Bringing the region in step with a journal that was set back (docs/adr: restoring a mall in place).

A restore puts an earlier state of a room's journal into place. Every row keeps its identity (room, epoch, id), so that
the relay's receipts still tell which rows the region has seen:

* in the file and seen: the relay does not hand it over again;
* in the file and not seen: the relay hands it over once, as any committed row;
* seen and not in the file: lost. What came of it must not count, and what it moved on must stand where it stood.

The last is the projections' work: each app that keeps one registers a rebuilder here. It runs in the transaction of
the restore, as the owner: either all of it happens or nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connections
from psycopg2 import sql

from kernel.registry import Registry
from tenants.database.context import REGION_ALIAS
from tenants.journaling.consumers import RelayedEntry
from tenants.journaling.models import RelayCursor, RelayReceipt
from tenants.journaling.relay import TENANT_TABLE, entry_of

CHUNK_ROWS = 2000
# A number that every snapshot has passed.
_LONG_AGO = 3

_COLUMNS = (
    "j.id, j.xid::text::bigint, j.epoch, j.at, j.event, j.event_version, j.actor_id, j.actor_name, "
    "j.organisation_id, j.object_type, j.object_id, j.facts"
)
_SEEN = (
    "EXISTS (SELECT 1 FROM public.journaling_relayreceipt r "
    "WHERE r.room = %(room)s AND r.epoch = j.epoch AND r.journal_id = j.id)"
)


@dataclass(frozen=True, slots=True)
class RestoredJournal:
    """A room's journal as the restore left it. Inside the restore's transaction only."""

    room: str
    schema: str
    epoch: int  # the new one
    now: datetime
    lost: int  # rows that this restore took back
    # Objects of rows that an earlier restore had taken back and this one brought again.
    regained: frozenset[tuple[str, str]] = field(default_factory=frozenset)

    def regained_of(self, object_type: str) -> set[str]:
        return {key for kind, key in self.regained if kind == object_type}

    def seen(
        self,
        *,
        events: Collection[str] = (),
        object_type: str | None = None,
        object_ids: Collection[str] | None = None,
    ) -> Iterator[RelayedEntry]:
        """Rows the region has seen and that still stand, by id: what a projection is built from again.

        `events` are names, or `app.*` for all of an app's. The others come by the relay.
        """
        clauses = [_SEEN]
        values: dict[str, Any] = {"room": self.room}
        if events:
            clauses.append("j.event LIKE ANY (%(events)s)")
            values["events"] = [name.replace("_", r"\_").replace(".*", ".%") for name in events]
        if object_type is not None:
            clauses.append("j.object_type = %(object_type)s")
            values["object_type"] = object_type
        if object_ids is not None:
            clauses.append("j.object_id = ANY (%(object_ids)s)")
            values["object_ids"] = list(object_ids)
        query = sql.SQL("SELECT {columns} FROM {table} j WHERE {where} AND j.id > %(after)s ORDER BY j.id LIMIT {rows}")
        table = sql.Identifier(self.schema, TENANT_TABLE)
        after = 0
        while True:
            with connections[REGION_ALIAS].cursor() as cursor:
                cursor.execute(
                    query.format(
                        columns=sql.SQL(_COLUMNS),
                        table=table,
                        where=sql.SQL(" AND ".join(clauses)),
                        rows=sql.Literal(CHUNK_ROWS),
                    ),
                    {**values, "after": after},
                )
                rows = cursor.fetchall()
            for row in rows:
                yield entry_of(self.room, row)
            if len(rows) < CHUNK_ROWS:
                return
            after = rows[-1][0]


Rebuilder = Callable[[RestoredJournal], None]
_rebuilders: Registry[Rebuilder] = Registry("rebuilders of projections")


def rebuilds(app: str) -> Callable[[Rebuilder], Rebuilder]:
    """Registers an app's rebuilder. It also does what else must happen with a restore, such as ending sessions."""

    def register(function: Rebuilder) -> Rebuilder:
        return _rebuilders.register(app, function)

    return register


def rebuilders() -> dict[str, Rebuilder]:
    return dict(_rebuilders.items())


def hold_relay(*, room: str) -> None:
    """Keeps every relay off the room until the transaction ends. The cursor's row must be there: `make_cursor`."""
    RelayCursor.objects.select_for_update().get(room=room)


def make_cursor(*, room: str) -> None:
    """In a transaction of its own: a row that only this transaction sees would make the relay wait for its end."""
    RelayCursor.objects.get_or_create(room=room)


def last_known(*, room: str) -> tuple[int, int]:
    """The highest epoch and journal id of the room that the region has ever seen."""
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(
            f"SELECT coalesce(max(epoch), 0), coalesce(max(journal_id), 0) FROM {RelayReceipt._meta.db_table} "
            "WHERE room = %s",
            [room],
        )
        epoch, journal_id = cursor.fetchone()
        return int(epoch), int(journal_id)


def settle(*, room: str, schema: str, epoch: int, now: datetime) -> RestoredJournal:
    """Compares the restored journal with the receipts, notes what is lost, and runs every rebuilder.

    Belongs into the restore's transaction, after `hold_relay` and the loading of the journal.
    """
    table = sql.Identifier(schema, TENANT_TABLE)
    with connections[REGION_ALIAS].cursor() as cursor:
        cut_off = RelayCursor.objects.values_list("cut_off", flat=True).get(room=room)
        named: dict[str, Any] = {"room": room, "now": now, "long_ago": str(_LONG_AGO), "cut_off": str(cut_off)}
        # The relay finds rows by their transaction. The file's are those of another moment, perhaps of another
        # server: an unseen row that no relay would find is this transaction's; a seen one lies behind every cursor.
        cursor.execute(
            sql.SQL(
                "UPDATE {} j SET xid = pg_current_xact_id() "
                "WHERE (xid < %(cut_off)s::xid8 OR xid >= pg_current_xact_id()) AND NOT " + _SEEN
            ).format(table),
            named,
        )
        cursor.execute(
            sql.SQL("UPDATE {} j SET xid = %(long_ago)s::xid8 WHERE xid >= pg_current_xact_id() AND " + _SEEN).format(
                table
            ),
            named,
        )
        cursor.execute(
            sql.SQL(
                "DELETE FROM public.journaling_lostentry l USING {} j WHERE l.room = %(room)s AND l.epoch = j.epoch "
                "AND l.journal_id = j.id RETURNING j.object_type, j.object_id"
            ).format(table),
            named,
        )
        regained = frozenset(cursor.fetchall())
        cursor.execute(
            sql.SQL(
                "INSERT INTO public.journaling_lostentry (room, epoch, journal_id, lost_at) "
                "SELECT r.room, r.epoch, r.journal_id, %(now)s FROM public.journaling_relayreceipt r "
                "WHERE r.room = %(room)s AND NOT EXISTS "
                "(SELECT 1 FROM {} j WHERE j.id = r.journal_id AND j.epoch = r.epoch) ON CONFLICT DO NOTHING"
            ).format(table),
            named,
        )
        newly_lost = cursor.rowcount
    restored = RestoredJournal(room, schema, epoch, now, newly_lost, regained)
    for rebuild in rebuilders().values():
        rebuild(restored)
    return restored
