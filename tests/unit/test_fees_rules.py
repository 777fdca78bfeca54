"""What a use costs: worked examples, and the same cents from any grouping of the events."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.clock import month_bounds
from shared_apps.fees.export import plain
from shared_apps.fees.rules.months import is_month, next_month, previous_month
from shared_apps.fees.rules.pricing import Price, PriceKind, charge, total
from shared_apps.fees.serializers import month_of

PER_ORDER = Price("orders_placed", PriceKind.PER_UNIT, D("2.0000"), D("1"))
PER_MILLE = Price("order_value", PriceKind.PER_MILLE, D("0.5000"), D("1000"))


@pytest.mark.parametrize(
    ("price", "quantities", "free", "billable", "amount"),
    [
        (PER_ORDER, [], D(0), D(0), D("0.00")),
        (PER_ORDER, [D(1)], D(1), D(0), D("0.00")),
        (PER_ORDER, [D(1)] * 3, D(1), D(2), D("4.00")),
        (PER_MILLE, [D("999.99")], D("999.99"), D("0.00"), D("0.00")),
        # 2,010.00 - 1,000.00 = 1,010.00; x 0.5 / 1000 = 0.505, half up
        (PER_MILLE, [D("2010.00")], D("1000"), D("1010.00"), D("0.51")),
        (PER_MILLE, [D("2009.99")], D("1000"), D("1009.99"), D("0.50")),
    ],
)
def test_worked_examples(price: Price, quantities: list[D], free: D, billable: D, amount: D) -> None:
    found = charge(meter=price.meter, quantities=quantities, price=price)
    assert (found.free, found.billable, found.amount) == (free, billable, amount)


def test_without_a_price_there_is_no_amount() -> None:
    found = charge(meter="orders_placed", quantities=[D(5)], price=None)
    assert found.amount is None
    assert total([found]) == D("0.00")


LINEAR = st.sampled_from([PriceKind.PER_UNIT, PriceKind.PER_MILLE])
amounts = st.lists(st.decimals(min_value=0, max_value=10**16, places=2), max_size=30)


@given(amounts, st.decimals(0, 1000, places=4), st.decimals(0, 10**9, places=4), LINEAR)
def test_recomputing_from_the_events_gives_the_same_cents(
    quantities: list[D], unit_price: D, allowance: D, kind: PriceKind
) -> None:
    """The statement sums in the database first; a reader sums by hand. In cents, with whole numbers."""
    price = Price("m", kind, unit_price, allowance)
    summed = charge(meter="m", quantities=[sum(quantities, D(0))], price=price)
    each = charge(meter="m", quantities=quantities, price=price)
    assert summed == each
    units = sum(int(quantity * 10_000) for quantity in quantities)
    billable = max(0, units - int(allowance * 10_000))
    divisor = 10**8 * (1000 if kind == PriceKind.PER_MILLE else 1)
    cents, rest = divmod(billable * int(unit_price * 10_000) * 100, divisor)
    assert each.amount == D(cents + (rest * 2 >= divisor)) / 100


def test_months_end_at_midnight_in_shanghai() -> None:
    start, end = month_bounds(2026, 12)
    assert start.isoformat() == "2026-11-30T16:00:00+00:00"
    assert end.isoformat() == "2026-12-31T16:00:00+00:00"
    assert next_month(date(2026, 12, 1)) == date(2027, 1, 1)
    assert previous_month(date(2026, 1, 1)) == date(2025, 12, 1)


@pytest.mark.parametrize(
    "text", ["2026-13", "2026-00", "1999-01", "2200-01", "２０２６-11", "2026-1", "2026-11-01", ""]
)
def test_no_month(text: str) -> None:
    assert month_of(text) is None


def test_a_month() -> None:
    assert month_of("2026-11") == date(2026, 11, 1)
    assert is_month(2026, 11)


def test_quantities_are_written_plainly() -> None:
    assert [plain(D(text)) for text in ("1.0000", "0.0000", "100.0000", "1.5000", "1E+3")] == [
        "1",
        "0",
        "100",
        "1.5",
        "1000",
    ]
