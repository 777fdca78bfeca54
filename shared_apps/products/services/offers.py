"""Offers as their suppliers write them. One transaction and one journal row each; prices are in `services.prices`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NotRequired, TypedDict, Unpack

from django.db import IntegrityError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.clock import local_date
from kernel.money import yuan
from kernel.posts import Post
from kernel.problems import Conflict, InvalidInput, NotFound, NotPermitted
from shared_apps.products.models import Offer, OfferArea, Product
from shared_apps.products.quantities import packs_too_large
from shared_apps.products.refreshing import refresh_products
from shared_apps.products.rules import (
    OFFER_LIFECYCLE,
    QUANTITY_MAX,
    RENEWABLE_STATES,
    UNSEEN_STATES,
    VAT_RATES,
    OfferState,
    least_orderable,
)
from shared_apps.region_journal.services import record
from shared_apps.suppliers.selectors import SupplierView, suppliers_by_id
from tenants.database.context import region_atomic

SELLERS = frozenset({Post.SUPPLIER_ADMIN, Post.SUPPLIER_SALES})
# (division code, freight per line, surcharge per piece)
Area = tuple[str, Decimal, Decimal]
# Columns of an asked change of price, as they are when nothing is asked.
NOTHING_PENDING: Mapping[str, Any] = {
    "pending_since": None,
    "pending_price": None,
    "pending_reference_price": None,
    "pending_areas": None,
}


class OfferExists(Conflict):
    code = "offer-exists"
    title = _("The supplier offers this product already")


class OfferTerms(TypedDict):
    """What a supplier writes of a draft. Without days it holds from today, or as it did, and without end."""

    price: Decimal
    reference_price: Decimal
    delivery_days: int
    areas: Sequence[Area]
    min_quantity: NotRequired[int]
    pack_quantity: NotRequired[int]
    stock_note: NotRequired[str]
    valid_from: NotRequired[date | None]
    valid_to: NotRequired[date | None]
    # The product's own where it is left out.
    vat_rate: NotRequired[Decimal | None]


def draft_offer(
    *, actor: Actor, product_code: str, supplier_id: int, now: datetime, **terms: Unpack[OfferTerms]
) -> Offer:
    """A supplier's draft. Raises NotFound, NotPermitted for another supplier's member, InvalidInput, OfferExists."""
    supplier = sold_by(actor, supplier_id)
    product_id = Product.objects.filter(code=product_code).values_list("id", flat=True).first()
    if product_id is None:
        raise NotFound(product_code=product_code)
    offer = Offer(product_id=product_id, supplier_id=supplier.id, state=OfferState.DRAFT)
    _write(offer, terms, valid_from=local_date(now), now=now)
    try:
        with region_atomic():
            offer.save(force_insert=True)
            set_areas(offer, terms["areas"])
            tell(actor, "products.offer_drafted", offer, product_code, supplier.uscc, now)
    except IntegrityError as error:
        raise OfferExists(product_code=product_code) from error
    return offer


def edit_draft(*, actor: Actor, offer_id: int, now: datetime, **terms: Unpack[OfferTerms]) -> Offer:
    """All of a draft anew. Raises WrongState for what was submitted already."""
    with region_atomic():
        offer, product_code, supplier = locked(offer_id)
        sold_by(actor, offer.supplier_id)
        # Raises WrongState with what is possible: only a draft can be submitted.
        OFFER_LIFECYCLE.next(offer.state, "submit")
        _write(offer, terms, valid_from=offer.valid_from, now=now)
        offer.version += 1
        offer.save()
        set_areas(offer, terms["areas"])
        tell(actor, "products.offer_edited", offer, product_code, supplier.uscc, now)
    return offer


def edit_service(
    *, actor: Actor, offer_id: int, stock_note: str, delivery_days: int, valid_to: date | None, now: datetime
) -> Offer:
    """Stock note, days of delivery and last day of an offer on sale; they hold at once."""
    with region_atomic():
        offer, product_code, supplier = locked(offer_id)
        sold_by(actor, offer.supplier_id)
        if offer.state not in RENEWABLE_STATES:
            # Raises WrongState with what is possible.
            OFFER_LIFECYCLE.next(offer.state, "ask_price")
        _check_days(offer.valid_from, valid_to)
        offer.stock_note, offer.delivery_days, offer.valid_to = stock_note, delivery_days, valid_to
        offer.version, offer.updated_at = offer.version + 1, now
        offer.save(update_fields=["stock_note", "delivery_days", "valid_to", "version", "updated_at"])
        tell(actor, "products.offer_edited", offer, product_code, supplier.uscc, now)
        refresh_products(product_ids=[offer.product_id], now=now)
    return offer


def move_offer(*, actor: Actor, offer_id: int, action: str, now: datetime, reason: str = "") -> Offer:
    """One move of the offer's lifecycle. Raises WrongState, and NotPermitted for a post not in the table.

    A price that waits for a decision goes with the state it waited in: it is asked for again afterwards.
    """
    with region_atomic():
        offer, product_code, supplier = locked(offer_id)
        move = OFFER_LIFECYCLE.next(offer.state, action)
        if move.target == offer.state:
            raise ValueError(f"{action} changes a price, not the state: services.prices")
        entitled = actor.posts.intersection(move.posts)
        if not (actor.is_system or entitled):
            raise NotPermitted(action=action)
        if not actor.is_system and entitled <= SELLERS:
            sold_by(actor, offer.supplier_id)
        offer.state, offer.state_reason = move.target, reason
        offer.version, offer.updated_at = offer.version + 1, now
        for name, value in NOTHING_PENDING.items():
            setattr(offer, name, value)
        try:
            offer.save(update_fields=["state", "state_reason", "version", "updated_at", *NOTHING_PENDING])
        except IntegrityError as error:  # granted an appeal though the supplier has offered the product anew
            raise OfferExists(product_code=product_code) from error
        tell(actor, "products.offer_moved", offer, product_code, supplier.uscc, now, action=action, reason=reason)
        refresh_products(product_ids=[offer.product_id], now=now)
    return offer


def take_back(*, actor: Actor, offer_id: int, now: datetime, reason: str = "") -> Offer:
    """The supplier takes an offer back before it is listed, or off sale for good. Raises WrongState."""
    with region_atomic():
        offer, _product_code, _supplier = locked(offer_id)
        action = "withdraw" if offer.state in UNSEEN_STATES else "delist"
        return move_offer(actor=actor, offer_id=offer_id, action=action, reason=reason, now=now)


def draft_again(*, actor: Actor, offer_id: int, now: datetime, valid_to: date | None = None) -> Offer:
    """A new draft with the terms of an offer that was rejected or has ended. Raises NotFound, OfferExists."""
    offer = Offer.objects.select_related("product").filter(pk=offer_id).first()
    if offer is None:
        raise NotFound(offer_id=offer_id)
    areas = [(area.division_code, area.freight, area.surcharge) for area in offer.areas.order_by("division_code")]
    return draft_offer(
        actor=actor,
        product_code=offer.product.code,
        supplier_id=offer.supplier_id,
        price=offer.price,
        reference_price=offer.reference_price,
        delivery_days=offer.delivery_days,
        areas=areas,
        min_quantity=offer.min_quantity,
        pack_quantity=offer.pack_quantity,
        stock_note=offer.stock_note,
        valid_to=valid_to,
        vat_rate=offer.vat_rate,
        now=now,
    )


def mark_checked(*, offer_ids: Collection[int], now: datetime) -> list[int]:
    """Submitted offers that the machine has checked wait for a person; returns which. The caller tells the journal.

    Belongs into the transaction that stores the findings. Takes the offers' locks in the order of their ids.
    """
    check = OFFER_LIFECYCLE.next(OfferState.SUBMITTED, "check")
    found = list(
        Offer.objects.select_for_update(no_key=True)
        .filter(pk__in=list(offer_ids), state=OfferState.SUBMITTED)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    Offer.objects.filter(pk__in=found).update(state=check.target, updated_at=now)
    return found


def _write(offer: Offer, terms: OfferTerms, *, valid_from: date, now: datetime) -> None:
    check_price(price=terms["price"], reference_price=terms["reference_price"])
    rate = terms.get("vat_rate")
    if rate is not None and rate not in VAT_RATES:
        raise InvalidInput(errors={"vat_rate": [gettext("This is not a rate of value-added tax.")]})
    offer.valid_from, offer.valid_to = terms.get("valid_from") or valid_from, terms.get("valid_to")
    _check_days(offer.valid_from, offer.valid_to)
    offer.price, offer.reference_price = yuan(terms["price"]), yuan(terms["reference_price"])
    offer.delivery_days, offer.min_quantity = terms["delivery_days"], terms.get("min_quantity", 1)
    offer.pack_quantity = terms.get("pack_quantity", 1)
    if least_orderable(least=offer.min_quantity, pack=offer.pack_quantity) > QUANTITY_MAX:
        raise InvalidInput(errors={"pack_quantity": [packs_too_large()]})
    offer.stock_note, offer.vat_rate, offer.updated_at = terms.get("stock_note", ""), rate, now


def check_price(*, price: Decimal, reference_price: Decimal) -> None:
    """Raises InvalidInput."""
    wrong = {"price": price, "reference_price": reference_price}
    errors = {name: [gettext("The price must be more than 0.")] for name, given in wrong.items() if given <= 0}
    if errors:
        raise InvalidInput(errors=errors)


def _check_days(valid_from: date, valid_to: date | None) -> None:
    if valid_to is not None and valid_to < valid_from:
        raise InvalidInput(errors={"valid_to": [gettext("The last day lies before the first.")]})


def set_areas(offer: Offer, areas: Sequence[Area]) -> None:
    """The delivery areas anew, in the caller's transaction."""
    offer.areas.all().delete()
    OfferArea.objects.bulk_create(
        OfferArea(offer=offer, division_code=code, freight=yuan(freight), surcharge=yuan(surcharge))
        for code, freight, surcharge in areas
    )


