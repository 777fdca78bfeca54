"""Many offers of one supplier at once: judged and stored by statements over the whole set.

The rules are those of `services.offers` and `services.prices`: what is cheaper holds at once, what makes an offer
dearer waits as a whole while the present terms stay on sale, what is under review or held is left alone. New offers are
sent to review, as a person would send them. One journal row a call.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, TypedDict

from django.db import connections
from django.utils.translation import gettext as _

from kernel.actor import Actor
from kernel.clock import local_date
from shared_apps.products.models import Offer, OfferArea, Product
from shared_apps.products.models.offer import OfferPrice
from shared_apps.products.refreshing import refresh_products
from shared_apps.products.rules import (
    OFFER_LIFECYCLE,
    OPEN_STATES,
    OfferState,
    PriceChange,
    ProductState,
    Terms,
    is_dearer,
)
from shared_apps.region_journal.services import record
from tenants.database.context import REGION_ALIAS, region_atomic

Verdict = Literal["new", "changed", "unchanged", "wrong"]
_EXPORTED_AT_ONCE = 2000
# Offers in these states may be changed by their supplier; of a frozen one nothing may get dearer.
_OPEN_TO_CHANGE = frozenset({OfferState.DRAFT, OfferState.LISTED, OfferState.FROZEN})


class OfferRow(TypedDict):
    """One offer as JSON has it: amounts as texts, days as 2026-01-31, areas as [code, freight, surcharge]."""

    product_code: str
    price: str
    reference_price: str
    min_quantity: int
    stock_note: str
    delivery_days: int
    valid_from: str | None
    valid_to: str | None
    areas: list[list[str]]


@dataclass(frozen=True, slots=True)
class JudgedOffer:
    """What storing a row would do; `column` and `reason` where it cannot be stored."""

    verdict: Verdict
    # 0 where there is none.
    product_id: int = 0
    offer_id: int = 0
    # Dearer than what is on sale: waits for a decision.
    waits: bool = False
    # The offer as it stands, where there is one.
    kept: _Kept | None = None
    column: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Kept:
    """An open offer as it stands."""

    state: str
    terms: Terms
    min_quantity: int
    stock_note: str
    delivery_days: int
    valid_from: date
    valid_to: date | None
    # The terms that were asked for and wait.
    pending: Terms | None


# One row a given row, in their order. `+ 0` keeps the planner from going through all offers of the supplier for each
# product: of a supplier that is just being filled it believes that there are none.
_JUDGE = """
SELECT p.id, p.state, o.id, o.state, o.price, o.reference_price, o.min_quantity, o.stock_note, o.delivery_days,
       o.valid_from, o.valid_to, a.areas::text, o.pending_price, o.pending_reference_price, o.pending_areas::text
  FROM jsonb_array_elements_text(%(codes)s::jsonb) WITH ORDINALITY AS g(code, n)
  LEFT JOIN products_product p ON p.code = g.code
  LEFT JOIN LATERAL (
        SELECT * FROM products_offer
         WHERE product_id = p.id AND supplier_id + 0 = %(supplier)s AND state = ANY(%(states)s)
       ) o ON true
  LEFT JOIN LATERAL (
        SELECT jsonb_agg(jsonb_build_array(division_code, freight::text, surcharge::text)) AS areas
          FROM products_offerarea WHERE offer_id = o.id
       ) a ON true
 ORDER BY g.n
"""
# In the order of ids, so that two calls cannot wait crosswise.
_LOCK = """
SELECT id FROM products_offer
 WHERE product_id = ANY(%(products)s::bigint[]) AND supplier_id + 0 = %(supplier)s AND state = ANY(%(states)s)
 ORDER BY id FOR UPDATE
