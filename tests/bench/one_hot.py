"""The part of `order` about one budget line that everybody wants at once."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from pathlib import Path

from tests.bench import databases
from tests.bench.harness import Figure, Measurement, RunRound, Side, figure, interleave
from tests.bench.order_limit import HOT
from tests.bench.workers import Worker

SECONDS = 2
CLIENTS = (8, 24)


def figures(*, bench: str, ours: Worker, url: str, lines: Sequence[int], order: int, rounds: int) -> list[Figure]:
    """One figure for each number of clients. `order` is a placed order, whose facts the journal rows carry."""
    with databases.script(f"SELECT {HOT}({lines[0]});\n") as script:
        return [_figure(bench, ours, url, script, lines, order, clients=clients, rounds=rounds) for clients in CLIENTS]


def _figure(
    bench: str, ours: Worker, url: str, script: Path, lines: Sequence[int], order: int, *, clients: int, rounds: int
) -> Figure:
    def heat(way: str, on: Sequence[int]) -> float:
        databases.checkpoint()
        return float(ours.call("heat", way=way, clients=clients, seconds=SECONDS, lines=on, order=order))

    def ours_round(number: int) -> Measurement:
        return {"rate": heat("ours", lines[:1]), "apart": heat("ours", lines)}

    def peer_round(number: int) -> Measurement:
        return {"rate": heat("naive", lines[:1])}

    def limit_round(number: int) -> Measurement:
        databases.checkpoint()
        said = databases.pgbench(script=script, url=url, clients=clients, seconds=SECONDS)
        return {"rate": databases.pgbench_rate(said)}

    sides: dict[Side, RunRound] = {"ours": ours_round, "limit": limit_round, "peer": peer_round}
    samples = interleave(sides, rounds=rounds, label=f"{bench}: one hot line, {clients} clients")
    apart = statistics.median(samples["apart"]["ours"])
    return figure(
        bench=bench,
        name=f"one_hot_budget_{clients}",
        unit="per second",
        samples=samples["rate"],
        notes=(
            f"{clients} processes on one budget line; a transaction is a journal row, an entry and the balance. "
            f"ours: ORM, budgets.freeze last (the same spread over {len(lines)} lines: {apart:.0f}); "
            "limit: one function; peer: the same ORM with SELECT FOR UPDATE first"
        ),
    )
