"""What a use costs. Pure: no database, no Django.

The founding document says that each level of government budgets its own mall's fees and nothing of how they are
counted: meters and prices are configuration, and no tariff was found.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from enum import StrEnum
from typing import Any

from kernel.money import ZERO, round_half_up
from kernel.registry import Registry

QUANTITY_PLACES = Decimal("0.0001")
FIRST_YEAR = 2000
LAST_YEAR = 2199
# Wide enough that a largest quantity times a largest price is exact before it is rounded.
_EXACT = Context(prec=80, rounding=ROUND_HALF_UP)


class PriceKind(StrEnum):
    PER_UNIT = "per_unit"
    PER_MILLE = "per_mille"


class TariffState(StrEnum):
    """Read off the row's moments: nothing else says it."""

    ENTERED = "entered"
    VERIFIED = "verified"
    WITHDRAWN = "withdrawn"
    DEMO = "demo"


@dataclass(frozen=True, slots=True)
class Meter:
    """What is counted: the event that counts, and how much of it one event is.

    `label` and `unit` are lazily translated texts.
    """

    code: str
    event: str
    label: object
    unit: object
    measure: Callable[[Mapping[str, Any]], Decimal]
    is_money: bool = False


METERS: Registry[Meter] = Registry("meters")


@dataclass(frozen=True)
class Price:
    """One line of a tariff. `unit_price` is yuan per unit, or yuan per thousand units (per mille)."""

    meter: str
    kind: PriceKind
    unit_price: Decimal
    allowance: Decimal


@dataclass(frozen=True, slots=True)
class Charge:
    """One line of a statement."""

    meter: str
    quantity: Decimal
    free: Decimal
    billable: Decimal
    price: Price | None
    amount: Decimal | None


def charge(*, meter: str, quantities: Sequence[Decimal], price: Price | None) -> Charge:
    """A month's use of one meter: the sum of its events, less the free allowance, times the price.

    The product is rounded half up to the cent here, once a line, and nowhere else. Without a price there is no
    amount: a use is never charged by a tariff that does not name it.
    """
    quantity = Decimal(0)
    for one in quantities:
        quantity = _EXACT.add(quantity, one)
    if price is None:
        return Charge(meter, quantity, Decimal(0), quantity, None, None)
    free = min(quantity, price.allowance)
    billable = _EXACT.subtract(quantity, free)
    product = _EXACT.multiply(billable, price.unit_price)
    if price.kind == PriceKind.PER_MILLE:
        product = _EXACT.scaleb(product, -3)
    return Charge(meter, quantity, free, billable, price, round_half_up(product))


def total(charges: Sequence[Charge]) -> Decimal:
    """The sum of the rounded lines, so that the page adds up by hand."""
    return sum((line.amount for line in charges if line.amount is not None), ZERO)


def is_month(year: int, month: int) -> bool:
    return FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12


def next_month(first: date) -> date:
    """The first day of the month after `first`."""
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def previous_month(first: date) -> date:
    """The first day of the month before `first`."""
    return date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1)
