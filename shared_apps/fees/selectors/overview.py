"""The fees of all malls of a year: filtered, sorted, and grouped by who supervises them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from kernel.actor import Actor
from kernel.money import ZERO
from shared_apps.fees.selectors.reach import readable_codes
from shared_apps.fees.selectors.years import YearOfMall, years_of
from tenants.divisions.selectors import supervisors_by_name
from tenants.registry.selectors import tenant_names


class Look(StrEnum):
    """What a mall's fees are looked at for."""

    NO_BUDGET = "no_budget"
    NEARLY_USED = "nearly_used"
    SHORT = "short"
    DISPUTED = "disputed"
    OVERDUE = "overdue"


class Order(StrEnum):
    CODE = "code"
    USED = "used"
    PERCENT = "percent"
    FORECAST = "forecast"


NEARLY_PERCENT = 80


@dataclass(frozen=True, slots=True)
class Sums:
    malls: int
    this_month: Decimal
    used: Decimal
    budget: Decimal
    forecast: Decimal
    issued: Decimal
    settled: Decimal

    @property
    def unsettled(self) -> Decimal:
        return self.issued - self.settled


@dataclass(frozen=True, slots=True)
class Supervised:
    """The malls of one supervisor, and their sums."""

    code: str
    name: str
    rows: tuple[YearOfMall, ...]
    sums: Sums


@dataclass(frozen=True, slots=True)
class Overview:
    year: int
    groups: tuple[Supervised, ...]
    sums: Sums
    # Everybody who supervises a mall that the actor may read, for the filter.
    supervisors: tuple[tuple[str, str], ...]
    malls: int
    is_demo: bool
    has_tariff: bool

    @property
    def rows(self) -> tuple[YearOfMall, ...]:
        return tuple(row for group in self.groups for row in group.rows)


def overview(
    *,
    actor: Actor,
    year: int,
    now: datetime,
    q: str = "",
    supervisor: str = "",
    look: str = "",
    sort: str = Order.CODE,
) -> Overview:
    """Every readable mall's year, practice left out; nine statements, however many malls."""
    names = {code: one for code, one in tenant_names(codes=readable_codes(actor=actor)).items() if not one.is_practice}
    above = supervisors_by_name()
    nobody = ("", "")
    by_mall = {code: above.get(one.division_code) or above.get(code) or nobody for code, one in names.items()}
    everybody = sorted({one for one in by_mall.values() if one != nobody})
    wanted = {
        code: one
        for code, one in names.items()
        if (not q or q in one.name or code.startswith(q)) and (not supervisor or by_mall[code][0] == supervisor)
    }
    years = years_of(tenants=wanted, year=year, now=now)
    groups: dict[tuple[str, str], list[YearOfMall]] = {}
    for code, row in years.items():
        if not look or _fits(row, look):
            groups.setdefault(by_mall[code], []).append(row)
    found = tuple(
        Supervised(code, name, tuple(_sorted(rows, sort)), sums_of(rows))
        for (code, name), rows in sorted(groups.items())
    )
    any_row = next(iter(years.values()), None)
    return Overview(
        year=year,
        groups=found,
        sums=sums_of([row for group in found for row in group.rows]),
        supervisors=tuple(everybody),
        malls=len(names),
        is_demo=any_row is not None and any_row.tariff is not None and any_row.tariff.is_demo,
        has_tariff=any_row is None or any_row.tariff is not None,
    )


def sums_of(rows: Sequence[YearOfMall]) -> Sums:
    def summed(amounts: Iterable[Decimal]) -> Decimal:
        return sum(amounts, ZERO)

    return Sums(
        malls=len(rows),
        this_month=summed(row.this_month for row in rows),
        used=summed(row.used for row in rows),
        budget=summed(row.budget.amount for row in rows if row.budget),
        forecast=summed(row.forecast for row in rows),
        issued=summed(row.collected.issued_amount for row in rows),
        settled=summed(row.collected.settled_amount for row in rows),
    )


def _fits(row: YearOfMall, look: str) -> bool:
    if look == Look.NO_BUDGET:
        return row.budget is None
    if look == Look.NEARLY_USED:
        return row.percent is not None and row.percent >= NEARLY_PERCENT
    if look == Look.SHORT:
        return row.is_short
    return bool(row.collected.disputed if look == Look.DISPUTED else row.collected.overdue)


def _sorted(rows: Sequence[YearOfMall], sort: str) -> list[YearOfMall]:
    if sort == Order.CODE:
        return sorted(rows, key=lambda row: row.tenant.code)
    figures = {
        Order.USED: lambda row: row.used,
        Order.PERCENT: lambda row: -1 if row.percent is None else row.percent,
        Order.FORECAST: lambda row: row.forecast,
    }
    return sorted(rows, key=lambda row: (-figures[Order(sort)](row), row.tenant.code))
