"""Reading metered uses, and the quantity of a month."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from decimal import Decimal

from django.db import connections
from django.db.models import QuerySet

from kernel.meters import METERS, Counting
from shared_apps.fees.models import UsageEvent
from shared_apps.fees.rules.months import next_month
from shared_apps.fees.rules.quantities import MonthQuantity, level_quantity, month_length, shown
from tenants.database.context import REGION_ALIAS
from tenants.journaling.selectors import lost

# The uses of the wanted tenants that count, and up to which of a tenant's uses to read (null: all).
_COUNTED = """
  FROM fees_usageevent u
  LEFT JOIN unnest(%(capped)s::text[], %(caps)s::bigint[]) AS cap(code, upto) ON cap.code = u.tenant_code
 WHERE (%(codes)s::text[] IS NULL OR u.tenant_code = ANY(%(codes)s::text[]))
   AND (cap.upto IS NULL OR u.id <= cap.upto)
   AND u.meter = ANY(%(meters)s::text[]) AND u.month <= %(last)s
   AND {standing}
"""
# What stands now: every use but those that a restore took back.
_NOT_LOST = """NOT EXISTS (SELECT 1 FROM journaling_lostentry l
                    WHERE l.room = u.room AND l.epoch = u.epoch AND l.journal_id = u.journal_id)"""
# What the statements up to a month count: an even turn counts a use, an odd one counts it off.
_NAMED = """(SELECT max(n.turn) FROM fees_statementuse n JOIN fees_statementline l ON l.id = n.line_id
                    JOIN fees_feestatement s ON s.id = l.statement_id
                   WHERE n.usage_id = u.id AND s.month <= %(named_until)s) %% 2 = 0"""
_SUMS = (
    "SELECT u.tenant_code, u.month, u.meter, sum(u.quantity), count(DISTINCT NULLIF(u.subject, '')), count(*)"
    + _COUNTED
    + " AND u.month >= %(first)s GROUP BY 1, 2, 3"
)
# Changes before the first wanted month are one row: its opening.
_LEVELS = (
    "SELECT u.tenant_code, CASE WHEN u.month >= %(first)s THEN u.month END, u.meter, sum(u.quantity),"
    " sum(CASE WHEN u.month < %(first)s THEN 0 WHEN u.meter = ANY(%(by_day)s::text[])"
    " THEN u.quantity * ((u.month + interval '1 month')::date - (u.at AT TIME ZONE 'Asia/Shanghai')::date)"
    " ELSE u.quantity * extract(epoch FROM"
    " ((u.month + interval '1 month') AT TIME ZONE 'Asia/Shanghai') - u.at) END), count(*)"
    + _COUNTED
    + " GROUP BY 1, 2, 3"
)


def counted() -> QuerySet[UsageEvent]:
    """The uses that count: what a restore of a mall took back is kept, and owed by nobody."""
    return UsageEvent.objects.exclude(lost(room_field="room"))


def month_uses(month: date) -> QuerySet[UsageEvent]:
    return counted().filter(month=month)


def month_quantities(
    *,
    codes: Collection[str] | None,
    first: date,
    last: date,
    upto: Mapping[str, int] | None = None,
    named_until: date | None = None,
) -> dict[tuple[str, date], dict[str, MonthQuantity]]:
    """What every meter shows for each tenant (None: all of them) and month, both months included.

    A meter without uses or a standing level is left out. `upto` names the last use to count of a tenant. A level of
    a month that is not over counts as if it stood to its end. With `named_until`, of what the statements up to that
    month name, whatever has become of it since. Two statements, however many tenants and months.
    """
    found: dict[tuple[str, date], dict[str, MonthQuantity]] = {}
    values = {
        "codes": None if codes is None else list(codes),
        "capped": list(upto or {}),
        "caps": list((upto or {}).values()),
        "first": first,
        "last": last,
        "named_until": named_until,
    }
    standing = _NOT_LOST if named_until is None else _NAMED
    levels = [meter for meter in METERS.values() if meter.counting == Counting.LEVEL]
    others = [meter.code for meter in METERS.values() if meter.counting != Counting.LEVEL]
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(_SUMS.format(standing=standing), {**values, "meters": others})
        for code, month, key, total, subjects, events in cursor.fetchall():
            meter = METERS[key]
            sum_or_people = Decimal(subjects) if meter.counting == Counting.DISTINCT else total
            found.setdefault((code, month), {})[key] = MonthQuantity(
                key, shown(sum_or_people, meter.scale), None, events
            )
        by_day = [meter.code for meter in levels if meter.by_day]
        cursor.execute(
            _LEVELS.format(standing=standing), {**values, "meters": [meter.code for meter in levels], "by_day": by_day}
        )
        changes: dict[tuple[str, str], dict[date | None, tuple[Decimal, Decimal, int]]] = {}
        for code, wanted, key, change, lasting, events in cursor.fetchall():
            changes.setdefault((code, key), {})[wanted] = (change, lasting, events)
    for (code, key), by_month in changes.items():
        for month, quantity in _level_by_month(key, by_month, first, last):
            found.setdefault((code, month), {})[key] = quantity
    return found


def _level_by_month(
    key: str, by_month: Mapping[date | None, tuple[Decimal, Decimal, int]], first: date, last: date
) -> Iterator[tuple[date, MonthQuantity]]:
    """A level from month to month: each begins where the one before ended."""
    meter = METERS[key]
    nothing = (Decimal(0), Decimal(0), 0)
    standing = by_month.get(None, nothing)[0]
    month = first
    while month <= last:
        change, lasting, events = by_month.get(month, nothing)
        if standing or events:
            length = month_length(month, by_day=meter.by_day)
            quantity = level_quantity(opening=standing, lasting=lasting, length=length, scale=meter.scale)
            yield month, MonthQuantity(key, quantity, shown(standing, meter.scale), events)
        standing += change
        month = next_month(month)
