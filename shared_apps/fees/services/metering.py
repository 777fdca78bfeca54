"""Counting uses."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connections

from kernel.clock import local_date
from kernel.meters import ANY_EVENT, METERS, OF_OBJECT, Counting, Meter, Source
from shared_apps.fees.rules.pricing import QUANTITY_PLACES
from tenants.database.context import REGION_ALIAS
from tenants.journaling.consumers import REGION_ROOM, RelayedEntry

# Two refusals are meant: a row that was counted before, and a person who counts in this month already.
_INSERT = """
INSERT INTO fees_usageevent (tenant_code, room, epoch, journal_id, meter, at, month, quantity, subject, object_type,
                             object_id, facts)
SELECT u.tenant_code, u.room, u.epoch, u.journal_id, u.meter, u.at, u.month, u.quantity, u.subject, u.object_type,
       u.object_id, u.facts::jsonb
  FROM unnest(%s::text[], %s::text[], %s::int[], %s::bigint[], %s::text[], %s::timestamptz[], %s::date[],
              %s::numeric[], %s::text[], %s::text[], %s::text[], %s::text[])
       AS u(tenant_code, room, epoch, journal_id, meter, at, month, quantity, subject, object_type, object_id, facts)
  JOIN registry_tenant t ON t.code = u.tenant_code AND t.kind <> 'practice'
ON CONFLICT DO NOTHING
"""

# Made once: `json.dumps` would make an encoder for every row.
_as_json = json.JSONEncoder(ensure_ascii=False).encode
_Sources = Mapping[str, Sequence[tuple[Meter, Sequence[Source]]]]


def meter_uses(*, entries: Sequence[RelayedEntry]) -> int:
    """Counts relayed journal rows on every meter of their events, in one statement; returns how many uses are new.

    A practice mall's use is never counted. Runs in the relay's transaction, as yz_relay.
    """
    rows = list(_uses(entries))
    if not rows:
        return 0
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(_INSERT, [list(column) for column in zip(*rows, strict=True)])
        return int(cursor.rowcount)


def _uses(entries: Sequence[RelayedEntry]) -> Iterator[tuple[Any, ...]]:
    sources = _by_event()
    anything = sources.get(ANY_EVENT, ())
    people: set[tuple[str, str, int, date, str]] = set()
    for entry in entries:
        for meter, wanted in (*sources.get(entry.event, ()), *anything):
            found = next((use for source in wanted if (use := _use(source, entry)) is not None), None)
            if found is None:
                continue
            tenant, at, quantity = found
            month = local_date(at).replace(day=1)
            subject = ""
            if meter.counting == Counting.DISTINCT:
                if entry.actor_id is None:
                    continue
                subject = str(entry.actor_id)
                person = (tenant, meter.code, entry.epoch, month, subject)
                if person in people:
                    continue
                people.add(person)
            facts = {name: entry.facts[name] for name in meter.shown_facts if name in entry.facts}
            yield (
                tenant, entry.tenant, entry.epoch, entry.journal_id, meter.code, at, month,
                quantity.quantize(QUANTITY_PLACES), subject, entry.object_type, entry.object_id,
                _as_json(facts),
            )  # fmt: skip


def _by_event() -> _Sources:
    """Each event's meters with those of their sources that it may fit."""
    found: dict[str, list[tuple[Meter, list[Source]]]] = {}
    for meter in METERS.values():
        for name in dict.fromkeys(source.event for source in meter.sources):
            found.setdefault(name, []).append((meter, [one for one in meter.sources if one.event == name]))
    return found


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
