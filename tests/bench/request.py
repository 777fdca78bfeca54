"""`request`: what tenancy adds to a page of five SELECTs."""

from __future__ import annotations

import statistics
from contextlib import ExitStack
from typing import Any

from psycopg2 import sql

from tests.bench import databases
from tests.bench.harness import Figure, Measurement, RunRound, Side, figure, interleave
from tests.bench.options import Options
from tests.bench.processor import tree_seconds
from tests.bench.progress import say
from tests.bench.request_site import CARTS, LINES, UNITS, USER
from tests.bench.request_site.counting import COUNT
from tests.bench.workers import Worker

BENCH = "request"
WORKER = "tests.bench.request_site.worker"
DEFAULT_SIZE = 113
BUSY = 113  # as many tenants are visited in turn, however many there are
KEPT = 128  # connections a process keeps, so that every busy tenant has one
REQUESTS = 678  # a round and side
COLD_REQUESTS = 226
COUNTED = 226

WHAT = (
    "the WSGI application called in one process, no HTTP; a page of five SELECTs and a template, {busy} of {size} "
    "tenants in turn, each with a kept connection. limit: one schema in a database of its own, plain Django, no "
    "tenancy; peer: stock django-tenants over the very schemas of ours"
)


def _codes(count: int) -> list[str]:
    return [f"98{number:04}" for number in range(count)]


def run(options: Options) -> list[Figure]:
    size = options.size or DEFAULT_SIZE
    codes = _codes(size)
    busy = codes[:BUSY]
    many, alone = databases.create("request_many"), databases.create("request_alone")
    with ExitStack() as stack:
        for database, wanted in ((many, codes), (alone, codes[:1])):
            with Worker("tests.bench.provisioning_ours", environment=databases.environment(database)) as maker:
                maker.call("prepare", codes=wanted)
                seconds = maker.call("fill", codes=wanted)
            say(f"{BENCH}: {len(wanted)} tenants in {seconds:.0f} s")
            _fill_rows(database, [f"t{code}" for code in wanted[:BUSY]])
        hosts = [f"{code}.localhost" for code in busy]

        def environment(site: str, database: str, **extra: str) -> dict[str, str]:
            return {
                **databases.environment(database),
                "DJANGO_SETTINGS_MODULE": f"tests.bench.request_site.{site}",
                "YZ_BENCH_KEPT": str(KEPT),
                **extra,
            }

        def worker(site: str, database: str, **extra: str) -> Worker:
            found = stack.enter_context(Worker(WORKER, environment=environment(site, database, **extra)))
            found.call("begin")
            return found

        ours, cold = worker("ours", many), worker("ours", many, YZ_BENCH_KEPT="1")
        limit, peer = worker("alone", alone), worker("stock", many)
        peer.call("add_hosts", schemas={host: f"t{code}" for host, code in zip(hosts, busy, strict=True)})
        counts = {
            side: _statements(environment(site, database, **{COUNT: "1"}), hosts)
            for side, site, database in (("ours", "ours", many), ("limit", "alone", alone), ("peer", "stock", many))
        }
        for each in (ours, cold, limit, peer):
            each.call("visit", hosts=hosts, count=2 * len(hosts))  # warm
        server = databases.postmaster()
        warm_round = _side(ours, hosts, REQUESTS, server)
        cold_round = _side(cold, hosts, COLD_REQUESTS, server)

        def ours_round(number: int) -> Measurement:
            return {**warm_round(number), **{f"cold {name}": value for name, value in cold_round(number).items()}}

        sides: dict[Side, RunRound] = {
            "ours": ours_round,
            "limit": _side(limit, hosts, REQUESTS, server),
            "peer": _side(peer, hosts, REQUESTS, server),
        }
        samples = interleave(sides, rounds=options.rounds, label=BENCH)
    return _figures(samples, counts, size=size)