"""


def judge_offers(*, supplier_id: int, rows: Sequence[OfferRow], now: datetime, lock: bool = False) -> list[JudgedOffer]:
    """What storing each row would do now. One statement, three with `lock`. The rows name each product once."""
    if not rows:
        return []
    codes = [row["product_code"] for row in rows]
    whose: dict[str, Any] = {"supplier": supplier_id, "states": [state.value for state in OPEN_STATES]}
    products = list(product_ids(codes=codes).values()) if lock else []
    with connections[REGION_ALIAS].cursor() as cursor:
        if lock:
            cursor.execute(_LOCK, {**whose, "products": products})
        cursor.execute(_JUDGE, {**whose, "codes": json.dumps(codes)})
        found = cursor.fetchall()
    today = local_date(now)
    return [_judged(row, today, *one) for row, one in zip(rows, found, strict=True)]


def _judged(row: OfferRow, today: date, product_id: int | None, product_state: str | None, *offer: Any) -> JudgedOffer:
    if product_id is None:
        return JudgedOffer("wrong", column="product_code", reason=_("The library has no product with this code."))
    if product_state != ProductState.LISTED:
        return _wrong(product_id, "product_code", _("This product is not in the library's list at present."))
    kept = None if offer[0] is None else _kept(*offer[1:])
    begins = date.fromisoformat(row["valid_from"]) if row["valid_from"] else (kept.valid_from if kept else today)
    ends = date.fromisoformat(row["valid_to"]) if row["valid_to"] else None
    if ends is not None and ends < begins:
        return _wrong(product_id, "valid_to", _("The last day lies before the first."))
    if kept is None:
        return JudgedOffer("new", product_id)
    return _compared(row, product_id, offer[0], kept, begins, ends)


def _compared(
    row: OfferRow, product_id: int, offer_id: int, kept: _Kept, begins: date, ends: date | None
) -> JudgedOffer:
    terms = _terms(row["price"], row["reference_price"], row["areas"])
    fixed = (row["min_quantity"], begins) == (kept.min_quantity, kept.valid_from)
    served = (row["stock_note"], row["delivery_days"], ends) == (kept.stock_note, kept.delivery_days, kept.valid_to)
    if fixed and served and terms == (kept.pending or kept.terms):
        return JudgedOffer("unchanged", product_id, offer_id)
    if kept.state not in _OPEN_TO_CHANGE:
        reason = _("This offer is under review or held: it cannot be changed now.")
        return _wrong(product_id, "product_code", reason)
    seen = kept.state != OfferState.DRAFT
    if seen and not fixed:
        column = "min_quantity" if row["min_quantity"] != kept.min_quantity else "valid_from"
        return _wrong(product_id, column, _("This cannot be changed while the offer is on sale."))
    waits = seen and is_dearer(kept.terms, terms)
    if waits and kept.state != OfferState.LISTED:
        return _wrong(product_id, "price", _("This offer is frozen: it cannot get dearer now."))
    return JudgedOffer("changed", product_id, offer_id, waits, kept)


def _wrong(product_id: int, column: str, reason: str) -> JudgedOffer:
    return JudgedOffer("wrong", product_id, column=column, reason=reason)


def _kept(
    state: str, price: Decimal, reference_price: Decimal, min_quantity: int, stock_note: str, delivery_days: int,
    valid_from: date, valid_to: date | None, areas: str | None, pending_price: Decimal | None,
    pending_reference_price: Decimal, pending_areas: str | None,
) -> _Kept:  # fmt: skip
    # A raw cursor gives jsonb as text.
    terms = _terms(price, reference_price, json.loads(areas) if areas else [])
    pending = None
    if pending_price is not None:
        asked = json.loads(pending_areas) if pending_areas else None
        pending = Terms(pending_price, pending_reference_price, terms.areas if asked is None else _areas(asked))
    return _Kept(state, terms, min_quantity, stock_note, delivery_days, valid_from, valid_to, pending)


def _terms(price: str | Decimal, reference_price: str | Decimal, areas: Sequence[Sequence[str]]) -> Terms:
    return Terms(Decimal(price), Decimal(reference_price), _areas(areas))


def _areas(rows: Sequence[Sequence[str]]) -> Mapping[str, tuple[Decimal, Decimal]]:
    return {code: (Decimal(freight), Decimal(surcharge)) for code, freight, surcharge in rows}


_UPDATE = """
UPDATE products_offer o
   SET price = g.price, reference_price = g.reference_price, min_quantity = g.min_quantity,
       stock_note = g.stock_note, delivery_days = g.delivery_days, valid_from = COALESCE(g.valid_from, o.valid_from),
       valid_to = g.valid_to, pending_since = CASE WHEN g.pending_price IS NULL THEN NULL ELSE %(now)s END,
       pending_price = g.pending_price, pending_reference_price = g.pending_reference_price,
       pending_areas = g.pending_areas, version = o.version + 1, updated_at = %(now)s
  FROM jsonb_to_recordset(%(rows)s) AS g(offer_id bigint, price numeric, reference_price numeric, min_quantity int,
       stock_note text, delivery_days int, valid_from date, valid_to date, pending_price numeric,
       pending_reference_price numeric, pending_areas jsonb)
 WHERE o.id = g.offer_id
