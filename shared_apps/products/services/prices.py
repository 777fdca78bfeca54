"""Prices of offers: down at once, up by a decision. One transaction and one journal row each.

Every writer takes the offer's row lock first. Of a supplier who lowers the price and a reviewer who approves a rise at
the same moment one comes first, and the other finds the asking gone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.money import yuan
from kernel.problems import Conflict, NotPermitted
from shared_apps.products.models.offer import Offer, OfferPrice
from shared_apps.products.refreshing import refresh_products
from shared_apps.products.rules import OFFER_LIFECYCLE, UNSEEN_STATES, OfferState, PriceChange, Terms, is_dearer
from shared_apps.products.services.offers import (
    NOTHING_PENDING,
    Area,
    check_price,
    locked,
    set_areas,
    sold_by,
    tell,
)
from tenants.database.context import region_atomic

# A supplier may lower the price of what is frozen: it may be the correction that was asked for.
_LOWERABLE = frozenset({OfferState.LISTED, OfferState.FROZEN})
_PRICED = ("price", "reference_price", "version", "updated_at", *NOTHING_PENDING)


class PriceNotAsked(Conflict):
    """It was lowered, withdrawn or decided in the meantime: nothing of what was read waits any more."""

    code = "price-not-asked"
    title = _("This price is not waiting for a decision any more")


class NothingChanges(Conflict):
    code = "price-unchanged"
    title = _("The price and the delivery areas are as they were")


def set_price(*, actor: Actor, offer_id: int, price: Decimal, now: datetime) -> Offer:
    """Another price and nothing else: see `change_price`."""
    return change_price(actor=actor, offer_id=offer_id, price=price, now=now)


def change_price(
    *,
    actor: Actor,
    offer_id: int,
    now: datetime,
    price: Decimal | None = None,
    reference_price: Decimal | None = None,
    areas: Sequence[Area] | None = None,
) -> Offer:
    """A cheaper offer holds at once; a change that makes anything dearer waits as a whole, and the present terms stay.

    What waited before is withdrawn: an offer has one price and at most one asked for. Of a draft everything holds at
    once. Raises InvalidInput, NotPermitted, NothingChanges, and WrongState where no price can change.
    """
    with region_atomic():
        offer, product_code, supplier = locked(offer_id)
        sold_by(actor, offer.supplier_id)
        before = Terms(offer.price, offer.reference_price, _areas(offer))
        after = Terms(
            before.price if price is None else yuan(price),
            before.reference_price if reference_price is None else yuan(reference_price),
            before.areas if areas is None else {code: (yuan(f), yuan(s)) for code, f, s in areas},
        )
        check_price(price=after.price, reference_price=after.reference_price)
        if after == before and offer.pending_since is None:
            raise NothingChanges(price=before.price)
        waits = offer.state != OfferState.DRAFT and is_dearer(before, after)
        if waits or offer.state not in {OfferState.DRAFT, *_LOWERABLE}:
            # Raises WrongState with what is possible.
            OFFER_LIFECYCLE.next(offer.state, "ask_price")
        for name, value in NOTHING_PENDING.items():
            setattr(offer, name, value)
        if waits:
            offer.pending_since, offer.pending_price = now, after.price
            offer.pending_reference_price = after.reference_price
            offer.pending_areas = None if areas is None else _as_json(after.areas)
        else:
            offer.price, offer.reference_price = after.price, after.reference_price
        offer.version, offer.updated_at = offer.version + 1, now
        offer.save(update_fields=_PRICED)
        if not waits and areas is not None:
            set_areas(offer, areas)
        if waits:
            tell(actor, "products.price_asked", offer, product_code, supplier.uscc, now, asked=after.price,
                 asked_reference=after.reference_price, areas=offer.pending_areas or [])  # fmt: skip
        else:
            _note(offer, before.price, actor, now)
            tell(actor, "products.offer_priced", offer, product_code, supplier.uscc, now, before=before.price)
            refresh_products(product_ids=[offer.product_id], now=now)
    return offer


def withdraw_price(*, actor: Actor, offer_id: int, now: datetime) -> Offer:
    """The supplier no longer asks for more. Raises PriceNotAsked."""
    with region_atomic():
        offer, product_code, supplier = locked(offer_id)
        sold_by(actor, offer.supplier_id)
        asked = _asked(offer, None)
        _settle(offer, now)
        tell(actor, "products.price_withdrawn", offer, product_code, supplier.uscc, now, asked=asked)
    return offer


def decide_price(
    *, actor: Actor, offer_id: int, asked_at: datetime, approve: bool, now: datetime, reason: str = ""
) -> Offer:
    """Puts what was asked for at `asked_at` on sale, or drops it. Raises PriceNotAsked, WrongState, NotPermitted."""
    action = "approve_price" if approve else "reject_price"
    with region_atomic():
        offer, product_code, supplier = locked(offer_id)
        move = OFFER_LIFECYCLE.next(offer.state, action)
        if not (actor.is_system or actor.posts & set(move.posts)):
            raise NotPermitted(action=action)
        asked = _asked(offer, asked_at)
        before = offer.price
        if not approve:
            _settle(offer, now)
            tell(actor, "products.price_rejected", offer, product_code, supplier.uscc, now, asked=asked, reason=reason)
            return offer
        areas = offer.pending_areas
        offer.price, offer.reference_price = asked, offer.pending_reference_price or offer.reference_price
        _settle(offer, now)
        if areas is not None:
            set_areas(offer, [(code, Decimal(freight), Decimal(surcharge)) for code, freight, surcharge in areas])
        _note(offer, before, actor, now, approved=True)
        tell(actor, "products.offer_priced", offer, product_code, supplier.uscc, now, before=before)
        refresh_products(product_ids=[offer.product_id], now=now)
    return offer


def _asked(offer: Offer, asked_at: datetime | None) -> Decimal:
    """The price asked for. Raises PriceNotAsked where none is, or another one than was read."""
    if offer.pending_since is None or offer.pending_price is None or asked_at not in {None, offer.pending_since}:
        raise PriceNotAsked(offer_id=offer.pk)
    return offer.pending_price


def _settle(offer: Offer, now: datetime) -> None:
    """Nothing waits any more; `price` and `reference_price` are stored as they stand."""
    for name, value in NOTHING_PENDING.items():
        setattr(offer, name, value)
    offer.version, offer.updated_at = offer.version + 1, now
    offer.save(update_fields=_PRICED)


def _note(offer: Offer, before: Decimal, actor: Actor, now: datetime, *, approved: bool = False) -> None:
    """The row of the price's history, where buyers had seen the price and it is another."""
    if offer.state in UNSEEN_STATES or offer.price == before:
        return
    OfferPrice.objects.create(
        offer=offer,
        change=PriceChange.RAISED if offer.price > before else PriceChange.LOWERED,
        before=before,
        after=offer.price,
        changed_at=now,
        changed_by_id=actor.user_id,
        changed_by_name=actor.name,
        # Of a change that waited only a rise needs its approval named; a discount with dearer delivery has it as well.
        approved_by_id=actor.user_id if approved and offer.price > before else None,
        approved_by_name=actor.name if approved and offer.price > before else "",
    )


def _areas(offer: Offer) -> dict[str, tuple[Decimal, Decimal]]:
    rows = offer.areas.values_list("division_code", "freight", "surcharge")
    return {code: (freight, surcharge) for code, freight, surcharge in rows}


def _as_json(areas: Mapping[str, tuple[Decimal, Decimal]]) -> list[list[str]]:
    return [[code, str(freight), str(surcharge)] for code, (freight, surcharge) in sorted(areas.items())]
