"""What is due of an order, and how much of the time is used."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tenant_apps.orders.deadlines import Limit, Used, limit_of, promised_day

START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
MOMENTS: dict[str, Any] = {
    "placed_at": START,
    "accepted_at": START,
    "promised_on": date(2026, 3, 12),
    "goods_accepted_at": START,
    "paid_at": START,
    "next_due_at": START + timedelta(days=3),
    "is_sme": True,
}


@pytest.mark.parametrize(
    ("hours", "used"),
    [
        (0, Used.NONE),
        (49.9, Used.NONE),
        (50, Used.HALF),
        (79.9, Used.HALF),
        (80, Used.MOST),
        (99.9, Used.MOST),
        (100, Used.OVER),
    ],
)
def test_a_limit_warns_at_half_four_fifths_and_the_end(hours: float, used: Used) -> None:
    limit = Limit(START, START + timedelta(hours=100))
    assert limit.used(START + timedelta(hours=hours)) is used


def test_a_limit_without_time_is_over() -> None:
    assert Limit(START, START).used(START) is Used.OVER


@pytest.mark.parametrize(
    ("state", "due"),
    [
        ("placed", START + timedelta(days=3)),
        ("accepted", datetime(2026, 3, 12, 16, tzinfo=UTC)),
        ("partly_accepted", datetime(2026, 3, 12, 16, tzinfo=UTC)),
        ("shipped", None),
        ("goods_accepted", datetime(2026, 4, 1, 16, tzinfo=UTC)),
        ("paying", None),
        ("paid", START + timedelta(days=3)),
        ("closed", None),
    ],
)
def test_each_state_has_its_limit(state: str, due: datetime | None) -> None:
    limit = limit_of(state=state, **MOMENTS)
    assert (limit.due_at if limit else None) == due


def test_a_large_supplier_has_no_term_of_payment_and_no_promise_no_delivery_day() -> None:
    assert limit_of(state="goods_accepted", **{**MOMENTS, "is_sme": False}) is None
    assert limit_of(state="accepted", **{**MOMENTS, "promised_on": None}) is None


def test_the_promise_is_the_longest_of_the_offers() -> None:
    assert promised_day(accepted_on=date(2026, 3, 2), delivery_days=[3, 10, 7]) == date(2026, 3, 12)
    assert promised_day(accepted_on=date(2026, 3, 2), delivery_days=[]) is None
