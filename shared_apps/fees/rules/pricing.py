"""What a use costs. Pure: no database, no Django.

The founding document says that each level of government budgets its own mall's fees and nothing of how they are
counted: meters and prices are configuration, and no tariff was found.

The order of a bill: for each meter the quantity less the allowance, priced by the line's kind, raised to the line's
minimum, cut at its cap, and rounded half up to the cent once; then bundles, the level's discount, the statement's
minimum, the statement's cap.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

from kernel.meters import METERS, Counting
from kernel.money import ZERO, round_half_up
from shared_apps.fees.rules.states import LineKind
from shared_apps.fees.rules.terms import MALL_LIVE, Bundle, Price, PriceKind, Tariff, Tier

__all__ = [
    "Adjustment", "Bill", "Bundle", "Charge", "Price", "PriceKind", "Tariff", "Tier", "charge", "is_switched",
    "part_of_month", "price_month", "priced_per", "total",
]  # fmt: skip

QUANTITY_PLACES = Decimal("0.0001")
_ONE = Decimal(1)
_NONE = Decimal(0)
_THOUSAND = Decimal(1000)
# Wide enough that a largest quantity times a largest price is exact before it is rounded.
_EXACT = Context(prec=120, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Charge:
    """One line of a statement. Without a price there is no amount: a tariff charges what it names."""

    meter: str
    quantity: Decimal
    free: Decimal
    billable: Decimal
    price: Price | None
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What the tariff adds to the lines or takes off. `item`: the bundle's name, the level, else the kind itself."""

    kind: LineKind
    item: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Bill:
    """A month's charges and what is added or taken off; `total` is the sum of all these amounts."""

    charges: tuple[Charge, ...]
    adjustments: tuple[Adjustment, ...]
    total: Decimal


def priced_per(price: Price) -> Decimal:
    """How many units a price is for: a thousand for a rate on money (per mille), else one."""
    meter = METERS.get(price.meter)
    tiered_money = price.kind.is_tiered and meter is not None and meter.is_money
    return _THOUSAND if price.kind == PriceKind.PER_MILLE or tiered_money else _ONE


def part_of_month(quantities: Mapping[str, Decimal]) -> Decimal:
    """How much of the month the mall was in operation, 0 to 1."""
    return min(max(quantities.get(MALL_LIVE, _NONE), _NONE), _ONE)


def charge(*, meter: str, quantities: Sequence[Decimal], price: Price | None, part: Decimal = _ONE) -> Charge:
    """A month's use of one meter: the sum of its events, less the free allowance, priced.

    `part` is how much of the month the mall was in operation: a flat price and the line's minimum are for a whole
    month. The amount is rounded half up to the cent here, once a line, and nowhere else.
    """
    quantity = _NONE
    for one in quantities:
        quantity = _EXACT.add(quantity, one)
    if price is None:
        return Charge(meter, quantity, _NONE, quantity, None, None)
    used = max(quantity, _NONE)
    free = min(used, price.allowance)
    billable = _EXACT.subtract(used, free)
    if price.kind == PriceKind.FLAT and not is_switched(meter):
        billable = part
    amount = _by_kind(price, billable)
    if price.minimum is not None:
        amount = max(amount, _EXACT.multiply(price.minimum, part))
    if price.cap is not None:
        amount = min(amount, price.cap)
    return Charge(meter, quantity, free, billable, price, round_half_up(amount))


def is_switched(meter: str) -> bool:
    """Whether the meter's own level is the part of the month that something stood switched on, in whole days."""
    found = METERS.get(meter)
    return found is not None and found.counting == Counting.LEVEL and found.by_day


def _by_kind(price: Price, billable: Decimal) -> Decimal:
    """The exact amount; rising or level in `billable` for every kind."""
    if price.kind == PriceKind.GRADUATED:
        amount = _graduated(price.tiers, billable)
    elif price.kind == PriceKind.VOLUME:
        amount = _volume(price.tiers, billable)
    elif price.kind == PriceKind.PACKAGE:
        amount = _EXACT.multiply(_packages(billable, price.package_size), price.unit_price)
    else:
        amount = _EXACT.multiply(billable, price.unit_price)
    # Division by a power of ten is exact.
    return _EXACT.divide(amount, priced_per(price))


