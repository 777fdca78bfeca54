"""Journals against uses, both ways, in SQL: what the relay counted in Python is counted here a second time.

One statement for many rooms, so that journals, cursors and uses are seen at one moment. As yz_relay, which alone reads
every journal.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from django.db import connections
from psycopg2 import sql

from kernel.meters import ANY_EVENT, METERS, OF_OBJECT, Counting, Meter, Source
from shared_apps.fees.rules.differences import Compared, Difference, DifferenceKind
from tenants.database.context import REGION_ALIAS, region_as, region_atomic
from tenants.database.logins import RELAY
from tenants.journaling.consumers import REGION_ROOM
from tenants.journaling.relay import table_of

# A comparison reads whole journals: longer than a page's statements may take.
_STATEMENT_TIMEOUT = "15min"

_ROWS = """
SELECT {room}::text AS room, id, epoch, at, event, actor_id, object_id, facts FROM {table}
 WHERE xid < (SELECT cut_off::text::xid8 FROM journaling_relaycursor WHERE room = {room})
"""
_COMPARE = """
WITH journal AS ({rows}),
expected AS (
    SELECT j.room, j.epoch, j.id, e.meter, e.tenant, e.at, e.quantity, j.actor_id::text AS person,
           e.meter = ANY(%(people)s::text[]) AS is_people
      FROM journal j
      CROSS JOIN LATERAL (VALUES {meters}) AS e(meter, tenant, at, quantity)
      JOIN registry_tenant t ON t.code = e.tenant AND t.kind <> 'practice'
     WHERE e.quantity IS NOT NULL AND (%(codes)s::text[] IS NULL OR e.tenant = ANY(%(codes)s::text[]))
),
counted AS (
    SELECT u.*, l.room IS NOT NULL AS is_lost,
           row_number() OVER (PARTITION BY u.room, u.epoch, u.journal_id, u.meter ORDER BY u.id) > 1 AS is_again
      FROM fees_usageevent u
      LEFT JOIN journaling_lostentry l
        ON l.room = u.room AND l.epoch = u.epoch AND l.journal_id = u.journal_id
     WHERE u.room = ANY(%(rooms)s::text[]) AND (%(codes)s::text[] IS NULL OR u.tenant_code = ANY(%(codes)s::text[]))
),
joined AS MATERIALIZED (
    SELECT coalesce(x.room, u.room) AS room, coalesce(x.epoch, u.epoch) AS epoch,
           coalesce(x.id, u.journal_id) AS row_id, coalesce(x.meter, u.meter) AS meter,
           coalesce(x.tenant, u.tenant_code) AS tenant, x.id IS NOT NULL AS has_row, u.id IS NOT NULL AS has_use,
           coalesce(u.is_lost, false) AS is_lost, coalesce(u.is_again, false) AS is_again, x.is_people, x.person,
           u.subject, x.tenant AS row_tenant, u.tenant_code, x.at, u.at AS use_at, x.quantity,
           u.quantity AS use_quantity,
           date_trunc('month', x.at AT TIME ZONE 'Asia/Shanghai')::date AS month, u.month AS use_month
      FROM expected x FULL JOIN counted u
        ON u.room = x.room AND u.epoch = x.epoch AND u.journal_id = x.id AND u.meter = x.meter
),
-- A person counts by the first row of a month and epoch that names him: the others need no use of their own.
people AS (
    SELECT room, epoch, min(row_id) AS row_id, meter, tenant, bool_or(has_use) AS has_use, person
      FROM joined WHERE is_people GROUP BY room, epoch, meter, tenant, month, person
),
found AS (
    SELECT *, CASE
        WHEN meter <> ALL(%(known)s::text[]) THEN 'unknown_meter'
        WHEN is_again THEN 'use_twice'
        WHEN NOT has_row AND NOT is_lost THEN 'use_without_row'
        WHEN NOT has_row THEN NULL
        WHEN NOT has_use THEN CASE WHEN NOT is_people THEN 'row_without_use' END
        WHEN is_lost THEN 'row_marked_lost'
        WHEN row_tenant <> tenant_code THEN 'wrong_mall'
        WHEN at <> use_at THEN 'wrong_moment'
        WHEN month <> use_month THEN 'wrong_month'
        WHEN quantity <> use_quantity THEN 'wrong_quantity'
        WHEN is_people AND person IS DISTINCT FROM subject THEN 'wrong_person'
        END AS kind FROM joined
)
SELECT NULL, NULL, NULL, NULL, NULL, NULL,
       (SELECT count(*) FROM joined WHERE has_row AND NOT is_people AND NOT is_again) + (SELECT count(*) FROM people),
       (SELECT count(*) FROM joined WHERE has_use)
