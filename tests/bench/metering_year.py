"""A year of many malls: journals of two million events, metered, closed month by month, issued, compared.

The independent sum reads the journals alone and prices them in SQL: it knows nothing of uses, lines and statements.
"""

from __future__ import annotations

import resource
import time
from datetime import date
from decimal import Decimal
from typing import Any

YEAR = 2025
MONTHS = tuple(date(YEAR, month, 1) for month in range(1, 13))

# By hundreds: 60 orders placed, 20 files, 20 steps that count nobody but the person.
_EVENTS = """
INSERT INTO {schema}.journal_journalentry
       (epoch, xid, at, actor_id, actor_name, organisation_name, event, event_version, object_type, object_id, facts)
SELECT 1, pg_current_xact_id(), timestamptz '2025-01-01 00:00+08' + n * interval '1 second' * %(step)s,
       (n * 31) %% 400 + 1, '测试', '',
       CASE WHEN n %% 100 < 60 THEN 'orders.approved' WHEN n %% 100 < 80 THEN 'files.stored'
            ELSE 'orders.shipped' END, 1, 'order', n::text,
       CASE WHEN n %% 100 < 60 THEN jsonb_build_object('order_number', 'DD' || n, 'unit_name', '第一中学（测试）',
            'supplier_name', '测试供应商',
            'total', ((n * 7919::bigint + %(seed)s) %% 1000000 / 100.0)::numeric(12,2)::text)
            WHEN n %% 100 < 80 THEN jsonb_build_object('size_bytes', (n * 104729::bigint) %% 20000000, 'kind', 'pdf',
            'purpose', 'test') ELSE '{{}}'::jsonb END
  FROM generate_series(%(first)s::int, %(last)s::int) n
"""
_LIVE = """
INSERT INTO {schema}.journal_journalentry
       (epoch, xid, at, actor_id, actor_name, organisation_name, event, event_version, object_type, object_id, facts)
VALUES (1, pg_current_xact_id(), timestamptz '2025-01-01 00:00+08' + interval '1 day' * %(day)s, NULL, '', '',
        'policies.went_live', 1, 'mall', %(code)s, '{{}}')
"""
# One mall's year by its journal: 2 yuan an order after the first, half a thousandth of the value above 1,000 yuan,
# 1.50 a person, 3.00 a GB-month, and 500.00 a month by the days it was live.
_BY_HAND = """
WITH months AS (
    SELECT m::date AS month, (m::date + interval '1 month')::date AS following,
           m::timestamp AT TIME ZONE 'Asia/Shanghai' AS begins,
           (m + interval '1 month')::timestamp AT TIME ZONE 'Asia/Shanghai' AS ends
      FROM generate_series(timestamp '2025-01-01', timestamp '2025-12-01', interval '1 month') m
), used AS (
    SELECT date_trunc('month', at AT TIME ZONE 'Asia/Shanghai')::date AS month,
           count(*) FILTER (WHERE event = 'orders.approved') AS orders,
           coalesce(sum((facts->>'total')::numeric) FILTER (WHERE event = 'orders.approved'), 0) AS value,
           count(DISTINCT actor_id) AS people
      FROM {schema}.journal_journalentry GROUP BY 1
), files AS (
    SELECT at, (facts->>'size_bytes')::numeric AS bytes FROM {schema}.journal_journalentry WHERE event = 'files.stored'
), kept AS (
    SELECT m.month, round(sum(f.bytes * extract(epoch FROM m.ends - greatest(f.at, m.begins)))
                          / extract(epoch FROM m.ends - m.begins) / 1000000000, 4) AS gb
      FROM months m JOIN files f ON f.at < m.ends GROUP BY m.month, m.ends, m.begins
), live AS (
    SELECT m.month, round((m.following - greatest(l.on_day, m.month))::numeric / (m.following - m.month), 4) AS part
      FROM months m JOIN (SELECT (at AT TIME ZONE 'Asia/Shanghai')::date AS on_day FROM {schema}.journal_journalentry
                           WHERE event = 'policies.went_live') l ON l.on_day < m.following
)
SELECT coalesce(sum(round(greatest(u.orders - 1, 0) * 2.0, 2) + round(greatest(u.value - 1000, 0) * 0.0005, 2)
                    + round(u.people * 1.50, 2) + round(coalesce(k.gb, 0) * 3.00, 2)
                    + round(coalesce(l.part, 0) * 500.00, 2)), 0)
  FROM months m JOIN used u USING (month) LEFT JOIN kept k USING (month) LEFT JOIN live l USING (month)
"""
CHUNK_ROWS = 500


