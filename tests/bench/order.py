"""`order`: an order through HTTP with all its checks, what it costs, and one budget line that everybody wants."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from tests.bench import databases, one_hot, oscar
from tests.bench.clients import run_client
from tests.bench.harness import Figure, Measurement, RunRound, Side, figure, interleave
from tests.bench.options import Options
from tests.bench.order_limit import PLACE
from tests.bench.processor import tree_seconds
from tests.bench.progress import say
from tests.bench.web import serving, without_owner
from tests.bench.workers import Worker

BENCH = "order"
DESKS = 8  # people at work at once; the limit and the peer get as many
WEB_WORKERS = 4
DEFAULT_SIZE = 160  # orders a round
WARM_UP_ORDERS = 4  # a desk
LIMIT_SECONDS = 3
STEPS = ("approve", "front page", "product list", "cart page", "order page", "order list")

CPU = (
    "CPU of the web processes and of the whole database server, clients not counted (ours: {web:.1f} ms web, "
    "{database:.1f} ms database; peer: {peer_web:.1f} and {peer_database:.1f})"
)


def run(options: Options) -> list[Figure]:
    database = databases.create("order")
    environment = databases.environment(database)
    server = databases.postmaster()
    with ExitStack() as stack:
        ours = stack.enter_context(Worker("tests.bench.order_ours", environment=environment))
        per_desk = -(-(options.size or DEFAULT_SIZE) // DESKS)
        plan = ours.call("prepare", desks=DESKS, suppliers=max(per_desk, WARM_UP_ORDERS))
        say(f"{BENCH}: county built, {DESKS} desks with {per_desk} orders a round")
        counts = _counts(ours.call("statements"))
        captured = ours.call("capture")
        url = ours.call("tenant_url", database=database)
        peer = oscar.prepared(stack, desks=DESKS)
        hot = one_hot.figures(
            bench=BENCH, ours=ours, url=url, lines=plan["lines"], order=captured["order"], rounds=options.rounds
        )
        placed = _place(ours, plan, url, per_desk, environment, server, peer, options)
    return [*_place_figures(placed, captured["rows"], peer), *_count_figures(counts, peer), *hot]


# -- counts -----------------------------------------------------------------------------------------------------------
def _counts(statements: dict[str, list[str]]) -> dict[str, int]:
    return {step: len(found) for step, found in statements.items()}


def _count_figures(counts: dict[str, int], peer: oscar.Peer) -> list[Figure]:
    once = "in a warm process, session, membership and posts included, BEGIN and COMMIT not"
    of_peer = [float(peer.statements)] if peer.statements else []
    without = f"{counts['submit without key']} and {counts['approve without key']}"
    steps = ", ".join(f"{step} {counts[step]}" for step in STEPS)
    return [
        figure(
            bench=BENCH,
            name="sql_per_submit",
            unit="statements",
            samples={"ours": [float(counts["submit"])], "peer": of_peer},
            notes=f"{once}; with an idempotency key (submit and approve without: {without}); peer: its one request",
        ),
        figure(
            bench=BENCH,
            name="sql_per_step",
            unit="statements",
            samples={"ours": [float(max(counts[step] for step in STEPS))]},
            notes=f"the most of: {steps}",
        ),
    ]


# -- placing orders ---------------------------------------------------------------------------------------------------
def _measured(server: int, web: int | None, work: Callable[[], tuple[int, float]]) -> Measurement:
    """Rate and CPU of `work`, which returns orders placed and seconds taken."""
    databases.checkpoint()
    database_before, web_before = tree_seconds(server), tree_seconds(web) if web else 0.0
    placed, seconds = work()
    database = (tree_seconds(server) - database_before) * 1000 / placed
    on_web = ((tree_seconds(web) - web_before) * 1000 / placed) if web else 0.0
    return {"rate": placed / seconds, "cpu": database + on_web, "cpu web": on_web, "cpu database": database}


def _place(
    ours: Worker,
    plan: dict[str, Any],
    url: str,
    per_desk: int,
    environment: dict[str, str],
    server: int,
    peer: oscar.Peer,
    options: Options,
) -> dict[str, dict[str, list[float]]]:
    lines = plan["lines"]
    script = f"\\set desk random(1, {len(lines)})\nSELECT {PLACE}((ARRAY{lines}::bigint[])[:desk]);\n"
    with (
        serving("config.wsgi:application", environment=without_owner(environment), workers=WEB_WORKERS) as web,
        databases.script(script) as place,
    ):
        asked = {"port": web.port, "host": plan["host"], "desks": plan["desks"]}
        ours.call("refill")
        run_client("tests.bench.order_client", {**asked, "orders": WARM_UP_ORDERS})

        def ours_round(number: int) -> Measurement:
            ours.call("refill")
            extra: dict[str, float] = {}

            def work() -> tuple[int, float]:
                said = run_client("tests.bench.order_client", {**asked, "orders": per_desk})
                extra.update(submit=said["submit_ms"], approve=said["approve_ms"])
                return said["placed"], said["seconds"]

            return {**_measured(server, web.pid, work), **extra}

        def limit_round(number: int) -> Measurement:
            def work() -> tuple[int, float]:
                said = databases.pgbench(script=place, url=url, clients=DESKS, seconds=LIMIT_SECONDS)
                return databases.pgbench_count(said), databases.pgbench_count(said) / databases.pgbench_rate(said)

            return _measured(server, None, work)

        def peer_round(number: int) -> Measurement:
            customers = peer.refill()
            return _measured(server, peer.web.pid if peer.web else None, lambda: peer.place(customers))

        sides: dict[Side, RunRound] = {"ours": ours_round, "limit": limit_round}
        if peer.web:
            sides["peer"] = peer_round
        return interleave(sides, rounds=options.rounds, label=f"{BENCH}: placing")


def _middle(values: list[float]) -> float:
    return statistics.median(values) if values else 0.0


def _place_figures(samples: dict[str, dict[str, list[float]]], rows: int, peer: oscar.Peer) -> list[Figure]:
    submit, approve = _middle(samples["submit"]["ours"]), _middle(samples["approve"]["ours"])
    parts = {
        f"{prefix}{part}": _middle(samples[f"cpu {part}"].get(side, []))
        for side, prefix in (("ours", ""), ("peer", "peer_"))
        for part in ("web", "database")
    }
    return [
        figure(
            bench=BENCH,
            name="place_order_http",
            unit="per second",
            samples=samples["rate"],
            notes=(
                f"ours: two requests an order, submit ({submit:.0f} ms) and approve ({approve:.0f} ms) by two people, "
                f"{DESKS} at once on {WEB_WORKERS} sync workers; limit: one function call for the same {rows} rows, "
                f"{DESKS} clients; peer: {peer.notes}"
            ),
        ),
        figure(bench=BENCH, name="cpu_per_order", unit="ms of CPU", samples=samples["cpu"], notes=CPU.format(**parts)),
    ]
