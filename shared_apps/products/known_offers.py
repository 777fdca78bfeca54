"""Products and offers by their numbers, on sale or not: for orders that were placed elsewhere."""

from __future__ import annotations

from collections.abc import Collection

from shared_apps.products.models import Offer, Product


def latest_offers(*, supplier_ids: Collection[int], product_codes: Collection[str]) -> dict[tuple[int, str], int]:
    """The last offer's id by supplier and product number; one statement. Pairs that never were are left out."""
    rows = Offer.objects.filter(supplier_id__in=list(supplier_ids), product__code__in=list(product_codes))
    found: dict[tuple[int, str], int] = {}
    for supplier_id, code, offer_id in rows.order_by("id").values_list("supplier_id", "product__code", "id"):
        found[supplier_id, code] = offer_id
    return found


def titles_of(*, product_codes: Collection[str]) -> dict[str, str]:
    """The titles of products by their numbers, on sale or not; one statement."""
    return dict(Product.objects.filter(code__in=list(product_codes)).values_list("code", "title"))
