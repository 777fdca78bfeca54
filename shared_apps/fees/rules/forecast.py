"""What a mall will use in the months to come, and how much of its budget that takes. Pure: no database, no Django.

A proposal, like every method of guessing; it is written on the page and in README.md so that it can be disputed:

* a month that is over is as it was;
* in the running month sums (orders, yuan, messages) go on as in the days gone: so far x days of the month / days gone,
  today among them. People and levels are as they stand: a level counts to the month's end already;
* a month to come uses what its like a year before used, when the mall was in operation all of that month; otherwise
  the mean of the last closed months, at most three, whole ones before broken ones; without any, the running month.
  Levels (storage, modules switched on) go on as they stand today.

Each month is priced by the tariff in force on its first day, one that is published for later included.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from enum import StrEnum

from kernel.meters import METERS, Counting
from shared_apps.fees.rules.months import next_month, previous_month
from shared_apps.fees.rules.pricing import QUANTITY_PLACES
from shared_apps.fees.rules.terms import MALL_LIVE

MEAN_OF_MONTHS = 3
WARN_AT_PERCENT = (80, 100)
_EXACT = Context(prec=80, rounding=ROUND_HALF_UP)
Quantities = Mapping[str, Decimal]


class Basis(StrEnum):
    """Where a month's figure comes from."""

    STATEMENT = "statement"
    CLOSED = "closed"
    PROJECTED = "projected"
    LAST_YEAR = "last_year"
    MEAN = "mean"


@dataclass(frozen=True, slots=True)
class Expected:
    """A month's quantities by meter, and what they rest on."""

    month: date
    basis: Basis
    quantities: Quantities


def months_of(year: int) -> list[date]:
    return [date(year, month, 1) for month in range(1, 13)]


def expected(*, known: Mapping[date, Quantities], months: Sequence[date], today: date) -> dict[date, Expected]:
    """Every month of `months`, in their order, which is the calendar's.

    `known` are the quantities by what is known today, of earlier months as well; a level stands in months to come too.
    """
    running = today.replace(day=1)
    projected = _projected(known.get(running, {}), today)
    used = {month: quantities for month, quantities in known.items() if month < running and quantities}
    mean = _mean(used, running) or projected
    found: dict[date, Expected] = {}
    for month in months:
        if month < running:
            found[month] = Expected(month, Basis.CLOSED, known.get(month, {}))
        elif month == running:
            found[month] = Expected(month, Basis.PROJECTED, projected)
        else:
            year_before = month.replace(year=month.year - 1)
            like = used.get(year_before)
            if like is None and year_before >= running and year_before in found:
                like = found[year_before].quantities
            whole = like is not None and is_whole(like)
            basis = Basis.LAST_YEAR if whole else Basis.MEAN
            found[month] = Expected(month, basis, _going_on(like if whole and like else mean, known.get(month, {})))
    return found


def is_whole(quantities: Quantities) -> bool:
    """Whether the mall was in operation all of the month; of one whose operation is not counted, that it was used."""
    live = quantities.get(MALL_LIVE)
    return bool(quantities) if live is None else live >= 1


def _is_level(meter: str) -> bool:
    found = METERS.get(meter)
    return found is not None and found.counting == Counting.LEVEL


def _projected(so_far: Quantities, today: date) -> dict[str, Decimal]:
    first = today.replace(day=1)
    days = (next_month(first) - first).days
    return {
        meter: _rounded(quantity * days, today.day) if _is_sum(meter) else quantity
        for meter, quantity in so_far.items()
    }


def _is_sum(meter: str) -> bool:
    found = METERS.get(meter)
    return found is not None and found.counting == Counting.SUM


def _mean(used: Mapping[date, Quantities], running: date) -> dict[str, Decimal]:
    """Of the last closed months: whole ones, or of those that there are when none was whole."""
    recent, month = [], previous_month(running)
    while month >= min(used, default=running):
        if month in used:
            recent.append(used[month])
        month = previous_month(month)
    wanted = ([one for one in recent if is_whole(one)] or recent)[:MEAN_OF_MONTHS]
    meters = sorted({meter for one in wanted for meter in one})
    return {
        meter: _rounded(sum((one.get(meter, Decimal(0)) for one in wanted), Decimal(0)), len(wanted))
        for meter in meters
    }


def _going_on(like: Quantities, standing: Quantities) -> dict[str, Decimal]:
    """What is summed as it was, levels as they stand."""
    summed = {meter: quantity for meter, quantity in like.items() if not _is_level(meter)}
    return {**summed, **{meter: quantity for meter, quantity in standing.items() if _is_level(meter)}}


def _rounded(quantity: Decimal, divisor: int) -> Decimal:
    return _EXACT.quantize(_EXACT.divide(quantity, Decimal(divisor)), QUANTITY_PLACES)


def used_percent(*, used: Decimal, budget: Decimal) -> int | None:
    """How much of a budget is used, in whole per cent rounded down: 80 is said at 80 and not before.

    None where nothing was set aside and nothing is used; a budget of nothing is used up by the first cent.
    """
    if budget <= 0:
        return 100 if used > 0 else None
    return int(used * 100 // budget) if used > 0 else 0


def warning_due(*, used: Decimal, budget: Decimal, warned: Sequence[int]) -> int | None:
    """The percentage to tell of now: the highest reached, unless it or a higher one was told of this budget before."""
    percent = used_percent(used=used, budget=budget)
    if percent is None:
        return None
    reached = max((limit for limit in WARN_AT_PERCENT if percent >= limit), default=None)
    return reached if reached is not None and reached > max(warned, default=0) else None
