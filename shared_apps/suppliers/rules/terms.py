"""Periods of the library. No rule of law gives them: the shipped ones are proposals, dated and replaceable."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final


@dataclass(frozen=True, slots=True)
class Terms:
    """All in days, but the confirmation's period, which is in months. `version` 0: as shipped."""

    version: int = 0
    valid_from: date = date(2026, 1, 1)
    vetting_days: int = 7
    admission_days: int = 7
    correction_days: int = 30
    first_warning_days: int = 30
    last_warning_days: int = 7
    confirmation_months: int = 12


SHIPPED: Final = Terms()


def terms_on(day: date, versions: Iterable[Terms]) -> Terms:
    """The terms in force on that day: the newest version that has begun, else those shipped."""
    begun = [one for one in versions if one.valid_from <= day]
    return max(begun, key=lambda one: (one.valid_from, one.version), default=SHIPPED)


def warning_level(*, expires_on: date, today: date, terms: Terms) -> int:
    """0 no warning yet, 1 the first, 2 the last, 3 expired. A document is good on its last day."""
    if today > expires_on:
        return 3
    left = (expires_on - today).days
    if left <= terms.last_warning_days:
        return 2
    return 1 if left <= terms.first_warning_days else 0


def confirm_by(*, confirmed_on: date, months: int) -> date:
    """The last day for the next confirmation: the same day so many months on, or that month's last."""
    index = confirmed_on.year * 12 + confirmed_on.month - 1 + months
    year, month = divmod(index, 12)
    first_after = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = (first_after - timedelta(days=1)).day
    return date(year, month + 1, min(confirmed_on.day, last))
