"""Late interest. Source: State Council Order 802 art. 17: 0.05 % of the amount a day, where no rate is agreed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_apps.rulebook.late_payment import DAILY_RATE, late_interest
from tenant_apps.orders.payment_clock import PaymentDue, interest_between, last_payment_day

AMOUNTS = st.decimals(min_value=Decimal("0.01"), max_value=Decimal("9999999999999999.99"), places=2)
LAST = date(2026, 4, 1)
DAYS = st.dates(min_value=date(2026, 1, 1), max_value=date(2036, 1, 1))


@pytest.mark.parametrize(
    ("amount", "days", "interest"),
    [
        ("40.00", 0, "0.00"),
        ("40.00", 1, "0.02"),
        ("10.00", 1, "0.01"),  # 0.005 is rounded up
        ("9.99", 1, "0.00"),  # 0.004995 is not
        ("100000.00", 45, "2250.00"),
        ("12345.67", 7, "43.21"),
    ],
)
def test_worked_examples(amount: str, days: int, interest: str) -> None:
    assert late_interest(amount=Decimal(amount), days=days) == Decimal(interest)


@given(AMOUNTS, st.integers(0, 4000), st.integers(0, 4000))
def test_more_days_never_cost_less_and_more_money_never_either(amount: Decimal, days: int, more: int) -> None:
    now, later = late_interest(amount=amount, days=days), late_interest(amount=amount, days=days + more)
    assert Decimal(0) <= now <= later
    assert late_interest(amount=amount + Decimal("0.01"), days=days) >= now


@given(AMOUNTS, st.integers(0, 4000))
def test_it_is_the_exact_product_rounded_once(amount: Decimal, days: int) -> None:
    exact = (int(amount * 100) * 5 * days, 1_000_000)
    cents = Decimal(exact[0]).scaleb(-4).quantize(Decimal(1), ROUND_HALF_UP)
    assert late_interest(amount=amount, days=days) == cents / 100
    assert Decimal("0.0005") == DAILY_RATE


@given(AMOUNTS, st.lists(DAYS, min_size=2, max_size=12))
def test_periods_that_follow_each_other_add_up_to_the_cent(amount: Decimal, cuts: list[date]) -> None:
    days = sorted(cuts)
    parts = [interest_between(amount=amount, last_on=LAST, start=start, end=end) for start, end in pairwise(days)]
    assert all(part >= 0 for part in parts)
    assert sum(parts) == interest_between(amount=amount, last_on=LAST, start=days[0], end=days[-1])


@given(AMOUNTS, DAYS)
def test_a_period_is_half_open_and_begins_the_day_after_the_last(amount: Decimal, day: date) -> None:
    assert interest_between(amount=amount, last_on=LAST, start=day, end=day) == 0
    assert interest_between(amount=amount, last_on=LAST, start=day, end=LAST + timedelta(days=1)) == 0
    first = LAST + timedelta(days=1)
    whole = interest_between(amount=amount, last_on=LAST, start=first, end=first + timedelta(days=1))
    assert whole == late_interest(amount=amount, days=1)
    # What the clock says of a day is the sum of the late days up to it and with it.
    due = PaymentDue(LAST, (LAST - day).days, amount)
    assert due.interest == interest_between(amount=amount, last_on=LAST, start=first, end=day + timedelta(days=1))


@pytest.mark.parametrize(
    ("agreed", "last"), [(None, date(2026, 4, 1)), (45, date(2026, 4, 16)), (60, date(2026, 5, 1))]
)
def test_an_agreed_term_is_counted_instead(agreed: int | None, last: date) -> None:
    day = date(2026, 3, 2)
    assert last_payment_day(goods_accepted_on=day, is_sme=True, agreed_days=agreed) == last
    assert last_payment_day(goods_accepted_on=day, is_sme=False, agreed_days=agreed) is None
