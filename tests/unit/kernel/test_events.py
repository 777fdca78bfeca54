from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from kernel import events
from kernel.events import EventMalformed, EventType, check, declare, optional
from kernel.posts import Post
from kernel.registry import Registry

PLACED = EventType(
    "samples.placed",
    1,
    {
        "number": str,
        "lines": int,
        "urgent": bool,
        "amount": Decimal,
        "placed_at": datetime,
        "due_on": date,
        "units": list,
        "address": dict,
        "note": str | None,
        "plan": optional(int),
    },
)
FACTS: dict[str, Any] = {
    "number": "653101-2025-1",
    "lines": 2,
    "urgent": False,
    "amount": Decimal("12.3"),
    "placed_at": datetime(2025, 1, 1, 8, tzinfo=timezone(timedelta(hours=8))),
    "due_on": date(2025, 1, 6),
    "units": [1, "a", Decimal(1)],
    "address": {"city": "喀什"},
}


@pytest.fixture(autouse=True)
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(events, "_declared", Registry("event types"))
    declare(PLACED)
    return


def test_facts_become_plain_json() -> None:
    assert check("samples.placed", FACTS) == {
        "number": "653101-2025-1",
        "lines": 2,
        "urgent": False,
        "amount": "12.30",
        "placed_at": "2025-01-01T00:00:00+00:00",
        "due_on": "2025-01-06",
        "units": [1, "a", "1.00"],
        "address": {"city": "喀什"},
        "note": None,
        "plan": None,
    }
    assert type(check("samples.placed", FACTS | {"number": Post.EXPERT})["number"]) is str


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"lines": True}, "int expected"),
        ({"lines": "2"}, "int expected"),
        ({"urgent": 1}, "bool expected"),
        ({"amount": 12}, "Decimal expected"),
        ({"amount": 12.3}, "Decimal expected"),
        ({"amount": Decimal("12.345")}, "more than two"),
        ({"amount": Decimal("NaN")}, "not finite"),
        ({"placed_at": datetime(2025, 1, 1)}, "naive"),  # noqa: DTZ001
        ({"placed_at": date(2025, 1, 1)}, "datetime expected"),
        ({"due_on": datetime(2025, 1, 1, tzinfo=UTC)}, "date expected"),
        ({"number": None}, "str expected"),
        ({"number": "a\0"}, "NUL"),
        ({"number": "\ud800"}, "surrogate"),
        ({"address": {1: 2}}, "keys are text"),
        ({"units": [1.5]}, "float has no place"),
        ({"plan": "x"}, "int expected"),
        ({"stranger": 1}, "not declared: stranger"),
    ],
)
def test_facts_that_do_not_fit_are_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(EventMalformed, match=message):
        check("samples.placed", FACTS | change)


@pytest.mark.parametrize("missing", FACTS)
def test_a_missing_fact_is_refused(missing: str) -> None:
    facts = {key: value for key, value in FACTS.items() if key != missing}
    with pytest.raises(EventMalformed, match=f"{missing} is missing"):
        check("samples.placed", facts)


def test_only_declared_events_are_known_and_once_only() -> None:
    with pytest.raises(EventMalformed, match="not a declared event"):
        check("samples.lost", {})
    with pytest.raises(ValueError, match="already"):
        declare(PLACED)
    assert events.declared() == (PLACED,)


@pytest.mark.parametrize(
    ("name", "version", "fields"),
    [
        ("placed", 1, {}),
        ("Orders.placed", 1, {}),
        ("orders.placed", 0, {}),
        ("orders.placed", 1, {"a": float}),
        ("orders.placed", 1, {"a": int | str}),
        ("orders.placed", 1, {"a": int | str | None}),
    ],
)
def test_wrong_declarations_are_refused(name: str, version: int, fields: dict[str, Any]) -> None:
    with pytest.raises(EventMalformed):
        EventType(name, version, fields)
