"""A level's month: the time it stood, exactly, rounded once."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal as D
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from shared_apps.fees.rules.quantities import level_quantity, month_length, shown

NOVEMBER = date(2026, 11, 1)
MONTH_SECONDS = 30 * 86_400

levels = st.integers(0, 10**15)
changes = st.lists(st.tuples(st.integers(0, MONTH_SECONDS - 1), st.integers(-(10**12), 10**12)), max_size=12)


def lasting(steps: list[tuple[int, int]], seconds: int = MONTH_SECONDS) -> D:
    return D(sum(change * (seconds - at) for at, change in steps))


@given(levels, changes)
def test_a_level_is_what_stood_second_by_second(opening: int, steps: list[tuple[int, int]]) -> None:
    """The closed form against walking from change to change."""
    area, level, since = 0, opening, 0
    for at, change in sorted(steps):
        area += level * (at - since)
        level, since = level + change, at
    area += level * (MONTH_SECONDS - since)
    found = level_quantity(
        opening=D(opening),
        lasting=lasting(steps),
        length=month_length(NOVEMBER, by_day=False),
        scale=D(10**9),
    )
    exact = Fraction(area, MONTH_SECONDS * 10**9)
    assert abs(Fraction(found) - exact) * 2 <= Fraction(1, 10**4)


def test_days_are_half_open() -> None:
    """On from the 3rd to the 18th: 15 of November's 30 days; on and off within a day: none."""
    november = month_length(NOVEMBER, by_day=True)
    left = {day: D((date(2026, 12, 1) - NOVEMBER.replace(day=day)).days) for day in (3, 18)}
    assert level_quantity(opening=D(0), lasting=left[3] - left[18], length=november, scale=D(1)) == D("0.5")
    assert level_quantity(opening=D(0), lasting=left[3] - left[3], length=november, scale=D(1)) == 0
    assert level_quantity(opening=D(1), lasting=D(0), length=november, scale=D(1)) == 1


def test_rounding_is_half_up_and_once() -> None:
    assert shown(D("0.00005"), D(1)) == D("0.0001")
    assert shown(D("0.00004999"), D(1)) == D("0")
    assert level_quantity(opening=D(1), lasting=D(0), length=D(30), scale=D(20_000)) == D("0.0001")
    assert level_quantity(opening=D(1), lasting=-D("0.001"), length=D(30), scale=D(20_000)) == D("0")


def test_months_are_as_long_as_the_calendar_says() -> None:
    for month, days in ((date(2026, 2, 1), 28), (date(2028, 2, 1), 29), (date(2026, 12, 1), 31)):
        assert month_length(month, by_day=True) == days
        assert month_length(month, by_day=False) == timedelta(days=days).total_seconds()
