"""The clock of a change: ten working days from the day after it happened. Source: Cai Ku [2018] 2 (secondary)."""

from __future__ import annotations

from datetime import date
from typing import Final

from kernel.working_days import Calendar

CHANGE_WORKING_DAYS: Final = 10


def change_due_on(*, happened_on: date, calendar: Calendar) -> date:
    """The last day on which the change may be reported. Raises CalendarYearMissing when a year is not loaded."""
    return calendar.add_working_days(happened_on, CHANGE_WORKING_DAYS)


def is_late(*, due_on: date, reported_on: date) -> bool:
    """The due day itself is in time."""
    return reported_on > due_on
