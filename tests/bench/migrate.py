"""`migrate`: a column more in every tenant, and a run that finds nothing to do."""

from __future__ import annotations

from collections.abc import Callable

from tests.bench import databases
from tests.bench.harness import Figure, Measurement, RunRound, Side, figure, interleave
from tests.bench.options import Options
from tests.bench.processor import tree_seconds
from tests.bench.progress import say
from tests.bench.workers import Worker

BENCH = "migrate"
DEFAULT_SIZE = 113
# Stock runs take a third of a second a tenant, and are linear: these many tell the cost of one.
PEER_TENANTS_MAX = 20
ASKED_A_ROUND = 5

ADD = (
    "a nullable column in every tenant. ours: migrate_tenants with graph and plan made anew, the template brought up "
    "before, as migrate_region does; limit: the bare ALTER, one transaction a schema, one connection; peer: stock "
    "django-tenants, migrate_schemas"
)
NOTHING = (
    "ours: migrate_tenants in a process that knows its migrations; limit: one UNION ALL over the ledgers; peer: "
    "migrate_schemas"
)
CPU = "CPU of the side's own processes and of the whole database server"


def _names(prefix: str, count: int) -> list[str]:
    return [f"{prefix}{number:04}" for number in range(count)]


def run(options: Options) -> list[Figure]:
    size = options.size or DEFAULT_SIZE
    peers = min(size, PEER_TENANTS_MAX)
    fleet, stock = databases.create("fleet"), databases.create("fleet_stock")
    server = databases.postmaster()
    bare = _names("bare_", size)
    with (
        Worker("tests.bench.migrate_ours", environment=databases.environment(fleet)) as ours,
        Worker(
            "tests.bench.migrate_peer",
            environment=databases.environment(stock) | {"DJANGO_SETTINGS_MODULE": "tests.bench.peer_tenants_settings"},
        ) as peer,
    ):
        say(f"{BENCH}: making {size} tenants, {size} bare schemas and {peers} of the peer")
        tables = ours.call("prepare", codes=_names("98", size))
        ours.call("make_bare", schemas=bare)
        peer.call("prepare", schemas=_names("stock_", peers), text=ours.call("plan_sql"))

        def measured(worker: Worker, call: Callable[[], float], *, tenants: int) -> tuple[float, float]:
            """Milliseconds a tenant: of wall time, told by the worker, and of CPU, seen from outside."""
            databases.checkpoint()
            before = tree_seconds(worker.pid) + tree_seconds(server)
            seconds = call()
            spent = tree_seconds(worker.pid) + tree_seconds(server) - before
            return seconds * 1000 / tenants, spent * 1000 / tenants

        def side(
            worker: Worker, add: Callable[[int], float], nothing: Callable[[], float], *, tenants: int
        ) -> RunRound:
            def run_round(number: int) -> Measurement:
                wall, cpu = measured(worker, lambda: add(number), tenants=tenants)
                times = 1 if worker is peer else ASKED_A_ROUND
                still, still_cpu = measured(worker, nothing, tenants=tenants * times)
                return {"add": wall, "add cpu": cpu, "nothing": still, "nothing cpu": still_cpu}

            return run_round

        templates: list[float] = []

        def ours_round(number: int) -> Measurement:
            templates.append(ours.call("bring_template_up", number=number))
            return of_ours(number)

        of_ours = side(
            ours,
            lambda _: ours.call("migrate", expected=size),
            lambda: ours.call("nothing_to_do", times=ASKED_A_ROUND),
            tenants=size,
        )
        sides: dict[Side, RunRound] = {
            "ours": ours_round,
            "limit": side(
                ours,
                lambda number: ours.call("alter", schemas=bare, number=number),
                lambda: ours.call("ask", schemas=bare, times=ASKED_A_ROUND),
                tenants=size,
            ),
            "peer": side(
                peer,
                lambda number: peer.call("migrate", number=number),
                lambda: peer.call("nothing_to_do"),
                tenants=peers,
            ),
        }
        samples = interleave(sides, rounds=options.rounds, label=BENCH)
    template = f"Bringing the template up took {min(templates) * 1000:.0f} ms"
    many = f"{size} tenants of {tables} tables (peer: {peers})"
    return [
        figure(bench=BENCH, name=name, unit=unit, samples=samples[key], notes=notes)
        for name, unit, key, notes in (
            ("add_column_all", "ms a tenant", "add", f"{many}. {ADD}. {template}"),
            ("add_column_all_cpu", "ms of CPU a tenant", "add cpu", CPU),
            ("nothing_to_do", "ms a tenant", "nothing", NOTHING),
            ("nothing_to_do_cpu", "ms of CPU a tenant", "nothing cpu", CPU),
        )
    ]
