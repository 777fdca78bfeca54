"""Months of statements, as their first days."""

from __future__ import annotations

from datetime import date

FIRST_YEAR = 2000
LAST_YEAR = 2199


def is_month(year: int, month: int) -> bool:
    return FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12


def next_month(first: date) -> date:
    """The first day of the month after `first`."""
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def previous_month(first: date) -> date:
    """The first day of the month before `first`."""
    return date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1)
