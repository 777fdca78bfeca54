"""A quantity of each price that shows how it works: past the free part, past every tier, into a second package."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from shared_apps.fees.rules.pricing import Bill, price_month, priced_per
from shared_apps.fees.rules.terms import MALL_LIVE, Price, PriceKind, Tariff

_PAST_FREE = 10


def example_quantity(price: Price) -> Decimal:
    """A round quantity, above the allowance."""
    if price.kind == PriceKind.FLAT:
        return Decimal(1)
    if price.kind.is_tiered and len(price.tiers) > 1:
        return price.allowance + (price.tiers[-2].up_to or Decimal(0)) * 2
    if price.package_size is not None:
        return price.allowance + price.package_size * 2
    return price.allowance + _PAST_FREE * priced_per(price)


def worked_example(*, terms: Tariff, level: str, chosen: Mapping[str, Decimal]) -> Bill:
    """The bill of a mall that was in operation the whole month, of chosen quantities and else of round ones."""
    quantities = {price.meter: chosen.get(price.meter, example_quantity(price)) for price in terms.prices}
    return price_month(quantities={**quantities, MALL_LIVE: Decimal(1)}, tariff=terms, level=level)