"""


def store_offers(
    *, actor: Actor, supplier_id: int, supplier_code: str, rows: Sequence[OfferRow], now: datetime
) -> list[JudgedOffer]:
    """Stores what the rows change, and says what became of each; wrong ones are left out.

    At most twelve statements whatever the number of rows, in one transaction or the caller's. Who may act for the
    supplier is the caller's to ask.
    """
    with region_atomic():
        judged = judge_offers(supplier_id=supplier_id, rows=rows, now=now, lock=True)
        paired = list(zip(rows, judged, strict=True))
        created = [(row, one) for row, one in paired if one.verdict == "new"]
        changed = [(row, one) for row, one in paired if one.verdict == "changed"]
        holding = [(row, one) for row, one in changed if not one.waits]
        offers = _insert(supplier_id, created, now)
        if changed:
            _change(changed, now)
            _note(actor, holding, now)
        moved = [(row, one) for row, one in holding if one.kept and _areas(row["areas"]) != one.kept.terms.areas]
        _set_areas(
            new=[(offer.pk, row) for offer, (row, _one) in zip(offers, created, strict=True)],
            moved=[(one.offer_id, row) for row, one in moved],
        )
        if created or changed:
            record(
                actor=actor,
                event="products.offers_stored",
                object_type="supplier",
                object_id=supplier_id,
                facts={
                    "supplier_code": supplier_code,
                    "created": [offer.pk for offer in offers],
                    "changed": [one.offer_id for _row, one in holding],
                    "asked": [one.offer_id for _row, one in changed if one.waits],
                },
                now=now,
            )
        refresh_products(product_ids=[one.product_id for _row, one in holding], now=now)
    return judged


def _insert(supplier_id: int, created: Sequence[tuple[OfferRow, JudgedOffer]], now: datetime) -> list[Offer]:
    """New offers, sent to review at once."""
    today = local_date(now)
    state = OFFER_LIFECYCLE.next(OfferState.DRAFT, "submit").target
    return Offer.objects.bulk_create(
        Offer(
            product_id=one.product_id,
            supplier_id=supplier_id,
            price=Decimal(row["price"]),
            reference_price=Decimal(row["reference_price"]),
            min_quantity=row["min_quantity"],
            stock_note=row["stock_note"],
            delivery_days=row["delivery_days"],
            valid_from=row["valid_from"] or today,
            valid_to=row["valid_to"],
            state=state,
            updated_at=now,
        )
        for row, one in created
    )


def _change(changed: Sequence[tuple[OfferRow, JudgedOffer]], now: datetime) -> None:
    rows = []
    for row, one in changed:
        values: dict[str, Any] = {**row, "offer_id": one.offer_id, "areas": None}
        if one.waits and one.kept is not None:
            kept = one.kept.terms
            same_areas = _areas(row["areas"]) == kept.areas
            values |= {
                "price": str(kept.price),
                "reference_price": str(kept.reference_price),
                "pending_price": row["price"],
                "pending_reference_price": row["reference_price"],
                "pending_areas": None if same_areas else row["areas"],
            }
        rows.append(values)
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(_UPDATE, {"rows": json.dumps(rows), "now": now})
        if cursor.rowcount != len(rows):
            raise RuntimeError("an offer that was locked is not there any more")


def _note(actor: Actor, holding: Sequence[tuple[OfferRow, JudgedOffer]], now: datetime) -> None:
    """The history of prices that buyers had seen: what holds at once can only be lower."""
    OfferPrice.objects.bulk_create(
        OfferPrice(
            offer_id=one.offer_id,
            change=PriceChange.LOWERED,
            before=one.kept.terms.price,
            after=Decimal(row["price"]),
            changed_at=now,
            changed_by_id=actor.user_id,
            changed_by_name=actor.name,
        )
        for row, one in holding
        if one.kept and one.kept.state != OfferState.DRAFT and Decimal(row["price"]) != one.kept.terms.price
    )


def _set_areas(*, new: Sequence[tuple[int, OfferRow]], moved: Sequence[tuple[int, OfferRow]]) -> None:
    if moved:
        OfferArea.objects.filter(offer_id__in=[offer_id for offer_id, _row in moved]).delete()
    OfferArea.objects.bulk_create(
        OfferArea(offer_id=offer_id, division_code=code, freight=Decimal(freight), surcharge=Decimal(surcharge))
        for offer_id, row in (*new, *moved)
        for code, freight, surcharge in row["areas"]
    )


def product_ids(*, codes: Collection[str]) -> dict[str, int]:
    """Ids of the products with these codes; one statement."""
    return dict(Product.objects.filter(code__in=list(codes)).values_list("code", "id"))


def open_offers(*, supplier_id: int) -> Iterator[dict[int, OfferRow]]:
    """A supplier's open offers by product, some at a time: what is on sale, not what was asked for and waits."""
    after = 0
    while True:
        offers = list(
            Offer.objects.filter(supplier_id=supplier_id, state__in=list(OPEN_STATES), product_id__gt=after)
            .select_related("product")
            .defer("product__tokens", "product__haystack")
            .order_by("product_id")[:_EXPORTED_AT_ONCE]
        )
        if not offers:
            return
        after = offers[-1].product_id
        areas: dict[int, list[list[str]]] = {}
        rows = OfferArea.objects.filter(offer__in=offers).order_by("division_code")
        for offer_id, *area in rows.values_list("offer_id", "division_code", "freight", "surcharge"):
            areas.setdefault(offer_id, []).append([str(part) for part in area])
        yield {offer.product_id: _as_row(offer, areas.get(offer.pk, [])) for offer in offers}


def _as_row(offer: Offer, areas: list[list[str]]) -> OfferRow:
    return OfferRow(
        product_code=offer.product.code,
        price=str(offer.price),
        reference_price=str(offer.reference_price),
        min_quantity=offer.min_quantity,
        stock_note=offer.stock_note,
        delivery_days=offer.delivery_days,
        valid_from=offer.valid_from.isoformat(),
        valid_to=offer.valid_to.isoformat() if offer.valid_to else None,
        areas=areas,
    )