def _side(worker: Worker, hosts: list[str], count: int, server: int) -> RunRound:
    def run_round(number: int) -> Measurement:
        databases.checkpoint()
        web, database = tree_seconds(worker.pid), tree_seconds(server)
        said = worker.call("visit", hosts=hosts, count=count)
        web, database = tree_seconds(worker.pid) - web, tree_seconds(server) - database
        return {
            "rate": count / said["seconds"],
            "cpu": (web + database) * 1000 / count,
            "cpu web": web * 1000 / count,
            "cpu database": database * 1000 / count,
        }

    return run_round


def _statements(environment: dict[str, str], hosts: list[str]) -> float:
    """Statements a request in a warm process, whoever sends them."""
    with Worker(WORKER, environment=environment) as worker:
        worker.call("begin")
        worker.call("visit", hosts=hosts, count=len(hosts))
        said: dict[str, float] = worker.call("visit", hosts=hosts, count=COUNTED)
        return said["statements"]


def _fill_rows(database: str, schemas: list[str]) -> None:
    """The same rows in every schema that is visited."""
    with databases.admin(database) as connection, connection.cursor() as cursor:
        for schema in schemas:
            cursor.execute(
                sql.SQL(_ROWS).format(schema=sql.Identifier(schema)),
                {"units": UNITS, "carts": CARTS, "lines": LINES, "user": USER},
            )


_ROWS = """
INSERT INTO {schema}.storefront_shelf (id, categories, excluded_supplier_ids, chosen_at, chosen_by_name, version)
VALUES (1, '[]', '[]', now(), '', 1);
INSERT INTO {schema}.budgets_budgetunit (code, name, organisation_id, is_active, created_at)
SELECT lpad(n::text, 3, '0'), 'unit ' || n, n, true, now() FROM generate_series(1, %(units)s) n;
INSERT INTO {schema}.storefront_cart (user_id, unit_id, used_at)
SELECT %(user)s, n, now() FROM generate_series(1, %(carts)s) n;
INSERT INTO {schema}.storefront_cartline (cart_id, offer_id, supplier_id, quantity, seen_price, added_at)
SELECT c.id, n, 1, n, 12.30, now() FROM {schema}.storefront_cart c, generate_series(1, %(lines)s) n;
ANALYZE {schema}.storefront_shelf, {schema}.budgets_budgetunit, {schema}.storefront_cart, {schema}.storefront_cartline
"""


def _figures(samples: dict[str, Any], counts: dict[str, float], *, size: int) -> list[Figure]:
    what = WHAT.format(busy=min(size, BUSY), size=size)
    suffix = "" if size == DEFAULT_SIZE else f"_at_{size}"

    def parts(side: str, prefix: str = "") -> str:
        web, database = (statistics.median(samples[f"{prefix}cpu {part}"][side]) for part in ("web", "database"))
        return f"{web:.2f} and {database:.2f}"

    return [
        figure(bench=BENCH, name=f"page_5_selects{suffix}", unit="per second", samples=samples["rate"], notes=what),
        figure(
            bench=BENCH,
            name=f"page_5_selects{suffix}_cpu",
            unit="ms of CPU",
            samples=samples["cpu"],
            notes=f"web process and database (ours {parts('ours')}, limit {parts('limit')}, peer {parts('peer')})",
        ),
        figure(
            bench=BENCH,
            name=f"page_5_selects{suffix}_sql",
            unit="statements",
            samples={side: [count] for side, count in counts.items()},
            notes="all that the process sends, the selecting of a tenant included, in a warm process",
        ),
        figure(
            bench=BENCH,
            name=f"page_5_selects{suffix}_cold",
            unit="ms of CPU",
            samples={"ours": samples["cold cpu"]["ours"], "limit": samples["cpu"]["limit"]},
            notes=(
                "the tenant has no kept connection: login, five SELECTs and a new backend's empty caches (web and "
                f"database {parts('ours', 'cold ')})"
            ),
        ),
    ]
