"""The worker that meters: journal rows relayed to the meters alone and priced; COPY, and one row a transaction."""

from __future__ import annotations

import io
import json
import resource
import time
from datetime import date
from typing import Any

import django

from tests.bench.metering_order import order_cost, prepare_order
from tests.bench.metering_year import prepare_year, simulate_year
from tests.bench.workers import serve

MALL = "980001"
NOVEMBER = date(2026, 11, 1)
# An order's event as the journal holds it, with an amount of its own.
_JOURNAL = """
INSERT INTO {schema}.journal_journalentry
       (epoch, xid, at, actor_id, actor_name, organisation_name, event, event_version, object_type, object_id, facts)
SELECT 1, pg_current_xact_id(), timestamptz '2026-11-01' + n * interval '1 second', n %% 50 + 1, '测试', '', %s, 1,
       'order', n::text, jsonb_build_object('order_number', 'DD' || n, 'unit_name', '第一中学（测试）',
       'supplier_name', '测试供应商', 'total', ((n * 7919) %% 1000000 / 100.0)::numeric(12,2)::text)
  FROM generate_series(%s::int, %s::int) n
"""
_COLUMNS = (
    "tenant_code", "room", "epoch", "journal_id", "meter", "at", "month", "quantity", "subject", "object_type",
    "object_id", "facts",
)  # fmt: skip


def prepare(codes: list[str]) -> None:
    from tests.bench.provisioning_ours import create
    from tests.bench.provisioning_ours import prepare as region
    from tests.factories.fees import make_tariff

    region(codes)
    create(codes)
    make_tariff()


def only_meters() -> None:
    """What else follows orders is another benchmark's: the relay of this process meters and does nothing more."""
    from tenants.journaling import consumers

    consumers._handlers.clear()


def write_events(first: int, last: int, chunk: int = 500) -> None:
    """Journal rows in transactions of `chunk`, as a busy mall commits them."""
    from django.conf import settings
    from django.db import connections

    from tenants.database.context import region_as

    with region_as(settings.YZ_OWNER_ROLE), connections["default"].cursor() as cursor:
        for start in range(first, last + 1, chunk):
            cursor.execute(_JOURNAL.format(schema=f"t{MALL}"), ["orders.approved", start, min(start + chunk - 1, last)])


def meter(first: int, last: int) -> float:
    """Relays the rows to the meters and prices the month; seconds."""
    from kernel.clock import utc_now
    from tenants.database.context import region_as
    from tenants.journaling.relay import drain

    only_meters()
    began = time.perf_counter()
    relayed = drain(room=MALL, schema=f"t{MALL}", now=utc_now())
    with region_as("yz_region"):
        priced()
    seconds = time.perf_counter() - began
    if relayed != last - first + 1:
        raise RuntimeError(f"{relayed} of {last - first + 1} rows relayed")
    return seconds


def priced() -> str:
    from shared_apps.fees.rules.pricing import price_month
    from shared_apps.fees.selectors import month_quantities
    from shared_apps.fees.selectors.terms import tariff_terms

    found = month_quantities(codes=[MALL], first=NOVEMBER, last=NOVEMBER)[MALL, NOVEMBER]
    tariff = tariff_terms(months=[NOVEMBER], ids=set()).of_month(NOVEMBER)
    bill = price_month(quantities={code: one.quantity for code, one in found.items()}, tariff=tariff, level="county")
    return str(bill.total)


_rows: list[tuple[Any, ...]] = []
_copied: list[io.StringIO] = []


def prepare_rows(events: int) -> int:
    """The uses of that many events as rows, for the sides that have no journal to read."""
    from django.db import connections

    from tenants.database.context import REGION_ALIAS, owner_of

    with owner_of("public", alias=REGION_ALIAS), connections["default"].cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(_COLUMNS)} FROM fees_usageevent WHERE journal_id IN "
            "(SELECT DISTINCT journal_id FROM fees_usageevent ORDER BY 1 LIMIT %s)",
            [events],
        )
        _rows[:] = cursor.fetchall()
        cursor.execute("DROP TABLE IF EXISTS bench_uses, bench_staged")
        cursor.execute("CREATE TABLE bench_uses (LIKE fees_usageevent INCLUDING ALL)")
        cursor.execute("CREATE TABLE bench_staged (LIKE fees_usageevent)")
        cursor.execute("ALTER TABLE bench_staged DROP COLUMN id")
    return len(_rows)


def prepare_copy() -> None:
    from django.db import connections

    from tenants.database.context import REGION_ALIAS, owner_of

    text = io.StringIO()
    for row in _rows:
        *plain, facts = row
        text.write("\t".join([*map(str, plain), json.dumps(_dict(facts), ensure_ascii=False)]) + "\n")
    _copied[:] = [text]
    text.seek(0)
    with owner_of("public", alias=REGION_ALIAS), connections["default"].cursor() as cursor:
        cursor.execute("TRUNCATE bench_uses, bench_staged")


def _dict(facts: Any) -> Any:
    return json.loads(facts) if isinstance(facts, str) else facts


def copy() -> float:
    """COPY into a bare table and one INSERT of it into one like ours, in one transaction; seconds."""
    from django.db import connections

    from tenants.database.context import REGION_ALIAS, owner_of, region_atomic

    columns = ", ".join(_COLUMNS)
    with owner_of("public", alias=REGION_ALIAS), connections["default"].cursor() as cursor:
        began = time.perf_counter()
        with region_atomic():
            cursor.copy_expert(f"COPY bench_staged ({columns}) FROM STDIN", _copied[0])
            cursor.execute(
                f"INSERT INTO bench_uses ({columns}) SELECT {columns} FROM bench_staged ON CONFLICT DO NOTHING"
            )
            if cursor.rowcount != len(_rows):
                raise RuntimeError(f"{cursor.rowcount} of {len(_rows)} rows")
        return time.perf_counter() - began


def one_by_one(events: int) -> float:
    """The usual way: each event in a transaction of its own, asked first whether it is there; seconds."""
    from django.db import connections

    from tenants.database.context import REGION_ALIAS, owner_of, region_atomic

    columns = ", ".join(_COLUMNS)
    marks = ", ".join(["%s"] * len(_COLUMNS))
    by_event: dict[int, list[tuple[Any, ...]]] = {}
    for row in _rows:
        by_event.setdefault(row[3], []).append((*row[:-1], json.dumps(_dict(row[-1]))))
    with owner_of("public", alias=REGION_ALIAS), connections["default"].cursor() as cursor:
        cursor.execute("TRUNCATE bench_uses")
        began = time.perf_counter()
        for journal_id in sorted(by_event)[:events]:
            with region_atomic():
                for row in by_event[journal_id]:
                    cursor.execute(
                        "SELECT 1 FROM bench_uses WHERE room = %s AND epoch = %s AND journal_id = %s AND meter = %s",
                        [row[1], row[2], row[3], row[4]],
                    )
                    if cursor.fetchone() is None:
                        cursor.execute(f"INSERT INTO bench_uses ({columns}) VALUES ({marks})", row)
        return time.perf_counter() - began


def memory() -> float:
    """The largest this process became, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    django.setup()
    serve(
        {
            "prepare": prepare, "write_events": write_events, "meter": meter, "prepare_rows": prepare_rows,
            "prepare_copy": prepare_copy, "copy": copy, "one_by_one": one_by_one, "memory": memory,
            "prepare_order": prepare_order, "order_cost": order_cost, "prepare_year": prepare_year,
            "simulate_year": simulate_year,
        }
    )  # fmt: skip
