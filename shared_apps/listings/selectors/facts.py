"""What the machine checks need to know of offers: a fixed number of statements, however many offers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import Count

from kernel.clock import local_date
from shared_apps.listings.models import OfferFreeze, OfferReview
from shared_apps.listings.rules.checks import OfferFacts, PriceMove
from shared_apps.listings.rules.reviews import ReviewKind, ReviewState
from shared_apps.listings.selectors.prices import price_reference
from shared_apps.listings.selectors.settings import words
from shared_apps.products.certificates import valid_labels
from shared_apps.products.offered import (
    OfferedOffer,
    certified_labels,
    ended_offers,
    offered,
    price_steps,
    prices_on_sale,
)
from shared_apps.suppliers.selectors import suppliers_by_id
from shared_apps.suppliers.selectors.scope import licensed_scopes

Pair = tuple[int, int]


def offer_facts(*, offer_ids: Collection[int], kind: ReviewKind, on: date) -> list[tuple[OfferedOffer, OfferFacts]]:
    """Each offer as it asks to be, by id: a new one with its price, one on sale with the price it asks for."""
    offers = list(offered(offer_ids=offer_ids).values())
    product_ids = {offer.product_id for offer in offers}
    suppliers = suppliers_by_id(ids={offer.supplier_id for offer in offers})
    carried = certified_labels(product_ids=product_ids)
    valid = valid_labels(product_ids=product_ids, on=on)
    references = price_reference(product_ids=product_ids)
    others = prices_on_sale(product_ids=product_ids)
    moves = price_moves(offer_ids=[offer.id for offer in offers])
    last = _last_prices(offers) if kind is ReviewKind.LISTING else {}
    freezes = _freezes(offers)
    scopes = licensed_scopes(supplier_ids=set(suppliers))
    searched = tuple((one.word, one.source) for one in words())
    found = []
    for offer in offers:
        reference = references.get(offer.product_id)
        asks = kind is ReviewKind.PRICE and offer.pending_price is not None
        pair = (offer.product_id, offer.supplier_id)
        facts = OfferFacts(
            on=on,
            price=(offer.pending_price if asks else None) or offer.price,
            reference_price=(offer.pending_reference_price if asks else None) or offer.reference_price,
            present_price=offer.price if asks else None,
            title=offer.title,
            stock_note=offer.stock_note,
            standing=suppliers[offer.supplier_id].standing,
            labels=frozenset(offer.labels) | carried[offer.product_id],
            valid_labels=valid[offer.product_id],
            other_prices=tuple(
                price for seller, price in others.get(offer.product_id, ()) if seller != offer.supplier_id
            ),
            paid_median=reference.median if reference else None,
            paid_orders=reference.orders if reference else 0,
            moves=moves.get(offer.id, ()),
            last_price=last.get(pair),
            earlier_freezes=freezes.get(pair, 0),
            words=searched,
            category=offer.category_name,
            in_scope=_in_scope(scopes[offer.supplier_id], offer.category_code),
        )
        found.append((offer, facts))
    return found


def _in_scope(scope: frozenset[str] | None, category: str) -> bool | None:
    return None if scope is None else category in scope


def price_moves(*, offer_ids: Collection[int]) -> dict[int, tuple[PriceMove, ...]]:
    """The changes of each offer's price on sale, in their order. One statement."""
    steps = price_steps(offer_ids=offer_ids)
    return {
        offer_id: tuple(PriceMove(local_date(step.changed_at), step.before, step.after) for step in row)
        for offer_id, row in steps.items()
    }


def _last_prices(offers: Sequence[OfferedOffer]) -> dict[Pair, Decimal]:
    """The price of the supplier's last offer of the product that was on sale and has ended."""
    ended = ended_offers(
        product_ids={offer.product_id for offer in offers}, supplier_ids={offer.supplier_id for offer in offers}
    )
    seen = set(
        OfferReview.objects.filter(
            offer_id__in=[one.id for one in ended], kind=ReviewKind.LISTING, state=ReviewState.APPROVED
        ).values_list("offer_id", flat=True)
    )
    return {(one.product_id, one.supplier_id): one.price for one in ended if one.id in seen}


def _freezes(offers: Sequence[OfferedOffer]) -> dict[Pair, int]:
    rows = (
        OfferFreeze.objects.filter(
            offer__product_id__in={offer.product_id for offer in offers},
            offer__supplier_id__in={offer.supplier_id for offer in offers},
        )
        .values_list("offer__product_id", "offer__supplier_id")
        .annotate(count=Count("id"))
        .order_by()
    )
    return {(product_id, supplier_id): count for product_id, supplier_id, count in rows}
