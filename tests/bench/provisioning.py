"""`provisioning`: what a new tenant costs, among few and beside many others, and what the many weigh."""

from __future__ import annotations

import os
from typing import Any

from tests.bench import databases
from tests.bench.harness import Figure, Measurement, RunRound, Side, figure, interleave
from tests.bench.memory import private_megabytes, proportional_megabytes
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
        filled = _fill(crowded, _names("98", measured, size), server)
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
        weights = {name: _weights(worker) for name, worker in (("few", ours), ("many", crowded))}
    return [
        *_cost(samples, size=size, tables=tables, peer_tables=peer_tables),
        *_filling(filled, size=size, single=samples["wall"]["ours"]),
        *_weight_figures(weights, size=size),
    ]


def _cost(samples: dict[str, Any], *, size: int, tables: int, peer_tables: int) -> list[Figure]:
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
            notes=flat,
        ),
        figure(
            bench=BENCH,
            name=f"create_tenant_at_{size}_cpu",
            unit="ms of CPU",
            samples={"ours": samples["crowded cpu"]["ours"], "limit": samples["cpu"]["ours"]},
            notes=flat,
        ),
    ]


def _fill(worker: Worker, codes: list[str], server: int) -> list[Measurement]:
    """Makes the many as `bin/yz provision` does, in ten parts, so that the last can be held against the first."""
    found: list[Measurement] = []
    tenth = max(1, -(-len(codes) // 10))
    for first in range(0, len(codes), tenth):
        part = codes[first : first + tenth]
        before = tree_seconds(worker.pid) + tree_seconds(server)
        seconds = worker.call("fill", codes=part)
        spent = tree_seconds(worker.pid) + tree_seconds(server) - before
        found.append({"seconds": seconds, "wall": seconds * 1000 / len(part), "cpu": spent * 1000 / len(part)})
        say(f"{BENCH}: {first + len(part)} tenants, {found[-1]['cpu']:.0f} ms of CPU each")
    return found


def _filling(filled: list[Measurement], *, size: int, single: list[float]) -> list[Figure]:
    cores = len(os.sched_getaffinity(0))
    seconds = sum(part["seconds"] for part in filled)
    parts = ", ".join(f"{part['cpu']:.0f}" for part in filled)
    return [
        figure(
            bench=BENCH,
            name=f"provision_{size}",
            unit="ms",
            samples={"ours": [seconds * 1000 / size], "limit": [value / cores for value in single]},
            notes=(
                f"a tenant, for {size} by {cores} processes side by side, {seconds:.1f} s in all, plan and forks "
                "included; the limit is one of create_tenant divided by the cores"
            ),
        ),
        figure(
            bench=BENCH,
            name=f"provision_{size}_cpu",
            unit="ms of CPU",
            samples={"ours": [filled[-1]["cpu"]], "limit": [filled[0]["cpu"]]},
            notes=(
                f"a tenant of the last tenth, checkpoints included; the limit is one of the first tenth: 1.0 is flat. "
                f"Tenth by tenth: {parts}"
            ),
        ),
    ]


def _weights(worker: Worker) -> dict[str, float]:
    """Memory of a tenant's backend that has read all its tables, of the owner's, and the catalogue's size."""
    found: dict[str, float] = worker.call("catalogue")
    for name, function in (("tenant", "touch"), ("owner", "owner_backend")):
        pid = worker.call(function)
        found[f"{name} private"], found[f"{name} pss"] = private_megabytes(pid), proportional_megabytes(pid)
    return found


def _weight_figures(weights: dict[str, dict[str, float]], *, size: int) -> list[Figure]:
    few, many = weights["few"], weights["many"]
    more = many["schemas"] - few["schemas"]

    def each(name: str) -> float:
        return (many[name] - few[name]) / more

    def memory(who: str, notes: str) -> Figure:
        return figure(
            bench=BENCH,
            name=f"{who}_backend_at_{size}",
            unit="MB",
            samples={"ours": [many[f"{who} private"]], "limit": [few[f"{who} private"]]},
            notes=(
                f"memory of its own of one {notes}; the limit is the same among {few['schemas']:.0f} schemas (with its "
                f"share of common pages: {many[f'{who} pss']:.1f} and {few[f'{who} pss']:.1f} MB)"
            ),
        )

    return [
        figure(
            bench=BENCH,
            name=f"catalogue_at_{size}",
            unit="MB",
            samples={"ours": [many["bytes"] / 2**20]},
            notes=(
                f"pg_catalog with its indexes, {many['schemas']:.0f} schemas: {many['pg_class']:.0f} rows of pg_class, "
                f"{many['pg_attribute']:.0f} of pg_attribute, {many['pg_depend']:.0f} of pg_depend. A tenant adds "
                f"{each('pg_class'):.0f}, {each('pg_attribute'):.0f} and {each('pg_depend'):.0f} rows, "
                f"{each('bytes') / 1024:.0f} KB of catalogue and {each('database') / 1024:.0f} KB in all"
            ),
        ),
        memory("tenant", "tenant's backend that has read every table of its schema"),
        memory("owner", f"owner's backend that has made {PER_ROUND} tenants a round"),
    ]