UNION ALL
(SELECT tenant, kind, meter, concat_ws('/', room, epoch, row_id),
        CASE kind WHEN 'wrong_mall' THEN row_tenant WHEN 'wrong_moment' THEN at::text
                  WHEN 'wrong_month' THEN month::text WHEN 'wrong_person' THEN person
                  WHEN 'use_without_row' THEN '' WHEN 'unknown_meter' THEN '' WHEN 'use_twice' THEN ''
                  ELSE trim_scale(quantity)::text END,
        CASE kind WHEN 'wrong_mall' THEN tenant_code WHEN 'wrong_moment' THEN use_at::text
                  WHEN 'wrong_month' THEN use_month::text WHEN 'wrong_person' THEN subject
                  WHEN 'row_without_use' THEN '' ELSE trim_scale(use_quantity)::text END,
        1, 1
   FROM found WHERE kind IS NOT NULL ORDER BY room, epoch, row_id, meter)
UNION ALL
(SELECT tenant, 'row_without_use', meter, concat_ws('/', room, epoch, row_id), person, '', 1, 1
   FROM people WHERE NOT has_use ORDER BY room, epoch, row_id)
"""


def compare_journals(*, rooms: Sequence[tuple[str, str]], codes: Collection[str] | None = None) -> Compared:
    """Journal rows of the rooms (name and schema) that the relay is through with, against the uses of those rooms."""
    parts = {
        is_region: [pair for pair in rooms if (pair[0] == REGION_ROOM) is is_region] for is_region in (False, True)
    }
    found = [_compared(pairs, codes, in_region=in_region) for in_region, pairs in parts.items() if pairs]
    return Compared(
        sum(one.rows for one in found),
        sum(one.uses for one in found),
        tuple(difference for one in found for difference in one.differences),
    )


def _compared(rooms: Sequence[tuple[str, str]], codes: Collection[str] | None, *, in_region: bool) -> Compared:
    rows = sql.SQL(" UNION ALL ").join(
        sql.SQL(_ROWS).format(room=sql.Literal(room), table=table_of(room, schema)) for room, schema in rooms
    )
    meters = [found for meter in METERS.values() if (found := _expected(meter, in_region=in_region)) is not None]
    statement = sql.SQL(_COMPARE).format(rows=rows, meters=sql.SQL(", ").join(meters))
    values = {
        "rooms": [room for room, _ in rooms],
        "codes": None if codes is None else list(codes),
        "known": list(METERS),
        "people": [meter.code for meter in METERS.values() if meter.counting == Counting.DISTINCT],
    }
    with region_as(RELAY), region_atomic(), connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [_STATEMENT_TIMEOUT])
        cursor.execute(statement, values)
        (*_, row_count, use_count), *found = cursor.fetchall()
    return Compared(
        row_count,
        use_count,
        tuple(
            Difference(tenant, DifferenceKind(kind), meter, reference, expected or "", got or "")
            for tenant, kind, meter, reference, expected, got, _, _ in found
        ),
    )


def _expected(meter: Meter, *, in_region: bool) -> sql.Composable | None:
    """What a journal row adds to the meter: its mall, moment and quantity, null where it does not count."""
    sources = [source for source in meter.sources if bool(source.tenant_fact) is in_region]
    if not sources:
        return None
    fits = [(_fits(source, meter), source) for source in sources]

    def first(value: Callable[[Source], sql.Composable]) -> sql.Composable:
        arms = [sql.SQL("WHEN {} THEN {}").format(condition, value(source)) for condition, source in fits]
        return sql.SQL("CASE {} END").format(sql.SQL(" ").join(arms))

    return sql.SQL("({}::text, {}, {}, {})").format(
        sql.Literal(meter.code), first(_tenant), first(_moment), first(_quantity)
    )


def _fits(source: Source, meter: Meter) -> sql.Composable:
    conditions = [] if source.event == ANY_EVENT else [sql.SQL("j.event = {}").format(sql.Literal(source.event))]
    conditions += [
        sql.SQL("j.facts->>{} = {}").format(sql.Literal(name), sql.Literal(value)) for name, value in source.where
    ]
    if source.fact:
        conditions.append(sql.SQL("j.facts->>{} IS NOT NULL").format(sql.Literal(source.fact)))
    if meter.counting == Counting.DISTINCT:
        conditions.append(sql.SQL("j.actor_id IS NOT NULL"))
    return sql.SQL(" AND ").join(conditions)


def _tenant(source: Source) -> sql.Composable:
    if not source.tenant_fact:
        return sql.SQL("j.room")
    if source.tenant_fact == OF_OBJECT:
        return sql.SQL("j.object_id::text")
    return sql.SQL("j.facts->>{}").format(sql.Literal(source.tenant_fact))


def _moment(source: Source) -> sql.Composable:
    if source.moment_fact:
        return sql.SQL("(j.facts->>{})::timestamptz").format(sql.Literal(source.moment_fact))
    return sql.SQL("j.at")


def _quantity(source: Source) -> sql.Composable:
    if not source.fact:
        return sql.SQL("{}::numeric").format(sql.Literal(source.sign))
    return sql.SQL("{} * (j.facts->>{})::numeric").format(sql.Literal(source.sign), sql.Literal(source.fact))
