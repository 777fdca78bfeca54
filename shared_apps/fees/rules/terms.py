"""The terms of a tariff: prices by meter, bundles, discounts, minimum and cap. Pure; refuses what makes no sense."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

# The meter of a mall in operation: the part of the month, in whole days.
MALL_LIVE = "mall_live"

TIERS_MAX = 20
_HUNDRED = Decimal(100)


class PriceKind(StrEnum):
    # A price a month: by the days its meter stood switched on, for other meters by those the mall was in operation.
    FLAT = "flat"
    PER_UNIT = "per_unit"
    PER_MILLE = "per_mille"
    # Each tier's part of the quantity at the tier's price.
    GRADUATED = "graduated"
    # The whole quantity at the price of the tier it reaches.
    VOLUME = "volume"
    # A price for each package begun.
    PACKAGE = "package"

    @property
    def is_tiered(self) -> bool:
        return self in (PriceKind.GRADUATED, PriceKind.VOLUME)


class Wrong(StrEnum):
    """Why a term makes no sense; the words stand in `words.py`."""

    MISSING = "missing"
    NOT_OF_THIS_KIND = "not_of_this_kind"
    NOT_RISING = "not_rising"
    NOT_OPEN = "not_open"
    TOO_MANY = "too_many"
    NOT_POSITIVE = "not_positive"
    NEGATIVE = "negative"
    CAP_BELOW_MINIMUM = "cap_below_minimum"
    NOT_A_PART = "not_a_part"
    METER_TWICE = "meter_twice"
    NAME_TWICE = "name_twice"
    TOO_FEW_METERS = "too_few_meters"
    NOT_PRICED = "not_priced"


class TermsWrong(ValueError):
    """`wrong` says why, by the name or path of the field."""

    def __init__(self, wrong: Mapping[str, Wrong]) -> None:
        super().__init__(", ".join(f"{field}: {why}" for field, why in wrong.items()))
        self.wrong = wrong


@dataclass(frozen=True, slots=True)
class Tier:
    """A price for the quantity above the tier before, up to and with `up_to`; None for the last, without an end."""

    up_to: Decimal | None
    price: Decimal


@dataclass(frozen=True)
class Price:
    """One line of a tariff. `unit_price` is yuan a month, a unit, a thousand units (per mille) or a package.

    A tiered price has its prices in the tiers and `unit_price` 0. Of a meter of money the tiers' prices are per
    mille. `minimum` and `cap` are of the line, yuan a month. Raises TermsWrong when it makes no sense.
    """

    meter: str
    kind: PriceKind
    unit_price: Decimal = Decimal(0)
    allowance: Decimal = Decimal(0)
    tiers: tuple[Tier, ...] = ()
    package_size: Decimal | None = None
    minimum: Decimal | None = None
    cap: Decimal | None = None

    def __post_init__(self) -> None:
        if wrong := _wrong_in_price(self):
            raise TermsWrong(wrong)


@dataclass(frozen=True, slots=True)
class Bundle:
    """Meters that cost less together: when each has a charge in the month, these charges are cut by `percent`."""

    name: str
    meters: tuple[str, ...]
    percent: Decimal


@dataclass(frozen=True)
class Tariff:
    """Everything a bill is made of. `discounts` are per cent by level; `minimum` and `cap` of a whole statement.

    Raises TermsWrong when it makes no sense.
    """

    prices: tuple[Price, ...]
    bundles: tuple[Bundle, ...] = ()
    discounts: Mapping[str, Decimal] = field(default_factory=dict)
    minimum: Decimal | None = None
    cap: Decimal | None = None

    def __post_init__(self) -> None:
        if wrong := _wrong_in_tariff(self):
            raise TermsWrong(wrong)

    def price_of(self, meter: str) -> Price | None:
        return next((price for price in self.prices if price.meter == meter), None)


def _wrong_in_price(price: Price) -> dict[str, Wrong]:
    """What makes no sense in a price, by the name of its field; empty for a price that does."""
    kind = price.kind
    wrong = _wrong_bounds(price.minimum, price.cap)
    if price.unit_price < 0:
        wrong["unit_price"] = Wrong.NEGATIVE
    if price.allowance < 0:
        wrong["allowance"] = Wrong.NEGATIVE
    if kind.is_tiered:
        if price.unit_price:
            wrong["unit_price"] = Wrong.NOT_OF_THIS_KIND
        if found := _wrong_in_tiers(price.tiers):
            wrong["tiers"] = found
    elif price.tiers:
        wrong["tiers"] = Wrong.NOT_OF_THIS_KIND
    if kind == PriceKind.PACKAGE:
        if price.package_size is None:
            wrong["package_size"] = Wrong.MISSING
        elif price.package_size <= 0:
            wrong["package_size"] = Wrong.NOT_POSITIVE
    elif price.package_size is not None:
        wrong["package_size"] = Wrong.NOT_OF_THIS_KIND
    if kind == PriceKind.FLAT and price.allowance:
        wrong["allowance"] = Wrong.NOT_OF_THIS_KIND
    return wrong


def _wrong_in_tiers(tiers: Sequence[Tier]) -> Wrong | None:
    """Tiers rise, and the last has no end: every quantity has one price."""
    if not tiers:
        return Wrong.MISSING
    if len(tiers) > TIERS_MAX:
        return Wrong.TOO_MANY
    if any(tier.price < 0 for tier in tiers):
        return Wrong.NEGATIVE
    if tiers[-1].up_to is not None:
        return Wrong.NOT_OPEN
    before = Decimal(0)
    for tier in tiers[:-1]:
        if tier.up_to is None or tier.up_to <= before:
            return Wrong.NOT_RISING
        before = tier.up_to
    return None


def _wrong_bounds(minimum: Decimal | None, cap: Decimal | None) -> dict[str, Wrong]:
    wrong = {}
    if minimum is not None and minimum < 0:
        wrong["minimum"] = Wrong.NEGATIVE
    if cap is not None and cap < 0:
        wrong["cap"] = Wrong.NEGATIVE
    elif cap is not None and minimum is not None and cap < minimum:
        wrong["cap"] = Wrong.CAP_BELOW_MINIMUM
    return wrong


def _wrong_in_tariff(tariff: Tariff) -> dict[str, Wrong]:
    """What makes no sense in a tariff as a whole, by the path of its field (`bundles.0.meters`)."""
    wrong = _wrong_bounds(tariff.minimum, tariff.cap)
    meters = [price.meter for price in tariff.prices]
    if len(set(meters)) != len(meters):
        wrong["prices"] = Wrong.METER_TWICE
    for level, percent in tariff.discounts.items():
        if not 0 < percent <= _HUNDRED:
            wrong[f"discounts.{level}"] = Wrong.NOT_A_PART
    bundled: set[str] = set()
    names: set[str] = set()
    for place, bundle in enumerate(tariff.bundles):
        if found := _wrong_in_bundle(bundle, set(meters), bundled):
            wrong[f"bundles.{place}.{found[0]}"] = found[1]
        elif bundle.name in names:
            wrong[f"bundles.{place}.name"] = Wrong.NAME_TWICE
        names.add(bundle.name)
        bundled.update(bundle.meters)
    return wrong


def _wrong_in_bundle(bundle: Bundle, priced: set[str], bundled: set[str]) -> tuple[str, Wrong] | None:
    """A meter is in one bundle at most: no charge is cut twice."""
    if not 0 < bundle.percent <= _HUNDRED:
        return "percent", Wrong.NOT_A_PART
    if len(bundle.meters) < 2:
        return "meters", Wrong.TOO_FEW_METERS
    if len(set(bundle.meters)) != len(bundle.meters) or bundled & set(bundle.meters):
        return "meters", Wrong.METER_TWICE
    if not set(bundle.meters) <= priced:
        return "meters", Wrong.NOT_PRICED
    return None
