"""What the library tells others: frozen values, the same for pages, API and the tenants' orders."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from shared_apps.products.rules.quantities import is_orderable, least_orderable, nearest_orderable


@dataclass(frozen=True, slots=True)
class OfferView:
    """One offer as a buyer in one delivery area sees it."""

    offer_id: int
    version: int
    product_id: int
    product_code: str
    product_version: int
    title: str
    brand: str
    model: str
    spec: str
    unit: str
    category_code: str  # the item code (品目), which the law and the rules speak of
    shop_category: str
    kind: str
    vat_rate: Decimal
    price: Decimal  # for one piece, tax and the area's surcharge included
    base_price: Decimal
    reference_price: Decimal  # the ceiling, with the same surcharge
    freight: Decimal  # once per line
    min_quantity: int
    stock_note: str
    delivery_days: int
    supplier_id: int
    supplier_code: str
    supplier_name: str
    supplier_organisation_id: int | None
    supplier_standing: str
    supplier_is_sme: bool
    active: bool  # on sale today: offer, product and supplier
    delivers: bool
    labels: tuple[str, ...]
    picture_url: str
    is_demo: bool
    supplier_size: str = ""
    # The median of what the region's malls paid for a piece; None: too few orders to tell.
    paid_median: Decimal | None = None
    # Sold in whole packs of so many.
    pack_quantity: int = 1

    @property
    def available(self) -> bool:
        return self.active and self.delivers

    @property
    def least_orderable(self) -> int:
        return least_orderable(least=self.min_quantity, pack=self.pack_quantity)

    def takes(self, quantity: int) -> bool:
        """Whether so many can be ordered."""
        return is_orderable(quantity, least=self.min_quantity, pack=self.pack_quantity)

    def nearest_to(self, quantity: int) -> tuple[int | None, int | None]:
        return nearest_orderable(quantity, least=self.min_quantity, pack=self.pack_quantity)


@dataclass(frozen=True, slots=True)
class ShelfView:
    """What a mall shows. No categories: it was never chosen and shows nothing.

    `admitted_suppliers` None: every supplier the region has admitted; else those alone, after local approval.
    `more_areas`: divisions the mall has goods delivered to beside its own `area`. Search shows what is delivered to any
    of them, at the lowest price among them; a product's page, a cart and an order are for one.
    """

    categories: frozenset[str]
    excluded_suppliers: frozenset[int]
    area: str
    admitted_suppliers: frozenset[int] | None = None
    more_areas: tuple[str, ...] = ()

    @property
    def areas(self) -> tuple[str, ...]:
        """Every division delivered to, the mall's own first."""
        return (self.area, *self.more_areas)

    def sells(self, supplier_id: int) -> bool:
        """Whether the mall shows this supplier's offers, whatever they are."""
        admitted = self.admitted_suppliers is None or supplier_id in self.admitted_suppliers
        return admitted and supplier_id not in self.excluded_suppliers


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """`after` is the cursor of the previous page, made by this app."""

    text: str = ""
    category: str = ""
    brands: tuple[str, ...] = ()
    supplier_id: int | None = None
    price_band: str = ""
    labels: tuple[str, ...] = ()
    # One of the shelf's delivery areas; empty: any of them.
    area: str = ""
    sort: str = "relevance"
    after: str = ""
    size: int = 24


@dataclass(frozen=True, slots=True)
class ProductItem:
    """One product of a result."""

    product_id: int
    code: str
    title: str
    brand: str
    model: str
    unit: str
    category_code: str
    labels: tuple[str, ...]
    sales: int
    price: Decimal
    offers: int
    picture_url: str
    is_demo: bool


@dataclass(frozen=True, slots=True)
class FacetChoice:
    value: str
    label: str
    count: int
    selected: bool


@dataclass(frozen=True, slots=True)
class Facets:
    categories: tuple[FacetChoice, ...] = ()
    brands: tuple[FacetChoice, ...] = ()
    suppliers: tuple[FacetChoice, ...] = ()
    price_bands: tuple[FacetChoice, ...] = ()
    labels: tuple[FacetChoice, ...] = ()
    # Where the shelf delivers to several areas: all of them, or the one chosen. Their labels are their codes.
    areas: tuple[FacetChoice, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Another text, and how many products of the shelf hold it, counted up to a hundred."""

    text: str
    hits: int


@dataclass(frozen=True, slots=True)
class SearchPage:
    """`total` and facets are counted, or estimates where they say so: a text that very many products hold."""

    items: tuple[ProductItem, ...]
    facets: Facets
    next_cursor: str
    total: int
    total_is_about: bool = False
    facets_are_about: bool = False
    suggestions: tuple[Suggestion, ...] = ()
    # The text that was searched instead, where the letters given are its initials or its sound.
    shown_for: str = ""


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute in words."""

    key: str
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class ProductPage:
    """One product with the offers a mall shows, cheapest first."""

    product_id: int
    code: str
    title: str
    name: str
    brand: str
    model: str
    spec: str
    unit: str
    category_code: str
    category_name: str
    item_code: str
    item_name: str
    kind: str
    vat_rate: Decimal
    labels: tuple[str, ...]
    certificate_number: str
    sales: int
    state: str
    is_demo: bool
    version: int
    picture_url: str
    attributes: tuple[Attribute, ...]
    offers: tuple[OfferView, ...] = field(default=())

    @property
    def price_from(self) -> Decimal | None:
        return min((offer.price for offer in self.offers), default=None)

    @property
    def attribute_values(self) -> Mapping[str, str]:
        return {attribute.key: attribute.value for attribute in self.attributes}


def picture_address(*, code: str, version: int | None) -> str:
    """Where the drawing is served, on every host, or empty; the version makes it cacheable for long."""
    return f"/pictures/{code}.svg?v={version}" if version else ""


def loads_labels(stored: Any) -> tuple[str, ...]:
    """Raw cursors give jsonb as text or as a list, by what the driver has registered."""
    return tuple(str(label) for label in (json.loads(stored) if isinstance(stored, str) else stored))
