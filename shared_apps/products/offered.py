"""Offers as their suppliers and those who review them see them, in every state. On the region's login only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connections
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from shared_apps.products.models import Offer, OfferArea, ProductCertificate
from shared_apps.products.models.offer import OfferPrice
from shared_apps.products.read_models import picture_address
from shared_apps.products.rules import (
    OPEN_STATES,
    RENEWABLE_STATES,
    CertificateState,
    OfferState,
    ProductState,
)
from tenants.database.context import REGION_ALIAS

PAGE_SIZE = 50
Area = tuple[str, Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class OfferedOffer:
    """One offer with the product it is of. Prices are before any area's surcharge."""

    id: int
    version: int
    product_id: int
    product_code: str
    product_state: str
    title: str
    brand: str
    category_code: str
    category_name: str
    labels: tuple[str, ...]
    picture_url: str
    is_demo: bool
    supplier_id: int
    price: Decimal
    reference_price: Decimal
    min_quantity: int
    pack_quantity: int
    stock_note: str
    delivery_days: int
    valid_from: date
    valid_to: date | None
    vat_rate: Decimal  # the offer's own, or the product's
    own_vat_rate: Decimal | None
    state: str
    state_reason: str
    pending_since: datetime | None
    pending_price: Decimal | None
    pending_reference_price: Decimal | None
    pending_areas: tuple[Area, ...] | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class OfferedPage:
    offers: tuple[OfferedOffer, ...]
    next_before: int | None


@dataclass(frozen=True, slots=True)
class PriceStep:
    """One change of a price on sale."""

    change: str
    before: Decimal
    after: Decimal
    changed_at: datetime
    changed_by_name: str
    approved_by_name: str


# What is read of an offer, in the order that `_shown` takes it: no instances are made, the checks read thousands.
_COLUMNS = (
    "pk", "version", "product_id", "product__code", "product__state", "product__title", "product__brand",
    "product__category_id", "product__category__name", "product__labels", "product__picture__version",
    "product__is_demo", "supplier_id", "price", "reference_price", "min_quantity", "pack_quantity", "stock_note",
    "delivery_days",
    "valid_from", "valid_to", "product__vat_rate", "vat_rate", "state", "state_reason", "pending_since",
    "pending_price", "pending_reference_price", "pending_areas", "updated_at",
)  # fmt: skip


def _shown(rows: QuerySet[Offer]) -> Iterator[OfferedOffer]:
    for row in rows.values_list(*_COLUMNS):
        (
            pk, version, product_id, code, product_state, title, brand, category_code, category_name, labels, picture,
            is_demo, supplier_id, price, reference_price, min_quantity, pack_quantity, stock_note, delivery_days,
            valid_from, valid_to, rate, own_rate, state, state_reason, pending_since, pending_price,
            pending_reference_price, pending_areas, updated_at,
        ) = row  # fmt: skip
        yield OfferedOffer(
            id=pk,
            version=version,
            product_id=product_id,
            product_code=code,
            product_state=product_state,
            title=title,
            brand=brand,
            category_code=category_code,
            category_name=category_name,
            labels=tuple(labels),
            picture_url=picture_address(code=code, version=picture),
            is_demo=is_demo,
            supplier_id=supplier_id,
            price=price,
            reference_price=reference_price,
            min_quantity=min_quantity,
            pack_quantity=pack_quantity,
            stock_note=stock_note,
            delivery_days=delivery_days,
            valid_from=valid_from,
            valid_to=valid_to,
            vat_rate=rate if own_rate is None else own_rate,
            own_vat_rate=own_rate,
            state=state,
            state_reason=state_reason,
            pending_since=pending_since,
            pending_price=pending_price,
            pending_reference_price=pending_reference_price,
            pending_areas=None if pending_areas is None else tuple(_area(*one) for one in pending_areas),
            updated_at=updated_at,
        )


def _area(code: str, freight: str, surcharge: str) -> Area:
    return code, Decimal(freight), Decimal(surcharge)


def offered(*, offer_ids: Collection[int]) -> dict[int, OfferedOffer]:
    """The offers of these ids, by id; one statement. Ids that do not exist are left out."""
    if not offer_ids:
        return {}
    return {one.id: one for one in _shown(Offer.objects.filter(pk__in=list(offer_ids)).order_by("pk"))}


