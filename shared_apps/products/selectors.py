"""Reading the library for one shelf and one delivery area. Runs as yz_mall in a tenant's request."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django.db import connections
from django.db.models import Count

from kernel.clock import local_date, utc_now
from kernel.problems import NotFound
from shared_apps.classification.selectors import attributes_of
from shared_apps.products import sql
from shared_apps.products.models import Product, ProductPicture
from shared_apps.products.read_models import (
    Attribute,
    OfferView,
    ProductPage,
    ShelfView,
    loads_labels,
    picture_address,
)
from shared_apps.products.rules import PUBLIC_STATES, Label, ProductState, area_parameters
from shared_apps.products.search_sql import EXAMPLES
from shared_apps.products.searching import popular, search
from shared_apps.products.suggesting import COUNTED_MAX, find
from tenants.database.context import REGION_ALIAS

COMPARED_MAX = 4
__all__ = [
    "COMPARED_MAX",
    "COUNTED_MAX",
    "example_codes",
    "find",
    "offers",
    "picture",
    "picture_address",
    "popular",
    "product_counts",
    "product_page",
    "product_pages",
    "search",
]


def offers(*, offer_ids: Collection[int], area: str, on: date | None = None) -> dict[int, OfferView]:
    """The offers as seen from one delivery area, also those no longer on sale; one statement.

    `area` is the division delivered to. Ids that do not exist are left out.
    """
    if not offer_ids:
        return {}
    parameters = {"ids": list(offer_ids), **_place(area, on)}
    return {view.offer_id: view for view in _offer_rows(sql.OFFERS_BY_ID, parameters)}


def product_page(*, code: str, shelf: ShelfView, on: date | None = None) -> ProductPage:
    """One product with the offers the shelf shows; up to three statements. Raises NotFound for what is not shown."""
    return product_pages(codes=(code,), shelf=shelf, on=on)[0]


def product_pages(
    *, codes: Sequence[str], shelf: ShelfView, on: date | None = None, shown_only: bool = False
) -> tuple[ProductPage, ...]:
    """Products side by side, in the order asked for. Raises NotFound naming the first that is not shown.

    `shown_only` leaves those out instead.
    """
    rows = {
        row.code: row
        for row in Product.objects.filter(code__in=codes, category_id__in=shelf.categories, state__in=PUBLIC_STATES)
        .select_related("category", "item", "picture")
        .defer("haystack", "tokens", "picture__svg")
    }
    for code in codes:
        if code not in rows and not shown_only:
            raise NotFound(product_code=code)
    parameters = {
        "ids": [row.pk for row in rows.values()],
        "excluded": list(shelf.excluded_suppliers),
        "admitted": None if shelf.admitted_suppliers is None else list(shelf.admitted_suppliers),
        **_place(shelf.area, on),
    }
    by_product: dict[int, list[OfferView]] = {}
    for view in _offer_rows(sql.OFFERS_OF_PRODUCTS, parameters):
        by_product.setdefault(view.product_id, []).append(view)
    return tuple(_page(rows[code], by_product.get(rows[code].pk, [])) for code in codes if code in rows)


def picture(*, code: str) -> tuple[str, int]:
    """(SVG text, version) of a product's drawing. Raises NotFound."""
    found = ProductPicture.objects.filter(product__code=code).values_list("svg", "version").first()
    if found is None:
        raise NotFound(product_code=code)
    return str(found[0]), int(found[1])


def example_codes(*, categories: Collection[str]) -> dict[str, tuple[str, int | None]]:
    """For each category the product sold most: (code, picture version), the picture a category is shown by."""
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(EXAMPLES, {"categories": list(categories)})
        return {category: (code, version) for category, code, version in cursor.fetchall()}


def product_counts() -> dict[str, int]:
    """Listed products by shop category. One statement."""
    rows = Product.objects.filter(state=ProductState.LISTED).values("category_id").annotate(count=Count("id"))
    return {row["category_id"]: row["count"] for row in rows}


def _place(area: str, on: date | None) -> dict[str, Any]:
    return {**area_parameters(area), "today": on or local_date(utc_now())}


def _offer_rows(statement: str, parameters: dict[str, Any]) -> list[OfferView]:
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(statement, parameters)
        return [_offer(row) for row in cursor.fetchall()]


def _offer(row: tuple[Any, ...]) -> OfferView:
    (
        offer_id, version, product_id, code, product_version, title, brand, model, spec, unit, item, category_id, kind,
        vat_rate, price, reference, min_quantity, stock_note, delivery_days, supplier_id, uscc, supplier_name,
        organisation_id, standing, is_sme, active, freight, surcharge, labels, is_demo, picture_version, size,
        paid_median, pack_quantity,
    ) = row  # fmt: skip
    extra = surcharge if surcharge is not None else 0
    return OfferView(
        offer_id=offer_id,
        version=version,
        product_id=product_id,
        product_code=code,
        product_version=product_version,
        title=title,
        brand=brand,
        model=model,
        spec=spec,
        unit=unit,
        category_code=item,
        shop_category=category_id,
        kind=kind,
        vat_rate=vat_rate,
        price=price + extra,
        base_price=price,
        reference_price=reference + extra,
        freight=freight if freight is not None else price - price,
        min_quantity=min_quantity,
        stock_note=stock_note,
        delivery_days=delivery_days,
        supplier_id=supplier_id,
        supplier_code=uscc,
        supplier_name=supplier_name,
        supplier_organisation_id=organisation_id,
        supplier_standing=standing,
        supplier_is_sme=is_sme,
        active=active,
        delivers=freight is not None,
        labels=_labels(labels, is_sme),
        picture_url=picture_address(code=code, version=picture_version),
        is_demo=is_demo,
        supplier_size=size,
        paid_median=paid_median,
        pack_quantity=pack_quantity,
    )


def _labels(stored: Any, is_sme: bool) -> tuple[str, ...]:
    labels = loads_labels(stored)
    return (*labels, Label.SME.value) if is_sme else labels


def _page(product: Product, shown: list[OfferView]) -> ProductPage:
    picture_row = getattr(product, "picture", None)
    sme = any(offer.supplier_is_sme for offer in shown)
    return ProductPage(
        product_id=product.pk,
        code=product.code,
        title=product.title,
        name=product.name,
        brand=product.brand,
        model=product.model,
        spec=product.spec,
        unit=product.unit,
        category_code=product.category_id,
        category_name=product.category.name,
        item_code=product.item_id,
        item_name=product.item.name,
        kind=product.kind,
        vat_rate=product.vat_rate,
        labels=_labels(product.labels, sme),
        certificate_number=product.certificate_number,
        sales=product.sales,
        state=product.state,
        is_demo=product.is_demo,
        version=product.version,
        picture_url=picture_address(code=product.code, version=picture_row.version if picture_row else None),
        attributes=_attributes(product),
        offers=tuple(shown),
    )


def _attributes(product: Product) -> tuple[Attribute, ...]:
    """In the category's order; a key the category does not type is not shown."""
    found = []
    for typed in attributes_of(category_code=product.category_id):
        if typed.key in product.attributes:
            value = f"{product.attributes[typed.key]}"
            found.append(Attribute(typed.key, typed.name, f"{value} {typed.unit}".strip()))
    return tuple(found)
