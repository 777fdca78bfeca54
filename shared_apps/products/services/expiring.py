"""Offers whose last day has passed leave the shelf for good; before that their suppliers give them another last day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext

from kernel.actor import SYSTEM, Actor
from kernel.clock import local_date
from kernel.problems import InvalidInput
from shared_apps.products.models import Offer
from shared_apps.products.refreshing import refresh_products
from shared_apps.products.rules import EXPIRABLE_STATES, OFFER_LIFECYCLE, RENEWABLE_STATES
from shared_apps.products.services.offers import NOTHING_PENDING, locked, sold_by, tell
from shared_apps.region_journal.services import record
from shared_apps.suppliers.selectors import suppliers_by_id
from tenants.database.context import region_atomic


@dataclass(frozen=True, slots=True)
class ExpiredOffer:
    """An offer that has just expired, and the state it was in."""

    id: int
    supplier_id: int
    was: str


def expire_offers(*, size: int, now: datetime) -> list[ExpiredOffer]:
    """Some of the offers whose last day is before today, in the caller's transaction; empty when none is left.

    An offer that somebody works on is left for the next run, and so is one that another run has taken: runs never
    wait, and no offer expires twice. One journal row a supplier.
    """
    today = local_date(now)
    due = (
        Offer.objects.select_for_update(no_key=True, skip_locked=True)
        .filter(state__in=EXPIRABLE_STATES, valid_to__lt=today)
        .order_by("valid_to", "pk")
    )
    offers = list(due[:size])
    expired = [ExpiredOffer(offer.pk, offer.supplier_id, offer.state) for offer in offers]
    for offer in offers:
        offer.state = OFFER_LIFECYCLE.next(offer.state, "expire").target
        offer.version, offer.updated_at = offer.version + 1, now
        for name, value in NOTHING_PENDING.items():
            setattr(offer, name, value)
    Offer.objects.bulk_update(offers, ["state", "version", "updated_at", *NOTHING_PENDING])
    _tell(expired, today, now)
    refresh_products(product_ids={offer.product_id for offer in offers}, now=now)
    return expired


def _tell(expired: Sequence[ExpiredOffer], today: date, now: datetime) -> None:
    of_supplier: dict[int, list[int]] = defaultdict(list)
    for one in expired:
        of_supplier[one.supplier_id].append(one.id)
    codes = suppliers_by_id(ids=of_supplier)
    for supplier_id, offers in sorted(of_supplier.items()):
        facts = {"supplier_code": codes[supplier_id].uscc, "offers": offers, "on": today}
        record(
            actor=SYSTEM, event="products.offers_expired", object_type="supplier", object_id=supplier_id,
            facts=facts, now=now,
        )  # fmt: skip


def extend_offer(*, actor: Actor, offer_id: int, valid_to: date | None, now: datetime) -> Offer:
    """Another last day for an offer on sale or frozen; None is without end. Price and terms stay, so nobody reviews it.

    Raises WrongState, NotPermitted, InvalidInput for a day that is not later than the one it has.
    """
    with region_atomic():
        offer, product_code, supplier = locked(offer_id)
        sold_by(actor, offer.supplier_id)
        if offer.state not in RENEWABLE_STATES:
            # Raises WrongState with what is possible.
            OFFER_LIFECYCLE.next(offer.state, "ask_price")
        later = valid_to is None or (offer.valid_to is not None and valid_to > offer.valid_to)
        if not later or (valid_to is not None and valid_to < local_date(now)):
            raise InvalidInput(errors={"valid_to": [gettext("Choose a day after the present last day.")]})
        offer.valid_to = valid_to
        offer.version, offer.updated_at = offer.version + 1, now
        offer.save(update_fields=["valid_to", "version", "updated_at"])
        tell(actor, "products.offer_edited", offer, product_code, supplier.uscc, now)
        refresh_products(product_ids=[offer.product_id], now=now)
    return offer
