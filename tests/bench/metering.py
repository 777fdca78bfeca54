"""`metering`: from journal rows to a priced month, what that costs an order, and a year of many malls."""

from __future__ import annotations

from contextlib import ExitStack

from tests.bench import databases
from tests.bench.harness import Figure, Measurement, figure, interleave
from tests.bench.metering_order import ORDERS_A_ROUND
from tests.bench.options import Options
from tests.bench.processor import tree_seconds
from tests.bench.progress import say
from tests.bench.workers import Worker

BENCH = "metering"
EVENTS = 50_000
PEER_EVENTS = 2_000
MALL = "980001"
# The simulated year: a small one among all benchmarks, with `--size` the region's.
FEW_MALLS, FEW_EVENTS = 12, 24_000
MALLS = 113


def run(options: Options) -> list[Figure]:
    return [*_order(options), *_events(options), *_year(options)]


def _events(options: Options) -> list[Figure]:
    environment = databases.environment(databases.create("metering"))
    server = databases.postmaster()
    with ExitStack() as stack:
        ours = stack.enter_context(Worker("tests.bench.metering_ours", environment=environment))
        ours.call("prepare", codes=[MALL])
        # The limit's and the peer's rows are those of a first batch, metered our way.
        ours.call("write_events", first=1, last=EVENTS)
        ours.call("meter", first=1, last=EVENTS)
        uses = ours.call("prepare_rows", events=EVENTS)

        def metered(number: int) -> Measurement:
            first = (number + 1) * EVENTS + 1
            ours.call("write_events", first=first, last=first + EVENTS - 1)
            databases.checkpoint()
            before = tree_seconds(ours.pid) + tree_seconds(server)
            seconds = ours.call("meter", first=first, last=first + EVENTS - 1)
            spent = tree_seconds(ours.pid) + tree_seconds(server) - before
            return {"rate": EVENTS / seconds, "cpu": spent / EVENTS * 1e6}

        def copied(_number: int) -> Measurement:
            ours.call("prepare_copy")
            databases.checkpoint()
            before = tree_seconds(ours.pid) + tree_seconds(server)
            seconds = ours.call("copy")
            spent = tree_seconds(ours.pid) + tree_seconds(server) - before
            return {"rate": EVENTS / seconds, "cpu": spent / EVENTS * 1e6}

        def one_by_one(_number: int) -> Measurement:
            databases.checkpoint()
            before = tree_seconds(ours.pid) + tree_seconds(server)
            seconds = ours.call("one_by_one", events=PEER_EVENTS)
            spent = tree_seconds(ours.pid) + tree_seconds(server) - before
            return {"rate": PEER_EVENTS / seconds, "cpu": spent / PEER_EVENTS * 1e6}

        samples = interleave({"ours": metered, "limit": copied, "peer": one_by_one}, rounds=options.rounds, label=BENCH)
    return [
        figure(
            bench=BENCH, name="events_to_priced", unit="per second", samples=samples["rate"],
            notes=f"{EVENTS} orders' journal rows relayed in batches of 1,000 with their receipts, each counted on "
            f"every meter ({uses} uses), and the month priced; limit: COPY of those uses into a bare table and one "
            f"INSERT of it, constraints and indexes in place; peer: {PEER_EVENTS} events, a transaction each, asked "
            "first whether it is there",
        ),
        figure(
            bench=BENCH, name="events_to_priced_cpu", unit="µs of CPU", samples=samples["cpu"],
            notes="the process and the whole database server",
        ),
    ]  # fmt: skip


def _order(options: Options) -> list[Figure]:
    environment = databases.environment(databases.create("metering_order"))
    server = databases.postmaster()
    with ExitStack() as stack:
        ours = stack.enter_context(Worker("tests.bench.metering_ours", environment=environment))
        ours.call("prepare_order")

        def cost(number: int, *, journal: bool) -> Measurement:
            databases.checkpoint()
            before = tree_seconds(server)
            found = ours.call("order_cost", journal=journal)
            database = (tree_seconds(server) - before) / ORDERS_A_ROUND
            return {
                "cpu": (found["process"] + database) * 1000, "meters": found["meters"] * 1000,
                "statements": found["statements"], "wal": found["wal"] / 1024,
            }  # fmt: skip

        samples = interleave(
            {
                "ours": lambda number: cost(number, journal=True),
                "limit": lambda number: cost(number, journal=False),
            },
            rounds=options.rounds,
            label=f"{BENCH}: orders",
        )
    meters = sorted(samples["meters"]["ours"])[len(samples["meters"]["ours"]) // 2]
    return [
        figure(
            bench=BENCH, name="cost_on_order", unit="ms of CPU", samples=samples["cpu"],
            notes="an order submitted and approved by the API, journal rows relayed and metered, the process and the "
            f"whole database server; limit: the same without journal and meters. Of it the relay's process: "
            f"{meters:.2f} ms",
        ),
        figure(
            bench=BENCH, name="cost_on_order_statements", unit="statements", samples=samples["statements"],
            notes="submit and approve, and the relay's share of its batch",
        ),
        figure(
            bench=BENCH, name="cost_on_order_wal", unit="KB", samples=samples["wal"],
            notes="what the order, its journal rows, receipts and uses write ahead",
        ),
    ]  # fmt: skip


def _year(options: Options) -> list[Figure]:
    environment = databases.environment(databases.create("metering_year"))
    malls, size = (MALLS, options.size) if options.size else (FEW_MALLS, FEW_EVENTS)
    codes = [f"98{number:04}" for number in range(1, malls + 1)]
    with ExitStack() as stack:
        ours = stack.enter_context(Worker("tests.bench.metering_ours", environment=environment))
        ours.call("prepare", codes=codes)
        events = ours.call("prepare_year", codes=codes, events=size)
        say(f"{BENCH}: a year of {malls} malls, {events} journal rows")
        # A process of its own: its memory is the year's.
        year = stack.enter_context(Worker("tests.bench.metering_ours", environment=environment))
        found = year.call("simulate_year", codes=codes)
    if found["total"] != found["by_hand"] or found["differences"]:
        raise RuntimeError(f"the year does not add up: {found}")
    parts = ", ".join(f"{name} {seconds:.0f}" for name, seconds in found["seconds"].items())
    return [
        figure(
            bench=BENCH, name="simulated_year", unit="minutes",
            samples={"ours": [sum(found["seconds"].values()) / 60]},
            notes=f"{events} events of {malls} malls, {found['uses']} uses, {found['statements']} statements that name "
            f"{found['named']} of them, issued; their total {found['total']} yuan is the journals' own by SQL, 0 "
            f"differences. Seconds: {parts}",
        ),
        figure(
            bench=BENCH, name="simulated_year_memory", unit="MB", samples={"ours": [found["memory"]]},
            notes="the largest the process became that did all of it",
        ),
    ]  # fmt: skip
