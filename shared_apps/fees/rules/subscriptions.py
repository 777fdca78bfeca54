"""What a mall had switched on, day by day. Pure: no database, no Django."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shared_apps.fees.rules.months import next_month


@dataclass(frozen=True, slots=True)
class Standing:
    """Days on which something stood switched on, [first, until); without `until` it still does."""

    first: date
    until: date | None


def standings(changes: Iterable[tuple[date, Decimal]]) -> tuple[Standing, ...]:
    """Periods from the changes of a level: the day it began included, the day it ended not."""
    by_day: dict[date, Decimal] = {}
    for day, change in changes:
        by_day[day] = by_day.get(day, Decimal(0)) + change
    found: list[Standing] = []
    level, since = Decimal(0), None
    for day in sorted(by_day):
        level += by_day[day]
        if level > 0 and since is None:
            since = day
        elif level <= 0 and since is not None:
            found.append(Standing(since, day))
            since = None
    if since is not None:
        found.append(Standing(since, None))
    return tuple(found)


def days_on(periods: Sequence[Standing], month: date) -> int:
    """On how many days of a month it stood; a period without an end counts to the month's end."""
    end = next_month(month)
    return sum(max(0, (min(one.until or end, end) - max(one.first, month)).days) for one in periods)


def days_in(month: date) -> int:
    return (next_month(month) - month).days