def _graduated(tiers: Sequence[Tier], billable: Decimal) -> Decimal:
    """Each tier's part of the quantity at the tier's own price: nothing jumps at a boundary."""
    amount = begin = _NONE
    for tier in tiers:
        end = billable if tier.up_to is None else min(billable, tier.up_to)
        if end > begin:
            amount = _EXACT.add(amount, _EXACT.multiply(_EXACT.subtract(end, begin), tier.price))
            begin = end
    return amount


def _volume(tiers: Sequence[Tier], billable: Decimal) -> Decimal:
    """The whole quantity at the price of the tier it reaches, yet never more than a later tier costs at its beginning.

    A cheaper tier would otherwise make a little more use cost less than a little less of it.
    """
    begin = _NONE
    reached = False
    costs: list[Decimal] = []
    for tier in tiers:
        if reached:
            costs.append(_EXACT.multiply(begin, tier.price))
        elif tier.up_to is None or billable <= tier.up_to:
            reached = True
            costs.append(_EXACT.multiply(billable, tier.price))
        begin = tier.up_to or begin
    return min(costs)


def _packages(billable: Decimal, size: Decimal | None) -> Decimal:
    """Packages begun: one that is started is charged whole."""
    if size is None:
        raise ValueError("a package price has a package size")
    whole, rest = _EXACT.divmod(billable, size)
    return whole + (_ONE if rest else _NONE)


def total(charges: Sequence[Charge]) -> Decimal:
    """The sum of the rounded lines, so that the page adds up by hand."""
    return sum((line.amount for line in charges if line.amount is not None), ZERO)


def price_month(*, quantities: Mapping[str, Decimal], tariff: Tariff | None, level: str) -> Bill:
    """What a mall of this level of government owes for a month with these quantities, by meter in priced units.

    Every meter that the tariff prices or that was used gives a charge, in the order of the registry. Without a
    tariff, and for a meter that it does not name, uses are counted and nothing is owed.
    """
    part = part_of_month(quantities)
    prices = {} if tariff is None else {price.meter: price for price in tariff.prices}
    charges = tuple(
        charge(meter=meter, quantities=[quantities.get(meter, _NONE)], price=prices.get(meter), part=part)
        for meter in _in_order(quantities.keys() | prices.keys())
    )
    adjustments = [] if tariff is None else _adjustments(tariff, level, charges, part)
    return Bill(charges, tuple(adjustments), total(charges) + sum((one.amount for one in adjustments), ZERO))


def _in_order(meters: set[str]) -> list[str]:
    places = {code: place for place, code in enumerate(METERS)}
    return sorted(meters, key=lambda code: (places.get(code, len(places)), code))


def _adjustments(tariff: Tariff, level: str, charges: Sequence[Charge], part: Decimal) -> list[Adjustment]:
    amounts = {line.meter: line.amount for line in charges if line.amount is not None}
    sum_so_far = total(charges)
    found: list[Adjustment] = []

    def add(kind: LineKind, item: str, amount: Decimal) -> None:
        nonlocal sum_so_far
        if amount:
            found.append(Adjustment(kind, item, amount))
            sum_so_far += amount

    for bundle in tariff.bundles:
        together = [amounts.get(meter, ZERO) for meter in bundle.meters]
        if all(together):
            add(LineKind.BUNDLE, bundle.name, -_percent(sum(together, ZERO), bundle.percent))
    if level in tariff.discounts:
        add(LineKind.DISCOUNT, level, -_percent(sum_so_far, tariff.discounts[level]))
    if tariff.minimum is not None:
        least = round_half_up(_EXACT.multiply(tariff.minimum, part))
        add(LineKind.MINIMUM, LineKind.MINIMUM.value, max(least - sum_so_far, ZERO))
    if tariff.cap is not None:
        add(LineKind.CAP, LineKind.CAP.value, min(tariff.cap - sum_so_far, ZERO))
    return found


def _percent(amount: Decimal, percent: Decimal) -> Decimal:
    return round_half_up(_EXACT.scaleb(_EXACT.multiply(amount, percent), -2))