def sold_by(actor: Actor, supplier_id: int) -> SupplierView:
    """The supplier, when the actor sells for it. Raises NotFound and NotPermitted."""
    supplier = suppliers_by_id(ids=[supplier_id]).get(supplier_id)
    if supplier is None:
        raise NotFound(supplier_id=supplier_id)
    organisations = actor.organisations(Post.SUPPLIER_ADMIN) | actor.organisations(Post.SUPPLIER_SALES)
    if not actor.is_system and supplier.organisation_id not in organisations:
        raise NotPermitted(action="sell")
    return supplier


def locked(offer_id: int) -> tuple[Offer, str, SupplierView]:
    """The offer under its row lock, with the product's code and the supplier. Raises NotFound."""
    offer = Offer.objects.select_for_update().filter(pk=offer_id).first()
    if offer is None:
        raise NotFound(offer_id=offer_id)
    product_code = str(Product.objects.filter(pk=offer.product_id).values_list("code", flat=True).get())
    return offer, product_code, suppliers_by_id(ids=[offer.supplier_id])[offer.supplier_id]


def tell(actor: Actor, event: str, offer: Offer, product_code: str, uscc: str, now: datetime, **more: object) -> None:
    """The journal row of a change of this offer."""
    facts = {
        "product_code": product_code,
        "supplier_code": uscc,
        "state": str(offer.state),
        "price": offer.price,
        **more,
    }
    record(actor=actor, event=event, object_type="offer", object_id=offer.pk, facts=facts, now=now)
