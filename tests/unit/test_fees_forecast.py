"""What comes: worked examples of the forecast, percentages of a budget, and days on which modules stood."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_apps.fees.rules.forecast import Basis, expected, months_of, used_percent, warning_due
from shared_apps.fees.rules.months import next_month
from shared_apps.fees.rules.subscriptions import Standing, days_in, days_on, standings

TODAY = date(2026, 11, 12)


def of(orders: str, live: str | None = "1", storage: str | None = None) -> dict[str, D]:
    found = {"orders_placed": D(orders)}
    if live is not None:
        found["mall_live"] = D(live)
    if storage is not None:
        found["storage"] = D(storage)
    return found


def test_the_worked_example_of_the_readme() -> None:
    """Live since 16 August 2026; 12 of November's 30 days are gone, with 8 orders and 2 GB kept."""
    known = {
        date(2026, 8, 1): of("3", "0.5161"),
        date(2026, 9, 1): of("10"),
        date(2026, 10, 1): of("15"),
        date(2026, 11, 1): of("8", storage="1.2000"),
        date(2026, 12, 1): {"mall_live": D(1), "storage": D("2.0000")},
    }
    found = expected(known=known, months=[*months_of(2026), *months_of(2027)], today=TODAY)
    assert found[date(2026, 7, 1)].quantities == {}
    assert (found[date(2026, 10, 1)].basis, found[date(2026, 10, 1)].quantities) == (Basis.CLOSED, of("15"))
    # 8 x 30 / 12
    assert found[date(2026, 11, 1)].quantities == of("20.0000", storage="1.2000")
    # No December 2025; the whole months of the last three are September and October: (10 + 15) / 2.
    assert (found[date(2026, 12, 1)].basis, found[date(2026, 12, 1)].quantities) == (
        Basis.MEAN, of("12.5000", storage="2.0000"),
    )  # fmt: skip
    # Its like was broken, the mall began in it.
    assert found[date(2027, 8, 1)].basis == Basis.MEAN
    assert (found[date(2027, 10, 1)].basis, found[date(2027, 10, 1)].quantities["orders_placed"]) == (
        Basis.LAST_YEAR, D("15"),
    )  # fmt: skip
    # A year after a month that is itself expected: what is expected of that.
    assert found[date(2027, 11, 1)].quantities["orders_placed"] == D("20.0000")


def test_a_mall_that_began_this_month_goes_on_as_it_does() -> None:
    found = expected(known={date(2026, 11, 1): of("4", "0.4000")}, months=months_of(2026), today=TODAY)
    assert found[date(2026, 11, 1)].quantities["orders_placed"] == D("10.0000")
    assert found[date(2026, 12, 1)].quantities == {"orders_placed": D("10.0000")}
    assert expected(known={}, months=months_of(2026), today=TODAY)[date(2026, 12, 1)].quantities == {}


sums = st.dictionaries(
    st.dates(date(2025, 1, 1), date(2026, 11, 1)).map(lambda day: day.replace(day=1)),
    st.integers(0, 10**9).map(lambda n: of(str(n))),
)


@given(sums, st.dates(date(2026, 11, 1), date(2026, 11, 30)))
def test_what_is_known_is_never_guessed_and_what_is_guessed_lies_within_it(
    known: dict[date, dict[str, D]], today: date
) -> None:
    found = expected(known=known, months=[*months_of(2026), *months_of(2027)], today=today)
    for month, one in found.items():
        if month < date(2026, 11, 1):
            assert one.quantities == known.get(month, {})
    running = found[date(2026, 11, 1)].quantities.get("orders_placed", D(0))
    assert running >= known.get(date(2026, 11, 1), of("0"))["orders_placed"]
    seen = [one["orders_placed"] for one in known.values()] + [running]
    for month, one in found.items():
        if month > date(2026, 11, 1) and one.quantities:
            assert min(seen) <= one.quantities["orders_placed"] <= max(seen)


@pytest.mark.parametrize(
    ("used", "budget", "percent", "warned", "due"),
    [
        ("79.99", "100.00", 79, [], None), ("80.00", "100.00", 80, [], 80), ("80.00", "100.00", 80, [80], None),
        ("100.00", "100.00", 100, [80], 100), ("250.00", "100.00", 250, [], 100), ("9.00", "1.00", 900, [100], None),
        ("0.00", "0.00", None, [], None), ("0.01", "0.00", 100, [], 100), ("-5.00", "100.00", 0, [], None),
    ],
)  # fmt: skip
def test_percentages_of_a_budget(used: str, budget: str, percent: int | None, warned: list[int], due: int) -> None:
    assert used_percent(used=D(used), budget=D(budget)) == percent
    assert warning_due(used=D(used), budget=D(budget), warned=warned) == due


def test_days_on_which_a_module_stood() -> None:
    november = date(2026, 11, 1)
    found = standings([(date(2026, 11, 19), D(1))])
    assert (found, days_on(found, november)) == ((Standing(date(2026, 11, 19), None),), 12)
    # Off on the 25th: that day is not one of its days.
    found = standings([(date(2026, 10, 5), D(1)), (date(2026, 11, 25), D(-1))])
    assert (days_on(found, date(2026, 10, 1)), days_on(found, november)) == (27, 24)
    # On and off on one day is no day; off and on again on one day misses none.
    assert standings([(november, D(1)), (november, D(-1))]) == ()
    assert len(standings([(november, D(1)), (date(2026, 11, 9), D(-1)), (date(2026, 11, 9), D(1))])) == 1


@given(st.lists(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=12))
def test_days_are_the_sum_of_the_levels_of_days(days: list[date]) -> None:
    """Against the meter's own sum: each change times the days left of the month."""
    changes = [(day, D(1 if place % 2 == 0 else -1)) for place, day in enumerate(sorted(days))]
    periods = standings(changes)
    for month in months_of(2026):
        end = next_month(month)
        opening = sum((change for day, change in changes if day < month), D(0))
        left = sum((change * (end - day).days for day, change in changes if month <= day < end), D(0))
        assert days_on(periods, month) == opening * days_in(month) + left
    assert all(one.until is None or one.until - one.first >= timedelta(days=1) for one in periods)
