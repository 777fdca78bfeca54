"""From the uses of a month to its quantity. Pure: no database, no Django."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal

from kernel.clock import month_bounds
from shared_apps.fees.rules.months import next_month
from shared_apps.fees.rules.pricing import QUANTITY_PLACES

# Wide enough that a largest level times a month's microseconds is exact before it is divided, once.
_EXACT = Context(prec=80, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class MonthQuantity:
    """What a meter shows for a month, in its shown and priced units. `opening`: a level's height when it began."""

    meter: str
    quantity: Decimal
    opening: Decimal | None
    event_count: int


def month_length(month: date, *, by_day: bool) -> Decimal:
    """A month in days, or in seconds."""
    if by_day:
        return Decimal((next_month(month) - month).days)
    start, end = month_bounds(month.year, month.month)
    return Decimal((end - start).days * 86_400 + (end - start).seconds)


def shown(counted: Decimal, scale: Decimal) -> Decimal:
    """Counted units in shown ones, rounded half up once."""
    return _EXACT.quantize(_EXACT.divide(counted, scale), QUANTITY_PLACES)


def level_quantity(*, opening: Decimal, lasting: Decimal, length: Decimal, scale: Decimal) -> Decimal:
    """A level by the part of the month it stood.

    `lasting` is the sum of each change times the days or seconds that were left of the month when it came.
    """
    standing = _EXACT.add(_EXACT.multiply(opening, length), lasting)
    return _EXACT.quantize(_EXACT.divide(standing, _EXACT.multiply(length, scale)), QUANTITY_PLACES)
