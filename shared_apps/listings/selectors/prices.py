"""What malls paid for products. Readable by every mall: medians and ranges, never an order."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shared_apps.listings.models import PriceReference


@dataclass(frozen=True, slots=True)
class PriceReferenceView:
    """Paid prices of one product over all malls, for a piece with tax; `orders` paid orders in the window."""

    product_id: int
    median: Decimal
    low: Decimal
    high: Decimal
    orders: int
    window_from: date
    window_to: date


def price_reference(*, product_ids: Collection[int]) -> dict[int, PriceReferenceView]:
    """The references there are; a product with fewer orders than `reference_orders_min` has none. One statement."""
    if not product_ids:
        return {}
    rows = PriceReference.objects.filter(product_id__in=list(product_ids)).values(
        "product_id", "median", "low", "high", "orders", "window_from", "window_to"
    )
    return {row["product_id"]: PriceReferenceView(**row) for row in rows}
