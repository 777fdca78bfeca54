"""Rounds, medians and ratios: the arithmetic of every benchmark, and how its figures are shown."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

Side = Literal["ours", "limit", "peer"]
SIDES: tuple[Side, ...] = ("ours", "limit", "peer")
ROUNDS_MIN = 3

# Units of which more is better; of every other unit (times, counts) less is.
RATES = frozenset({"per second"})

# One round of one side: the figures it measured, by name.
Measurement = Mapping[str, float]
RunRound = Callable[[int], Measurement]
# figure -> side -> one value a round
Samples = dict[str, dict[str, list[float]]]


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the result. A ratio is always better when bigger; 1.0 is the limit (or the peer) itself."""

    bench: str
    figure: str
    unit: str
    ours: float
    limit: float | None
    peer: float | None
    ratio_to_limit: float | None
    ratio_to_peer: float | None
    rounds: int
    notes: str

    def as_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


def rounded(value: float | None, digits: int = 4) -> float | None:
    """Four significant digits: the noise is far above them."""
    return None if value is None else float(f"{value:.{digits}g}")


def ratio(*, unit: str, ours: float, other: float | None) -> float | None:
    """ours/other for rates and other/ours for times and counts; None without a figure to compare with."""
    if other is None:
        return None
    above, below = (ours, other) if unit in RATES else (other, ours)
    return None if below == 0 else rounded(above / below)


def interleave(sides: Mapping[Side, RunRound], *, rounds: int, label: str = "") -> Samples:
    """Runs every side once a round, each round beginning with another side, so that drift hits all of them."""
    if rounds < ROUNDS_MIN:
        raise ValueError(f"at least {ROUNDS_MIN} rounds")
    samples: Samples = {}
    order = list(sides)
    for number in range(rounds):
        turn = number % len(order)
        for side in order[turn:] + order[:turn]:
            for figure, value in sides[side](number).items():
                samples.setdefault(figure, {}).setdefault(side, []).append(value)
        if label:
            _say(f"{label}: round {number + 1} of {rounds}")
    return samples


def figure(*, bench: str, name: str, unit: str, samples: Mapping[str, Sequence[float]], notes: str = "") -> Figure:
    """The medians of one figure's rounds and their ratios. Raises KeyError when ours was not measured."""
    medians = {side: statistics.median(values) for side, values in samples.items() if values}
    ours, limit, peer = medians["ours"], medians.get("limit"), medians.get("peer")
    return Figure(
        bench=bench,
        figure=name,
        unit=unit,
        ours=rounded(ours) or 0.0,
        limit=rounded(limit),
        peer=rounded(peer),
        ratio_to_limit=ratio(unit=unit, ours=ours, other=limit),
        ratio_to_peer=ratio(unit=unit, ours=ours, other=peer),
        rounds=min(len(values) for values in samples.values() if values),
        notes=notes,
    )


def _cell(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def table(figures: Sequence[Figure]) -> str:
    """The figures as text for a terminal, notes below."""
    head = ("bench", "figure", "unit", "ours", "limit", "peer", "to limit", "to peer")
    rows = [
        (
            f.bench,
            f.figure,
            f.unit,
            *map(_cell, (f.ours, f.limit, f.peer, f.ratio_to_limit, f.ratio_to_peer)),
        )
        for f in figures
    ]
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in [head, *rows]]
    lines.insert(1, "  ".join("-" * width for width in widths))
    notes = [f"{f.figure}: {f.notes}" for f in figures if f.notes]
    return "\n".join([*(line.rstrip() for line in lines), "", *notes])


def markdown(figures: Sequence[Figure]) -> str:
    """The same as a Markdown table."""
    lines = [
        "| figure | unit | ours | limit | peer | to limit | to peer | rounds |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for f in figures:
        cells = map(_cell, (f.ours, f.limit, f.peer, f.ratio_to_limit, f.ratio_to_peer))
        lines.append(f"| `{f.figure}` | {f.unit} | {' | '.join(cells)} | {f.rounds} |")
    notes = [f"* `{f.figure}`: {f.notes}" for f in figures if f.notes]
    return "\n".join([*lines, "", *notes])


def _say(text: str) -> None:
    from tests.bench.progress import say

    say(text)