def prepare_year(codes: list[str], events: int) -> int:
    """A tariff, rules, and the year's journal rows, shared out evenly; returns how many there are."""
    from django.conf import settings
    from django.db import connections

    from shared_apps.fees.rules.terms import Price, PriceKind
    from tenants.database.context import region_as
    from tests.factories.fees import PRICES, make_tariff
    from tests.factories.rules import shipped_rules

    shipped_rules()
    more = (
        Price("active_users", PriceKind.PER_UNIT, Decimal("1.5")),
        Price("storage", PriceKind.PER_UNIT, Decimal(3)),
        Price("mall_live", PriceKind.PER_UNIT, Decimal(500)),
    )
    make_tariff(date(YEAR, 1, 1), version=2, prices=(*PRICES, *more))
    each = events // len(codes)
    step = Decimal(365 * 86_400 - 1) / each
    with region_as(settings.YZ_OWNER_ROLE), connections["default"].cursor() as cursor:
        for place, code in enumerate(codes):
            schema = f"t{code}"
            cursor.execute(_LIVE.format(schema=schema), {"code": code, "day": place % 60})
            for first in range(1, each + 1, CHUNK_ROWS):
                last = min(first + CHUNK_ROWS - 1, each)
                cursor.execute(
                    _EVENTS.format(schema=schema), {"first": first, "last": last, "step": step, "seed": place * 137}
                )
    return len(codes) * each


def simulate_year(codes: list[str]) -> dict[str, Any]:
    """Meters, closes, issues and compares the year; seconds of each part, totals of both ways, memory in MB."""
    from django.conf import settings
    from django.db import connections
    from django.db.models import Sum

    from kernel.actor import SYSTEM
    from kernel.clock import utc_now
    from shared_apps.fees.models import FeeStatement, StatementUse, UsageEvent
    from shared_apps.fees.services.reconciling import steps
    from shared_apps.fees.services.statements import close_month, issue_statements
    from tenants.database.context import region_as
    from tenants.journaling.consumers import REGION_ROOM
    from tenants.journaling.relay import drain
    from tests.bench.metering_ours import only_meters
    from tests.factories.fees import region_staff

    only_meters()
    seconds: dict[str, float] = {}
    began = time.perf_counter()

    def lap(name: str) -> None:
        nonlocal began
        seconds[name], began = time.perf_counter() - began, time.perf_counter()

    for code in codes:
        drain(room=code, schema=f"t{code}", now=utc_now())
    drain(room=REGION_ROOM, schema="public", now=utc_now())
    lap("metered")
    with region_as("yz_region"):
        for month in MONTHS:
            closed = close_month(actor=SYSTEM, month=month, now=utc_now(), codes=codes)
            if closed.waiting:
                raise RuntimeError(f"{month}: {closed.waiting[:3]} wait")
        lap("priced")
        for month in MONTHS:
            ids = FeeStatement.objects.filter(month=month, state="priced").values_list("pk", flat=True)
            issue_statements(actor=region_staff(), statement_ids=list(ids), now=utc_now())
        lap("issued")
        differences = [one for step in steps() for one in step.differences]
        lap("compared")
        statements = FeeStatement.objects.filter(tenant_code__in=codes, month__in=MONTHS)
        total = statements.aggregate(total=Sum("total"))["total"]
        counted = {"statements": statements.count(), "uses": UsageEvent.objects.count()}
        counted["named"] = StatementUse.objects.count()
    by_hand = Decimal(0)
    with region_as(settings.YZ_OWNER_ROLE), connections["default"].cursor() as cursor:
        for code in codes:
            cursor.execute(_BY_HAND.format(schema=f"t{code}"))
            by_hand += cursor.fetchone()[0]
    lap("by hand")
    return {
        "seconds": seconds, "total": str(total), "by_hand": str(by_hand), "differences": len(differences),
        "first": str(differences[:3]), **counted,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }  # fmt: skip
