"""Counting uses."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import connections

from kernel.arrays import array_text
from kernel.clock import local_date
from kernel.meters import ANY_EVENT, METERS, OF_OBJECT, Counting, Meter, Source
from shared_apps.fees.rules.pricing import QUANTITY_PLACES
from tenants.database.context import REGION_ALIAS
from tenants.journaling.consumers import REGION_ROOM, RelayedEntry

# What the meters of one row share is told once. Two refusals are meant: a row that was counted before, and a person who
# counts in this month already.
_INSERT = """
WITH told AS MATERIALIZED (
    SELECT t.place, t.tenant_code, t.room, t.epoch, t.journal_id, t.at, t.month, t.object_type, t.object_id,
           t.facts::jsonb AS facts
      FROM unnest(%s::text[], %s::text[], %s::int[], %s::bigint[], %s::timestamptz[], %s::date[], %s::text[],
                  %s::text[], %s::text[])
           WITH ORDINALITY AS t(tenant_code, room, epoch, journal_id, at, month, object_type, object_id, facts, place)
      JOIN registry_tenant r ON r.code = t.tenant_code AND r.kind <> 'practice'
)
INSERT INTO fees_usageevent (tenant_code, room, epoch, journal_id, meter, at, month, quantity, subject, object_type,
                             object_id, facts)
SELECT t.tenant_code, t.room, t.epoch, t.journal_id, u.meter, t.at, t.month, u.quantity, u.subject, t.object_type,
       t.object_id, t.facts
  FROM unnest(%s::int[], %s::text[], %s::numeric[], %s::text[])
       WITH ORDINALITY AS u(place, meter, quantity, subject, number)
  JOIN told t ON t.place = u.place
 ORDER BY u.number
ON CONFLICT DO NOTHING
"""

# Made once: `json.dumps` would make an encoder for every row.
_as_json = json.JSONEncoder(ensure_ascii=False).encode
_Sources = Mapping[str, Sequence[tuple[Meter, Sequence[Source]]]]
_Told = tuple[str, str, int, int, datetime, date, str, str, str]
_Use = tuple[int, str, Decimal, str]


def meter_uses(*, entries: Sequence[RelayedEntry]) -> int:
    """Counts relayed journal rows on every meter of their events, in one statement; returns how many uses are new.

    A practice mall's use is never counted. Runs in the relay's transaction, as yz_relay.
    """
    told, uses = _uses(entries)
    if not uses:
        return 0
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(_INSERT, [array_text(column) for rows in (told, uses) for column in zip(*rows, strict=True)])
        return int(cursor.rowcount)


def _uses(entries: Sequence[RelayedEntry]) -> tuple[list[_Told], list[_Use]]:
    """What the statement tells of journal rows, and the uses by the place of their row there, from 1 on."""
    meters, of_any = _by_event()
    told: list[_Told] = []
    uses: list[_Use] = []
    people: set[tuple[str, str, int, date, str]] = set()
    for entry in entries:
        places: dict[tuple[str, datetime, tuple[str, ...]], int] = {}
        for meter, sources in meters.get(entry.event, of_any):
            subject = ""
            if meter.counting == Counting.DISTINCT:
                if entry.actor_id is None:
                    continue
                subject = str(entry.actor_id)
            found = next((use for source in sources if (use := _use(source, entry)) is not None), None)
            if found is None:
                continue
            tenant, at, quantity = found
            month = local_date(at).replace(day=1)
            if subject:
                person = (tenant, meter.code, entry.epoch, month, subject)
                if person in people:
                    continue
                people.add(person)
            what = (tenant, at, meter.shown_facts)
            if what not in places:
                facts = {name: entry.facts[name] for name in meter.shown_facts if name in entry.facts}
                told.append(
                    (
                        tenant, entry.tenant, entry.epoch, entry.journal_id, at, month, entry.object_type,
                        entry.object_id, _as_json(facts),
                    )
                )  # fmt: skip
                places[what] = len(told)
            uses.append((places[what], meter.code, quantity.quantize(QUANTITY_PLACES), subject))
    return told, uses


def _by_event() -> tuple[_Sources, Sequence[tuple[Meter, Sequence[Source]]]]:
    """Each event's meters with those of their sources that it may fit, and those of an event that no meter names."""
    named: dict[str, list[tuple[Meter, list[Source]]]] = {}
    for meter in METERS.values():
        for name in dict.fromkeys(source.event for source in meter.sources):
            named.setdefault(name, []).append((meter, [one for one in meter.sources if one.event == name]))
    of_any = named.pop(ANY_EVENT, [])
    return {name: [*found, *of_any] for name, found in named.items()}, of_any


def _use(source: Source, entry: RelayedEntry) -> tuple[str, datetime, Decimal] | None:
    """Whose use an event is, when it was, and of how much."""
    if bool(source.tenant_fact) != (entry.tenant == REGION_ROOM):
        return None
    quantity = source.quantity(entry.facts)
    if quantity is None:
        return None
    tenant = entry.tenant
    if source.tenant_fact:
        tenant = entry.object_id if source.tenant_fact == OF_OBJECT else str(entry.facts.get(source.tenant_fact) or "")
    at = datetime.fromisoformat(str(entry.facts[source.moment_fact])) if source.moment_fact else entry.at
    return tenant, at, quantity
