"""What suppliers do with their offers: write, submit, ask for another price, take back. `products` keeps the rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from kernel.actor import Actor
from kernel.problems import InvalidInput
from shared_apps.listings.services.breaches import end_freeze
from shared_apps.listings.services.checking import check_asked_prices, check_offers, lapse_reviews
from shared_apps.products import services as products
from shared_apps.products.rules import REGION_CODE
from shared_apps.products.services import Area
from tenants.database.context import region_atomic
from tenants.divisions.selectors import places

if TYPE_CHECKING:
    from shared_apps.products.models import Offer


def draft(*, actor: Actor, supplier_id: int, product_code: str, areas: Sequence[Area], now: datetime,
          **terms: Any) -> Offer:  # fmt: skip
    """A new draft. Raises InvalidInput, NotFound, NotPermitted, OfferExists."""
    checked_areas(areas)
    return products.draft_offer(
        actor=actor, supplier_id=supplier_id, product_code=product_code, areas=areas, now=now, **terms
    )


def edit(*, actor: Actor, offer_id: int, areas: Sequence[Area], now: datetime, **terms: Any) -> Offer:
    """All of a draft anew. Raises InvalidInput, NotFound, NotPermitted, WrongState."""
    checked_areas(areas)
    return products.edit_draft(actor=actor, offer_id=offer_id, areas=areas, now=now, **terms)


def submit(*, actor: Actor, offer_id: int, now: datetime) -> Offer:
    """Sends a draft to review. The machine checks it in the same transaction: no offer is lost between the two."""
    with region_atomic():
        offer = products.move_offer(actor=actor, offer_id=offer_id, action="submit", now=now)
        check_offers(offer_ids=[offer.pk], now=now)
        offer.refresh_from_db()
    return offer


def ask_price(
    *,
    actor: Actor,
    offer_id: int,
    now: datetime,
    price: Decimal | None = None,
    reference_price: Decimal | None = None,
    areas: Sequence[Area] | None = None,
) -> Offer:
    """Another price, ceiling or delivery areas: see `products.services.change_price`. Dearer ones get a review."""
    if areas is not None:
        checked_areas(areas)
    with region_atomic():
        offer = products.change_price(
            actor=actor, offer_id=offer_id, price=price, reference_price=reference_price, areas=areas, now=now
        )
        if offer.pending_since is None:
            lapse_reviews(offer_ids=[offer.pk], now=now)
        else:
            check_asked_prices(offer_ids=[offer.pk], now=now)
    return offer


def take_price_back(*, actor: Actor, offer_id: int, now: datetime) -> Offer:
    """The dearer terms are not asked for any more. Raises PriceNotAsked."""
    with region_atomic():
        offer = products.withdraw_price(actor=actor, offer_id=offer_id, now=now)
        lapse_reviews(offer_ids=[offer.pk], now=now)
    return offer


def withdraw(*, actor: Actor, offer_id: int, reason: str, now: datetime) -> Offer:
    """Takes an offer back before it was listed, or off sale for good. Raises WrongState."""
    with region_atomic():
        offer = products.take_back(actor=actor, offer_id=offer_id, reason=reason, now=now)
        end_freeze(actor=actor, offer_id=offer.pk, reason=reason, now=now)
        lapse_reviews(offer_ids=[offer.pk], now=now)
    return offer


def draft_again(*, actor: Actor, offer_id: int, now: datetime) -> Offer:
    """A new draft with the terms of an offer that was rejected or has ended, to be corrected and submitted."""
    return products.draft_again(actor=actor, offer_id=offer_id, now=now)


def checked_areas(areas: Sequence[Area]) -> None:
    """At least one place of today's divisions, each once. Raises InvalidInput."""
    codes = [code for code, _freight, _surcharge in areas]
    known = places().keys() | {REGION_CODE}
    if not codes:
        raise InvalidInput(errors={"areas": [gettext("Name at least one delivery area.")]})
    if unknown := sorted({code for code in codes if code not in known}):
        text = gettext("There is no division with the code %(codes)s.") % {"codes": "、".join(unknown)}
        raise InvalidInput(errors={"areas": [text]})
    if len(set(codes)) != len(codes):
        raise InvalidInput(errors={"areas": [gettext("A delivery area was named more than once.")]})
