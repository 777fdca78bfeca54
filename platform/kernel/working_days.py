"""Working days from a loaded calendar, with make-up days; a year that is not loaded is refused, never guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from kernel.problems import CalendarYearMissing

__all__ = ["Calendar", "CalendarYearMissing"]

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """`days` says of single days whether they are worked: public holidays False, make-up days True.

    A day of a loaded year that `days` does not name follows the week: Monday to Friday are worked.
    """

    days: Mapping[date, bool]
    years: frozenset[int]

    def is_working_day(self, day: date) -> bool:
        if day.year not in self.years:
            raise CalendarYearMissing(year=day.year)
        return self.days.get(day, day.weekday() < 5)

    def add_working_days(self, start: date, count: int) -> date:
        """The `count`-th working day after `start`. The start day is not counted; 0 gives `start` itself."""
        if count < 0:
            raise ValueError("deadlines run forward")
        day = start
        while count:
            day += _ONE_DAY
            count -= self.is_working_day(day)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`."""
        if end < start:
            raise ValueError("the end lies before the start")
        days = ((start + timedelta(days=passed)) for passed in range(1, (end - start).days + 1))
        return sum(self.is_working_day(day) for day in days)
