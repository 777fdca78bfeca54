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
from typing import Any, Literal

from django.utils.translation import gettext as _

from kernel.actor import Actor
from kernel.clock import local_date
from shared_apps.products import bulk_sql
from shared_apps.products.bulk_sql import Change, OfferRow
from shared_apps.products.models import Offer, OfferArea
from shared_apps.products.quantities import packs_too_large
from shared_apps.products.refreshing import refresh_products
from shared_apps.products.rules import (
    OFFER_LIFECYCLE,
    OPEN_STATES,
    QUANTITY_MAX,
    OfferState,
    ProductState,
    Terms,
    is_dearer,
    least_orderable,
)
from shared_apps.region_journal.services import record
from tenants.database.context import region_atomic

Verdict = Literal["new", "changed", "unchanged", "wrong"]
_EXPORTED_AT_ONCE = 2000
# Offers in these states may be changed by their supplier; of a frozen one nothing may get dearer.
_OPEN_TO_CHANGE = frozenset({OfferState.DRAFT, OfferState.LISTED, OfferState.FROZEN})


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
    pack_quantity: int
    stock_note: str
    delivery_days: int
    valid_from: date
    valid_to: date | None
    # The terms that were asked for and wait.
    pending: Terms | None


def judge_offers(*, supplier_id: int, rows: Sequence[OfferRow], now: datetime, lock: bool = False) -> list[JudgedOffer]:
    """What storing each row would do now. The rows name each product once.

    One statement; with `lock` two more where there are offers.
    """
    if not rows:
        return []
    codes = bulk_sql.array(row["product_code"] for row in rows)
    given = {"supplier": supplier_id, "codes": codes, "states": [state.value for state in OPEN_STATES]}
    found = bulk_sql.fetched(bulk_sql.JUDGE, given)
    held: set[int] = set()
    # What was there is judged once more under its lock; of new rows there is nothing to lock.
    while lock and (here := {one[2] for one in found if one[2] is not None} - held):
        bulk_sql.fetched(bulk_sql.LOCK, {"offers": bulk_sql.array(here)})
        held |= here
        found = bulk_sql.fetched(bulk_sql.JUDGE, given)
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
    if least_orderable(least=row["min_quantity"], pack=row["pack_quantity"]) > QUANTITY_MAX:
        return _wrong(product_id, "pack_quantity", packs_too_large())
    if kept is None:
        return JudgedOffer("new", product_id)
    return _compared(row, product_id, offer[0], kept, begins, ends)


def _compared(
    row: OfferRow, product_id: int, offer_id: int, kept: _Kept, begins: date, ends: date | None
) -> JudgedOffer:
    terms = _terms(row["price"], row["reference_price"], row["areas"])
    packs = (row["min_quantity"], row["pack_quantity"])
    fixed = (*packs, begins) == (kept.min_quantity, kept.pack_quantity, kept.valid_from)
    served = (row["stock_note"], row["delivery_days"], ends) == (kept.stock_note, kept.delivery_days, kept.valid_to)
    if fixed and served and terms == (kept.pending or kept.terms):
        return JudgedOffer("unchanged", product_id, offer_id)
    if kept.state not in _OPEN_TO_CHANGE:
        reason = _("This offer is under review or held: it cannot be changed now.")
        return _wrong(product_id, "product_code", reason)
    seen = kept.state != OfferState.DRAFT
    if seen and not fixed:
        return _wrong(product_id, _first_fixed(row, kept), _("This cannot be changed while the offer is on sale."))
    waits = seen and is_dearer(kept.terms, terms)
    if waits and kept.state != OfferState.LISTED:
        return _wrong(product_id, "price", _("This offer is frozen: it cannot get dearer now."))
    return JudgedOffer("changed", product_id, offer_id, waits, kept)


def _first_fixed(row: OfferRow, kept: _Kept) -> str:
    """The first column that differs of those that stay as they are while the offer is on sale."""
    if row["min_quantity"] != kept.min_quantity:
        return "min_quantity"
    return "pack_quantity" if row["pack_quantity"] != kept.pack_quantity else "valid_from"


def _wrong(product_id: int, column: str, reason: str) -> JudgedOffer:
    return JudgedOffer("wrong", product_id, column=column, reason=reason)


def _kept(
    state: str, price: Decimal, reference_price: Decimal, min_quantity: int, pack_quantity: int, stock_note: str,
    delivery_days: int, valid_from: date, valid_to: date | None, areas: str | None, pending_price: Decimal | None,
    pending_reference_price: Decimal, pending_areas: str | None,
) -> _Kept:  # fmt: skip
    # A raw cursor gives jsonb as text.
    terms = _terms(price, reference_price, json.loads(areas) if areas else [])
    pending = None
    if pending_price is not None:
        asked = json.loads(pending_areas) if pending_areas else None
        pending = Terms(pending_price, pending_reference_price, terms.areas if asked is None else _areas(asked))
    return _Kept(state, terms, min_quantity, pack_quantity, stock_note, delivery_days, valid_from, valid_to, pending)


