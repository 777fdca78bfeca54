"""The arithmetic of the benchmarks: a ratio is always better when bigger, medians, the promised keys."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.bench.harness import Figure, figure, interleave, markdown, ratio, rounded, table

KEYS = [
    "bench",
    "figure",
    "unit",
    "ours",
    "limit",
    "peer",
    "ratio_to_limit",
    "ratio_to_peer",
    "rounds",
    "notes",
]


@pytest.mark.parametrize(
    ("unit", "ours", "other", "expected"),
    [
        ("per second", 50.0, 100.0, 0.5),
        ("per second", 100.0, 10.0, 10.0),
        ("ms", 20.0, 10.0, 0.5),
        ("ms", 10.0, 300.0, 30.0),
        ("ms of CPU", 4.0, 4.0, 1.0),
        ("statements", 12.0, 72.0, 6.0),
        ("ms", 10.0, None, None),
        ("ms", 0.0, 10.0, None),
        ("per second", 10.0, 0.0, None),
    ],
)
def test_ratio_is_better_when_bigger(unit: str, ours: float, other: float | None, expected: float | None) -> None:
    assert ratio(unit=unit, ours=ours, other=other) == expected


def test_numbers_keep_four_significant_digits() -> None:
    assert [rounded(value) for value in (123456.7, 0.00123456, 12.0, None)] == [123500.0, 0.001235, 12.0, None]


def test_figure_takes_medians_of_each_side() -> None:
    found = figure(
        bench="order",
        name="place_order_http",
        unit="per second",
        samples={"ours": [10.0, 90.0, 20.0], "limit": [100.0, 200.0, 900.0], "peer": [1.0, 2.0, 3.0, 4.0]},
    )
    assert (found.ours, found.limit, found.peer) == (20.0, 200.0, 2.5)
    assert (found.ratio_to_limit, found.ratio_to_peer) == (0.1, 8.0)
    assert found.rounds == 3


def test_a_missing_peer_is_null() -> None:
    found = figure(bench="b", name="f", unit="ms", samples={"ours": [2.0, 2.0, 2.0], "limit": [1.0] * 3, "peer": []})
    assert (found.peer, found.ratio_to_peer) == (None, None)
    assert json.loads(found.as_json())["peer"] is None


def test_a_figure_without_ours_is_an_error() -> None:
    with pytest.raises(KeyError):
        figure(bench="b", name="f", unit="ms", samples={"limit": [1.0]})


def test_json_has_exactly_the_promised_keys_on_one_line() -> None:
    text = Figure("b", "f", "ms", 1.0, 2.0, None, 2.0, None, 3, "注").as_json()
    assert list(json.loads(text)) == KEYS
    assert "\n" not in text
    assert "注" in text


def test_rounds_interleave_and_begin_with_another_side_each_time() -> None:
    turns: list[tuple[str, int]] = []

    def side(name: str):
        def run(number: int) -> dict[str, float]:
            turns.append((name, number))
            return {"wall": float(number), f"only {name}": 1.0}

        return run

    samples = interleave({"ours": side("ours"), "limit": side("limit"), "peer": side("peer")}, rounds=3)
    assert [name for name, _ in turns] == [
        *("ours", "limit", "peer"),
        *("limit", "peer", "ours"),
        *("peer", "ours", "limit"),
    ]
    assert samples["wall"] == {"ours": [0.0, 1.0, 2.0], "limit": [0.0, 1.0, 2.0], "peer": [0.0, 1.0, 2.0]}
    assert samples["only peer"] == {"peer": [1.0, 1.0, 1.0]}


def test_fewer_than_three_rounds_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 3"):
        interleave({}, rounds=2)


def test_tables_show_every_figure_and_leave_what_is_missing_empty() -> None:
    first = Figure("order", "place_order_http", "per second", 90.0, 600.0, 8.0, 0.15, 11.25, 3, "two requests")
    second = replace(first, figure="sql_per_submit", unit="statements", limit=None, ratio_to_limit=None, notes="")
    lines = table([first, second]).splitlines()
    assert lines[0].split() == ["bench", "figure", "unit", "ours", "limit", "peer", "to", "limit", "to", "peer"]
    assert lines[2].split() == [
        *("order", "place_order_http", "per", "second", "90", "600", "8", "0.15", "11.25"),
    ]
    assert lines[-1] == "place_order_http: two requests"
    assert "| `sql_per_submit` | statements | 90 |  | 8 |  | 11.25 | 3 |" in markdown([first, second])
