"""One offer with all that was decided on it: for its supplier, and for those who look at offers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kernel.actor import Actor
from kernel.problems import NotFound
from shared_apps.listings.models import ListingAppeal, OfferFreeze, OfferReview, PatrolItem
from shared_apps.listings.permissions import READERS, sells_for
from shared_apps.listings.rules.checks import PriceMove, discount_after_rise
from shared_apps.listings.rules.parameters import Parameter
from shared_apps.listings.rules.reviews import FreezeState, Outcome, ReviewState
from shared_apps.listings.selectors.facts import price_moves
from shared_apps.listings.selectors.prices import PriceReferenceView, price_reference
from shared_apps.listings.selectors.settings import parameters
from shared_apps.products.offered import (
    Area,
    OfferedOffer,
    OfferedPage,
    PriceStep,
    areas_of,
    counts_by_state,
    list_offered,
    offered,
    price_steps,
)
from shared_apps.suppliers.selectors import SupplierView, supplier_of_organisations, suppliers_by_id


@dataclass(frozen=True, slots=True)
class OfferFile:
    offer: OfferedOffer
    supplier: SupplierView
    areas: tuple[Area, ...]
    steps: tuple[PriceStep, ...]
    reviews: tuple[OfferReview, ...]
    freezes: tuple[OfferFreeze, ...]
    appeals: tuple[ListingAppeal, ...]
    warnings: tuple[PatrolItem, ...]
    reference: PriceReferenceView | None
    # A rise and the discount that followed within the window (indicator R08).
    suspicious: tuple[PriceMove, PriceMove] | None

    @property
    def review(self) -> OfferReview | None:
        """The one that waits."""
        return next((review for review in self.reviews if review.state == ReviewState.OPEN), None)

    @property
    def freeze(self) -> OfferFreeze | None:
        """The one that keeps the offer off sale."""
        return next((one for one in self.freezes if one.state in {FreezeState.OPEN, FreezeState.CORRECTED}), None)


def own_suppliers(*, actor: Actor) -> tuple[SupplierView, ...]:
    """The suppliers that the actor sells for."""
    organisations = sells_for(actor)
    return supplier_of_organisations(organisation_ids=organisations) if organisations else ()


def own_offers(*, actor: Actor, q: str = "", state: str = "", category: str = "", before: int = 0) -> OfferedPage:
    """Offers of the actor's own suppliers, newest first. Two statements."""
    ids = [supplier.id for supplier in own_suppliers(actor=actor)]
    return list_offered(supplier_ids=ids, text=q, state=state, category=category, before=before)


def own_counts(*, actor: Actor, q: str = "", category: str = "") -> dict[str, int]:
    ids = [supplier.id for supplier in own_suppliers(actor=actor)]
    return counts_by_state(supplier_ids=ids, text=q, category=category)


def own_offer(*, actor: Actor, offer_id: int, on: date) -> OfferFile:
    """Raises NotFound, also for another supplier's."""
    row = offered(offer_ids=[offer_id]).get(offer_id)
    if row is None or row.supplier_id not in {supplier.id for supplier in own_suppliers(actor=actor)}:
        raise NotFound(offer_id=offer_id)
    return _file(row, on)


def all_offers(*, actor: Actor, q: str = "", state: str = "", category: str = "", before: int = 0) -> OfferedPage:
    """Every supplier's offers, newest first; nobody but those who look at offers sees any."""
    if not actor.posts & READERS:
        return OfferedPage((), None)
    return list_offered(text=q, state=state, category=category, before=before)


def all_counts(*, actor: Actor, q: str = "", category: str = "") -> dict[str, int]:
    return counts_by_state(text=q, category=category) if actor.posts & READERS else {}


def any_offer(*, actor: Actor, offer_id: int, on: date) -> OfferFile:
    """For those who look at offers. Raises NotFound."""
    row = offered(offer_ids=[offer_id]).get(offer_id)
    if row is None or not actor.posts & READERS:
        raise NotFound(offer_id=offer_id)
    return _file(row, on)


def _file(row: OfferedOffer, on: date) -> OfferFile:
    moves = price_moves(offer_ids=[row.id]).get(row.id, ())
    days = parameters(on=on).whole(Parameter.RAISED_BEFORE_DISCOUNT_DAYS)
    return OfferFile(
        offer=row,
        supplier=suppliers_by_id(ids=[row.supplier_id])[row.supplier_id],
        areas=areas_of(offer_ids=[row.id]).get(row.id, ()),
        steps=price_steps(offer_ids=[row.id]).get(row.id, ()),
        reviews=tuple(OfferReview.objects.filter(offer_id=row.id).order_by("-pk")[:20]),
        freezes=tuple(OfferFreeze.objects.filter(offer_id=row.id).order_by("-pk")[:20]),
        appeals=tuple(ListingAppeal.objects.filter(offer_id=row.id).order_by("-pk")[:20]),
        warnings=tuple(PatrolItem.objects.filter(offer_id=row.id, outcome=Outcome.WARNING).order_by("-pk")[:20]),
        reference=price_reference(product_ids=[row.product_id]).get(row.product_id),
        suspicious=discount_after_rise(moves, days=days),
    )