def _terms(price: str | Decimal, reference_price: str | Decimal, areas: Sequence[Sequence[str]]) -> Terms:
    return Terms(Decimal(price), Decimal(reference_price), _areas(areas))


def _areas(rows: Sequence[Sequence[str]]) -> Mapping[str, tuple[Decimal, Decimal]]:
    return {code: (Decimal(freight), Decimal(surcharge)) for code, freight, surcharge in rows}


def store_offers(
    *, actor: Actor, supplier_id: int, supplier_code: str, rows: Sequence[OfferRow], now: datetime
) -> list[JudgedOffer]:
    """Stores what the rows change, and says what became of each; wrong ones are left out.

    At most twelve statements whatever the number of rows, in one transaction or the caller's. Who may act for the
    supplier is the caller's to ask.
    """
    with region_atomic():
        judged = judge_offers(supplier_id=supplier_id, rows=rows, now=now, lock=True)
        offers = _insert(supplier_id, rows, judged, now)
        changed = [(row, one) for row, one in zip(rows, judged, strict=True) if one.verdict == "changed"]
        holding = [(row, one) for row, one in changed if not one.waits]
        if changed:
            _change(actor, changed, holding, now)
        if offers or changed:
            record(
                actor=actor,
                event="products.offers_stored",
                object_type="supplier",
                object_id=supplier_id,
                facts={
                    "supplier_code": supplier_code,
                    "created": offers,
                    "changed": [one.offer_id for _row, one in holding],
                    "asked": [one.offer_id for _row, one in changed if one.waits],
                },
                now=now,
            )
        refresh_products(product_ids=[one.product_id for _row, one in holding], now=now)
    return judged


def _insert(supplier_id: int, rows: Sequence[OfferRow], judged: list[JudgedOffer], now: datetime) -> list[int]:
    """Makes the new offers and sends them to review at once; returns their ids.

    Where somebody else has made the offer since it was judged, the row is judged wrong in its place.
    """
    new = [(one.product_id, row) for row, one in zip(rows, judged, strict=True) if one.verdict == "new"]
    if not new:
        return []
    made = bulk_sql.insert_offers(
        supplier_id=supplier_id,
        rows=new,
        state=OFFER_LIFECYCLE.next(OfferState.DRAFT, "submit").target,
        now=now,
        today=local_date(now),
    )
    if len(made) < len(new):
        for place, one in enumerate(judged):
            if one.verdict == "new" and one.product_id not in made:
                reason = _("The supplier offers this product already")
                judged[place] = _wrong(one.product_id, "product_code", reason)
    return [made[product_id] for product_id, _row in new if product_id in made]


Pairs = Sequence[tuple[OfferRow, JudgedOffer]]


def _change(actor: Actor, changed: Pairs, holding: Pairs, now: datetime) -> None:
    """The columns, and of what holds at once the price history and the areas."""
    if bulk_sql.change_offers(changes=[_as_change(row, one) for row, one in changed], now=now) != len(changed):
        raise RuntimeError("an offer that was locked is not there any more")
    seen = [(row, one.offer_id, one.kept) for row, one in holding if one.kept]
    # What holds at once can only be lower; buyers had not seen a draft's price.
    steps = [
        (offer_id, kept.terms.price, row["price"])
        for row, offer_id, kept in seen
        if kept.state != OfferState.DRAFT and Decimal(row["price"]) != kept.terms.price
    ]
    if steps:
        bulk_sql.note_lower_prices(actor=actor, steps=steps, now=now)
    if moved := [(offer_id, row) for row, offer_id, kept in seen if _areas(row["areas"]) != kept.terms.areas]:
        bulk_sql.set_areas(rows=moved)


def _as_change(row: OfferRow, one: JudgedOffer) -> Change:
    if not one.waits or one.kept is None:
        return Change(one.offer_id, row)
    kept = one.kept.terms
    return Change(one.offer_id, row, (kept.price, kept.reference_price), _areas(row["areas"]) != kept.areas)


def product_ids(*, codes: Collection[str]) -> dict[str, int]:
    """Ids of the products with these codes; one statement."""
    return dict(bulk_sql.fetched(bulk_sql.PRODUCTS, {"codes": bulk_sql.array(codes)}))


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
        pack_quantity=offer.pack_quantity,
        stock_note=offer.stock_note,
        delivery_days=offer.delivery_days,
        valid_from=offer.valid_from.isoformat(),
        valid_to=offer.valid_to.isoformat() if offer.valid_to else None,
        areas=areas,
    )