def list_offered(
    *,
    supplier_ids: Collection[int] | None = None,
    text: str = "",
    state: str = "",
    category: str = "",
    before: int = 0,
    size: int = PAGE_SIZE,
) -> OfferedPage:
    """Offers, newest first, a page at a time; of these suppliers only, or of all. One statement.

    `text` is a part of the product's title, or its whole code.
    """
    rows = _filtered(supplier_ids, text, category)
    if state:
        rows = rows.filter(state=state)
    if before:
        rows = rows.filter(pk__lt=before)
    found = tuple(_shown(rows.order_by("-pk")[: size + 1]))
    more = len(found) > size
    return OfferedPage(found[:size], found[size - 1].id if more else None)


def counts_by_state(
    *, supplier_ids: Collection[int] | None = None, text: str = "", category: str = ""
) -> dict[str, int]:
    """How many offers there are in each state, under the same filters. One statement."""
    rows = _filtered(supplier_ids, text, category).order_by().values_list("state").annotate(count=Count("id"))
    return dict(rows)


def _filtered(supplier_ids: Collection[int] | None, text: str, category: str) -> QuerySet[Offer]:
    rows = Offer.objects.all()
    if supplier_ids is not None:
        rows = rows.filter(supplier_id__in=list(supplier_ids))
    if text:
        rows = rows.filter(Q(product__title__icontains=text) | Q(product__code=text))
    if category:
        rows = rows.filter(product__category_id=category)
    return rows


def areas_of(*, offer_ids: Collection[int]) -> dict[int, tuple[Area, ...]]:
    """Where each offer is delivered, by division code; one statement."""
    found: dict[int, list[Area]] = defaultdict(list)
    rows = OfferArea.objects.filter(offer_id__in=list(offer_ids)).order_by("offer_id", "division_code")
    for offer_id, code, freight, surcharge in rows.values_list("offer_id", "division_code", "freight", "surcharge"):
        found[offer_id].append((code, freight, surcharge))
    return {offer_id: tuple(areas) for offer_id, areas in found.items()}


def price_steps(*, offer_ids: Collection[int]) -> dict[int, tuple[PriceStep, ...]]:
    """The history of each offer's price on sale, oldest first; one statement. No history: it is as it was listed."""
    found: dict[int, list[PriceStep]] = defaultdict(list)
    rows = OfferPrice.objects.filter(offer_id__in=list(offer_ids)).order_by("id")
    columns = ("change", "before", "after", "changed_at", "changed_by_name", "approved_by_name")
    for row in rows.values("offer_id", *columns):
        found[row.pop("offer_id")].append(PriceStep(**row))
    return {offer_id: tuple(steps) for offer_id, steps in found.items()}


def prices_on_sale(*, product_ids: Collection[int]) -> dict[int, tuple[tuple[int, Decimal], ...]]:
    """(supplier, price) of every listed offer of each product; one statement."""
    found: dict[int, list[tuple[int, Decimal]]] = defaultdict(list)
    rows = Offer.objects.filter(product_id__in=list(product_ids), state=OfferState.LISTED)
    for product_id, supplier_id, price in rows.values_list("product_id", "supplier_id", "price"):
        found[product_id].append((supplier_id, price))
    return {product_id: tuple(prices) for product_id, prices in found.items()}


@dataclass(frozen=True, slots=True)
class EndedOffer:
    id: int
    product_id: int
    supplier_id: int
    price: Decimal


def ended_offers(*, product_ids: Collection[int], supplier_ids: Collection[int]) -> tuple[EndedOffer, ...]:
    """Offers of these suppliers for these products that have ended, oldest first; one statement."""
    rows = Offer.objects.filter(
        product_id__in=list(product_ids),
        supplier_id__in=list(supplier_ids),
        state__in=[OfferState.DELISTED, OfferState.EXPIRED],
    ).order_by("pk")
    return tuple(EndedOffer(*row) for row in rows.values_list("pk", "product_id", "supplier_id", "price"))


def certified_labels(*, product_ids: Collection[int]) -> dict[int, frozenset[str]]:
    """Labels that a certificate was once approved for, whether it still holds or not; one statement."""
    found: dict[int, set[str]] = {product_id: set() for product_id in product_ids}
    rows = ProductCertificate.objects.filter(product_id__in=list(product_ids), state=CertificateState.APPROVED)
    for product_id, label in rows.values_list("product_id", "label"):
        found[product_id].add(label)
    return {product_id: frozenset(labels) for product_id, labels in found.items()}


def on_sale(*, category: str = "", uscc: str = "") -> dict[int, Decimal]:
    """Id and price of every offer on sale, of a category or a supplier where one is named; one statement."""
    filters: dict[str, Any] = {"state": OfferState.LISTED, "product__state": ProductState.LISTED}
    if category:
        filters["product__category_id"] = category
    if uscc:
        filters["supplier__uscc"] = uscc
    return dict(Offer.objects.filter(**filters).values_list("pk", "price"))


