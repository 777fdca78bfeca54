"""What a use costs. Pure: no database, no Django.

The founding document says that each level of government budgets its own mall's fees and nothing of how they are
counted: meters and prices are configuration, and no tariff was found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from enum import StrEnum

from kernel.money import ZERO, round_half_up

QUANTITY_PLACES = Decimal("0.0001")
# Wide enough that a largest quantity times a largest price is exact before it is rounded.
_EXACT = Context(prec=80, rounding=ROUND_HALF_UP)


class PriceKind(StrEnum):
    PER_UNIT = "per_unit"
    PER_MILLE = "per_mille"


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
