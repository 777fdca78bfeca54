"""What the use of past months costs under one tariff and under another. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from kernel.money import ZERO
from shared_apps.fees.rules.months import next_month, previous_month
from shared_apps.fees.rules.pricing import price_month
from shared_apps.fees.rules.terms import Tariff

LAST_12 = "last12"
MONTHS = 12


@dataclass(slots=True)
class Change:
    """A sum before and after."""

    before: Decimal = ZERO
    after: Decimal = ZERO

    def add(self, before: Decimal, after: Decimal) -> None:
        self.before += before
        self.after += after

    @property
    def change(self) -> Decimal:
        return self.after - self.before

    @property
    def percent(self) -> Decimal | None:
        """Of what it was, with one place; None where there was nothing."""
        return None if not self.before else (self.change * 100 / self.before).quantize(Decimal("0.1"))


@dataclass(slots=True)
class MallChange(Change):
    """One mall's year under both."""

    code: str = ""
    name: str = ""
    level: str = ""
    by_month: dict[date, Change] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Malls with use, the greatest rise first, and the sums of all of them. `unused`: malls without any use."""

    months: tuple[date, ...]
    malls: tuple[MallChange, ...]
    unused: int
    total: Change
    by_month: Mapping[date, Change]
    by_level: Mapping[str, Change]
    by_meter: Mapping[str, Change]


def months_of(period: str, *, today: date) -> tuple[date, ...]:
    """The months of a period that are over: the last twelve, or those of a fiscal year (the calendar year)."""
    this_month = today.replace(day=1)
    if period == LAST_12:
        found = [this_month]
        for _number in range(MONTHS):
            found.insert(0, previous_month(found[0]))
        return tuple(found[:-1])
    month, found = date(int(period), 1, 1), []
    for _number in range(MONTHS):
        if month < this_month:
            found.append(month)
        month = next_month(month)
    return tuple(found)


def compare(
    *,
    quantities: Mapping[tuple[str, date], Mapping[str, Decimal]],
    malls: Mapping[str, tuple[str, str]],
    months: Sequence[date],
    before: Callable[[date], Tariff | None],
    after: Callable[[date], Tariff | None],
) -> Comparison:
    """Prices each mall's months under both. `malls`: name and level by code; a month may have no tariff before."""
    found: list[MallChange] = []
    total = Change()
    by_month = {month: Change() for month in months}
    by_level: dict[str, Change] = {}
    by_meter: dict[str, Change] = {}
    for code, (name, level) in malls.items():
        mall = MallChange(code=code, name=name, level=level)
        for month in months:
            used = quantities.get((code, month))
            if not used:
                continue
            old, new = (price_month(quantities=used, tariff=terms(month), level=level) for terms in (before, after))
            mall.by_month[month] = Change(old.total, new.total)
            by_month[month].add(old.total, new.total)
            mall.add(old.total, new.total)
            for line in old.charges:
                by_meter.setdefault(line.meter, Change()).add(line.amount or ZERO, ZERO)
            for line in new.charges:
                by_meter.setdefault(line.meter, Change()).add(ZERO, line.amount or ZERO)
        if mall.by_month:
            found.append(mall)
            total.add(mall.before, mall.after)
            by_level.setdefault(level, Change()).add(mall.before, mall.after)
    found.sort(key=lambda mall: (-mall.change, -mall.after, mall.code))
    charged = {meter: change for meter, change in by_meter.items() if change.before or change.after}
    return Comparison(tuple(months), tuple(found), len(malls) - len(found), total, by_month, by_level, charged)
