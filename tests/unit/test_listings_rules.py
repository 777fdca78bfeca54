"""Figures of the machine's checks."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from shared_apps.listings.rules.checks import median

PRICES = st.lists(st.decimals(min_value="0.01", max_value="9999999999.99", places=2), min_size=1, max_size=9)


@given(PRICES)
def test_the_median_is_an_amount_between_its_prices_whatever_their_cents(prices: list[Decimal]) -> None:
    found = median(prices)
    assert min(prices) <= found <= max(prices)
    assert found == found.quantize(Decimal("0.01"))
    assert 2 * sum(price < found for price in prices) <= len(prices)


def test_half_a_cent_between_two_prices_is_rounded_up() -> None:
    assert median([Decimal("10.50"), Decimal("10.51")]) == Decimal("10.51")
    assert median([Decimal("3.00"), Decimal("1.00"), Decimal("2.00")]) == Decimal("2.00")
