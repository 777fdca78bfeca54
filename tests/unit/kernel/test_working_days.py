from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.working_days import Calendar, CalendarYearMissing

# National Day of 2025: 1 to 8 October are off, Sunday 28 September and Saturday 11 October are worked instead.
NATIONAL_DAY = {date(2025, 10, day): False for day in range(1, 9)} | {
    date(2025, 9, 28): True,
    date(2025, 10, 11): True,
}
CALENDAR = Calendar(days=NATIONAL_DAY, years=frozenset({2025}))


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2025, 9, 26), 0, date(2025, 9, 26)),
        (date(2025, 9, 26), 1, date(2025, 9, 28)),  # Friday, then a worked Sunday
        (date(2025, 9, 30), 1, date(2025, 10, 9)),  # over the holiday
        (date(2025, 10, 1), 1, date(2025, 10, 9)),  # from inside it
        (date(2025, 9, 30), 3, date(2025, 10, 11)),  # the third is a worked Saturday
        (date(2025, 10, 11), 1, date(2025, 10, 13)),
        (date(2025, 3, 7), 5, date(2025, 3, 14)),  # an ordinary week
    ],
)
def test_the_start_day_is_not_counted(start: date, count: int, end: date) -> None:
    assert CALENDAR.add_working_days(start, count) == end


def test_a_year_that_is_not_loaded_is_refused() -> None:
    with pytest.raises(CalendarYearMissing) as refused:
        CALENDAR.add_working_days(date(2025, 12, 31), 1)
    assert refused.value.facts == {"year": 2026}
    assert (refused.value.status, refused.value.code) == (409, "calendar-year-missing")
    with pytest.raises(CalendarYearMissing):
        CALENDAR.is_working_day(date(2024, 12, 31))


def test_time_runs_forward() -> None:
    with pytest.raises(ValueError, match="forward"):
        CALENDAR.add_working_days(date(2025, 3, 3), -1)
    with pytest.raises(ValueError, match="before"):
        CALENDAR.working_days_between(date(2025, 3, 3), date(2025, 3, 2))


@settings(max_examples=100)
@given(st.integers(0, 250), st.integers(0, 60))
def test_adding_and_counting_agree(day: int, count: int) -> None:
    start = date(2025, 1, 1) + timedelta(days=day)
    end = CALENDAR.add_working_days(start, count)
    assert CALENDAR.working_days_between(start, end) == count
    assert count == 0 or CALENDAR.is_working_day(end)
