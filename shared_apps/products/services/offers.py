"""Offers and their prices. One transaction and one journal row each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.clock import local_date
from kernel.money import yuan
from kernel.posts import Post
from kernel.problems import Conflict, InvalidInput, NotFound, NotPermitted
from shared_apps.products.models import Offer, OfferArea, Product
from shared_apps.products.rules import (
    OFFER_LIFECYCLE,
    OfferState,
)
from shared_apps.region_journal.services import record
from shared_apps.suppliers.selectors import SupplierView, suppliers_by_id
from tenants.database.context import region_atomic

SELLERS = frozenset({Post.SUPPLIER_ADMIN, Post.SUPPLIER_SALES})
# (division code, freight per line, surcharge per piece)
Area = tuple[str, Decimal, Decimal]


class OfferExists(Conflict):
    code = "offer-exists"
    title = _("The supplier offers this product already")


def draft_offer(
    *,
    actor: Actor,
    product_code: str,
    supplier_id: int,
    price: Decimal,
    reference_price: Decimal,
    delivery_days: int,
    areas: Sequence[Area],
    now: datetime,
    min_quantity: int = 1,
    stock_note: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Offer:
    """A supplier's draft. Raises NotFound, NotPermitted for another supplier's member, InvalidInput, OfferExists."""
    supplier = _sold_by(actor, supplier_id)
    product_id = Product.objects.filter(code=product_code).values_list("id", flat=True).first()
    if product_id is None:
        raise NotFound(product_code=product_code)
    if price <= 0 or reference_price <= 0:
        raise InvalidInput(errors={"price": [gettext("The price must be more than 0.")]})
    offer = Offer(
        product_id=product_id,
        supplier_id=supplier.id,
        price=yuan(price),
        reference_price=yuan(reference_price),
        min_quantity=min_quantity,
        stock_note=stock_note,
        delivery_days=delivery_days,
        valid_from=valid_from or local_date(now),
        valid_to=valid_to,
        state=OfferState.DRAFT,
        updated_at=now,
    )
    try:
        with region_atomic():
            offer.save(force_insert=True)
            OfferArea.objects.bulk_create(
                OfferArea(offer=offer, division_code=code, freight=yuan(freight), surcharge=yuan(surcharge))
                for code, freight, surcharge in areas
            )
            _record(actor, "products.offer_drafted", offer, product_code, supplier.uscc, now)
    except IntegrityError as error:
        raise OfferExists(product_code=product_code) from error
    return offer


def move_offer(*, actor: Actor, offer_id: int, action: str, now: datetime, reason: str = "") -> Offer:
    """One move of the offer's lifecycle. Raises WrongState, and NotPermitted for a post not in the table."""
    with region_atomic():
        offer, product_code, supplier = _locked(offer_id)
        move = OFFER_LIFECYCLE.next(offer.state, action)
        entitled = actor.posts.intersection(move.posts)
        if not (actor.is_system or entitled):
            raise NotPermitted(action=action)
        if not actor.is_system and entitled <= SELLERS:
            _sold_by(actor, offer.supplier_id)
        offer.state, offer.state_reason = move.target, reason
        offer.version, offer.updated_at = offer.version + 1, now
        offer.save(update_fields=["state", "state_reason", "version", "updated_at"])
        _record(actor, "products.offer_moved", offer, product_code, supplier.uscc, now, action=action, reason=reason)
    return offer


def set_price(*, actor: Actor, offer_id: int, price: Decimal, now: datetime) -> Offer:
    """A lower price holds at once; a higher one sends a listed offer back to review. One journal row."""
    if price <= 0:
        raise InvalidInput(errors={"price": [gettext("The price must be more than 0.")]})
    with region_atomic():
        offer, product_code, supplier = _locked(offer_id)
        _sold_by(actor, offer.supplier_id)
        before = offer.price
        if price > before and offer.state != OfferState.DRAFT:
            offer.state = OFFER_LIFECYCLE.next(offer.state, "raise_price").target
        elif offer.state not in {OfferState.DRAFT, OfferState.LISTED}:
            # Raises WrongState with what is possible.
            OFFER_LIFECYCLE.next(offer.state, "raise_price")
        offer.price, offer.version, offer.updated_at = yuan(price), offer.version + 1, now
        offer.save(update_fields=["price", "state", "version", "updated_at"])
        _record(actor, "products.offer_priced", offer, product_code, supplier.uscc, now, before=before)
    return offer


def _sold_by(actor: Actor, supplier_id: int) -> SupplierView:
    """The supplier, when the actor sells for it."""
    supplier = suppliers_by_id(ids=[supplier_id]).get(supplier_id)
    if supplier is None:
        raise NotFound(supplier_id=supplier_id)
    organisations = actor.organisations(Post.SUPPLIER_ADMIN) | actor.organisations(Post.SUPPLIER_SALES)
    if not actor.is_system and supplier.organisation_id not in organisations:
        raise NotPermitted(action="sell")
    return supplier


def _locked(offer_id: int) -> tuple[Offer, str, SupplierView]:
    offer = Offer.objects.select_for_update().filter(pk=offer_id).first()
    if offer is None:
        raise NotFound(offer_id=offer_id)
    product_code = str(Product.objects.filter(pk=offer.product_id).values_list("code", flat=True).get())
    return offer, product_code, suppliers_by_id(ids=[offer.supplier_id])[offer.supplier_id]


def _record(
    actor: Actor, event: str, offer: Offer, product_code: str, uscc: str, now: datetime, **more: object
) -> None:
    facts = {
        "product_code": product_code,
        "supplier_code": uscc,
        "state": str(offer.state),
        "price": offer.price,
        **more,
    }
    record(actor=actor, event=event, object_type="offer", object_id=offer.pk, facts=facts, now=now)
