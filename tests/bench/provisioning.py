"""`provisioning`: what a new tenant costs, on an empty server and beside many others."""

from __future__ import annotations

from tests.bench import databases
from tests.bench.harness import Figure, Measurement, RunRound, Side, figure, interleave
from tests.bench.options import Options
from tests.bench.processor import tree_seconds
from tests.bench.progress import say
from tests.bench.workers import Worker

BENCH = "provisioning"
DEFAULT_SIZE = 113
PER_ROUND = 5
STOCK_PER_ROUND = 1  # takes seconds each

WALL = (
    "ours: login, schema, tables, grants, registry row and host in one transaction; limit: CREATE SCHEMA and the "
    "same string of DDL in one transaction; peer: stock django-tenants, create_schema with the same apps"
)
CPU = "CPU of the side's own process and of the whole database server"


def _names(prefix: str, first: int, count: int) -> list[str]:
    return [f"{prefix}{number:04}" for number in range(first, first + count)]


def _side(worker: Worker, function: str, argument: str, *, prefix: str, count: int, server: int) -> RunRound:
    """One round: `count` new names, wall time from inside the worker, CPU of it and of the server from outside."""

    def run_round(number: int) -> Measurement:
        names = _names(prefix, 1 + number * count, count)
        databases.checkpoint()
        before = tree_seconds(worker.pid) + tree_seconds(server)
        seconds = worker.call(function, **{argument: names})
        spent = tree_seconds(worker.pid) + tree_seconds(server) - before
        return {"wall": seconds * 1000 / count, "cpu": spent * 1000 / count}

    return run_round


def run(options: Options) -> list[Figure]:
    size = options.size or DEFAULT_SIZE
    measured = 1 + options.rounds * PER_ROUND
    few, many, stock = (databases.create(name) for name in ("tenants_few", "tenants_many", "tenants_stock"))
    server = databases.postmaster()
    peer_settings = {"DJANGO_SETTINGS_MODULE": "tests.bench.peer_tenants_settings"}
    with (
        Worker("tests.bench.provisioning_ours", environment=databases.environment(few)) as ours,
        Worker("tests.bench.provisioning_ours", environment=databases.environment(many)) as crowded,
        Worker("tests.bench.provisioning_peer", environment=databases.environment(stock) | peer_settings) as peer,
    ):
        tables = ours.call("prepare", codes=_names("98", 0, measured))
        crowded.call("prepare", codes=_names("98", 0, measured + size))
        peer_tables = peer.call("prepare")
        say(f"{BENCH}: {tables} tables a tenant; making {size} tenants in the crowded database")
        filling = crowded.call("create", codes=_names("98", measured, size))
        # Once each without measuring: first calls read catalogues.
        for worker in (ours, crowded):
            worker.call("create", codes=_names("98", 0, 1))
        ours.call("replay", schemas=_names("bare_", 0, 1))
        make_few = _side(ours, "create", "codes", prefix="98", count=PER_ROUND, server=server)
        make_many = _side(crowded, "create", "codes", prefix="98", count=PER_ROUND, server=server)

        def ours_round(number: int) -> Measurement:
            return {**make_few(number), **{f"crowded {name}": value for name, value in make_many(number).items()}}

        sides: dict[Side, RunRound] = {
            "ours": ours_round,
            "limit": _side(ours, "replay", "schemas", prefix="bare_", count=PER_ROUND, server=server),
            "peer": _side(peer, "create", "schemas", prefix="stock_", count=STOCK_PER_ROUND, server=server),
        }
        samples = interleave(sides, rounds=options.rounds, label=BENCH)
    flat = f"beside {size} tenants; the limit is ours among few, in the same rounds: 1.0 is flat"
    return [
        figure(
            bench=BENCH,
            name="create_tenant",
            unit="ms",
            samples=samples["wall"],
            notes=f"{tables} tables (peer {peer_tables}). {WALL}",
        ),
        figure(bench=BENCH, name="create_tenant_cpu", unit="ms of CPU", samples=samples["cpu"], notes=CPU),
        figure(
            bench=BENCH,
            name=f"create_tenant_at_{size}",
            unit="ms",
            samples={"ours": samples["crowded wall"]["ours"], "limit": samples["wall"]["ours"]},
            notes=f"{flat}. Making the {size} took {filling:.1f} s",
        ),
        figure(
            bench=BENCH,
            name=f"create_tenant_at_{size}_cpu",
            unit="ms of CPU",
            samples={"ours": samples["crowded cpu"]["ours"], "limit": samples["cpu"]["ours"]},
            notes=flat,
        ),
    ]