def offered_anew(*, offer_ids: Collection[int]) -> frozenset[int]:
    """Those of the offers whose supplier has another one of the product under way; one statement, none without ids."""
    if not offer_ids:
        return frozenset()
    anew = Offer.objects.filter(
        product_id=OuterRef("product_id"), supplier_id=OuterRef("supplier_id"), state__in=OPEN_STATES
    )
    rows = Offer.objects.filter(Exists(anew.exclude(pk=OuterRef("pk"))), pk__in=list(offer_ids))
    return frozenset(rows.values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class Ending:
    """What of a supplier's offers ends in a row of days."""

    offers: int = 0
    first_on: date | None = None


def endings(*, on: date, until: date, supplier_ids: Collection[int] | None = None) -> dict[int, Ending]:
    """How many offers of each supplier that it may renew end in these days, and when the first does; one statement."""
    rows = Offer.objects.filter(state__in=RENEWABLE_STATES, valid_to__gte=on, valid_to__lte=until)
    if supplier_ids is not None:
        rows = rows.filter(supplier_id__in=list(supplier_ids))
    found = rows.order_by().values_list("supplier_id").annotate(offers=Count("id"), first_on=Min("valid_to"))
    return {supplier_id: Ending(offers, first_on) for supplier_id, offers, first_on in found}


def ending_offers(
    *, supplier_ids: Collection[int], since: date, until: date, after: int = 0, size: int = PAGE_SIZE
) -> OfferedPage:
    """Offers of these suppliers that end until a day or have expired since one and were not offered anew, by id.

    One statement. `next_before` of the page is the id to go on after.
    """
    anew = Offer.objects.filter(
        product_id=OuterRef("product_id"), supplier_id=OuterRef("supplier_id"), state__in=OPEN_STATES
    )
    ends = Q(state__in=RENEWABLE_STATES, valid_to__lte=until) | Q(
        ~Exists(anew), state=OfferState.EXPIRED, valid_to__gte=since, product__state=ProductState.LISTED
    )
    rows = Offer.objects.filter(ends, supplier_id__in=list(supplier_ids), pk__gt=after)
    found = tuple(_shown(rows.order_by("pk")[: size + 1]))
    return OfferedPage(found[:size], found[size - 1].id if len(found) > size else None)


def submitted_ids(*, size: int) -> list[int]:
    """Offers that wait for the machine's step, oldest first."""
    return list(Offer.objects.filter(state=OfferState.SUBMITTED).order_by("pk").values_list("pk", flat=True)[:size])


def asking(*, after: int, size: int) -> list[tuple[int, datetime]]:
    """(id, since when) of offers that ask for dearer terms, by id, some at a time."""
    rows = Offer.objects.filter(pending_since__isnull=False, pk__gt=after).order_by("pk")
    return [(pk, since) for pk, since in rows.values_list("pk", "pending_since")[:size] if since is not None]


def hold_asking(*, offer_ids: Collection[int]) -> list[int]:
    """Locks those of the offers that ask for dearer terms, in the order of their ids; returns which."""
    rows = Offer.objects.select_for_update(no_key=True).filter(pk__in=list(offer_ids), pending_since__isnull=False)
    return list(rows.order_by("pk").values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class DiscountAfterRise:
    """A price that fell soon after it had risen."""

    offer_id: int
    before: Decimal
    raised_to: Decimal
    raised_at: datetime
    lowered_to: Decimal
    lowered_at: datetime


# The last rise before each fall.
_DISCOUNTS = """
SELECT f.offer_id, r.before, r.after, r.changed_at, f.after, f.changed_at
  FROM products_offerprice f
 CROSS JOIN LATERAL (
    SELECT r.before, r.after, r.changed_at FROM products_offerprice r
     WHERE r.offer_id = f.offer_id AND r.id < f.id AND r.change = 'raised' ORDER BY r.id DESC LIMIT 1
 ) r
 WHERE f.change = 'lowered' AND f.changed_at >= %(since)s
   AND (f.changed_at AT TIME ZONE 'Asia/Shanghai')::date - (r.changed_at AT TIME ZONE 'Asia/Shanghai')::date <= %(days)s
 ORDER BY f.changed_at DESC, f.id DESC LIMIT %(size)s
"""


def discounts_after_rise(*, days: int, since: datetime, size: int) -> list[DiscountAfterRise]:
    """Falls since then that came within `days` of a rise, newest first; one statement."""
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(_DISCOUNTS, {"days": days, "since": since, "size": size})
        return [DiscountAfterRise(*row) for row in cursor.fetchall()]
