"""Worklists of those who look at offers: reviews, appeals, patrols, and prices that rose before a discount."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from kernel.actor import Actor
from kernel.problems import NotFound
from shared_apps.listings.models import ListingAppeal, OfferReview, PatrolItem, PatrolTask
from shared_apps.listings.permissions import READERS, REVIEWERS
from shared_apps.listings.rules.parameters import Parameter
from shared_apps.listings.rules.reviews import AppealState, PatrolState, ReviewState
from shared_apps.listings.selectors.settings import parameters
from shared_apps.products.offered import DiscountAfterRise, OfferedOffer, discounts_after_rise, offered
from shared_apps.suppliers.selectors import SupplierView, suppliers_by_id

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class ReviewRow:
    review: OfferReview
    offer: OfferedOffer
    supplier: SupplierView


@dataclass(frozen=True, slots=True)
class ReviewPage:
    rows: tuple[ReviewRow, ...]
    next_after: int | None


@dataclass(frozen=True, slots=True)
class AppealRow:
    appeal: ListingAppeal
    offer: OfferedOffer
    supplier: SupplierView


@dataclass(frozen=True, slots=True)
class PatrolRow:
    task: PatrolTask
    looked_at: int
    breaches: int

    @property
    def percent(self) -> int:
        return self.looked_at * 100 // self.task.sample


@dataclass(frozen=True, slots=True)
class ItemRow:
    item: PatrolItem
    offer: OfferedOffer
    supplier: SupplierView


@dataclass(frozen=True, slots=True)
class PatrolFile:
    row: PatrolRow
    items: tuple[ItemRow, ...]

    @property
    def task(self) -> PatrolTask:
        return self.row.task


@dataclass(frozen=True, slots=True)
class DiscountRow:
    found: DiscountAfterRise
    offer: OfferedOffer
    supplier: SupplierView


def _readable(actor: Actor) -> bool:
    return bool(actor.posts & READERS) or actor.is_system


def _reviews(q: str, kind: str, severity: str) -> QuerySet[OfferReview]:
    rows = OfferReview.objects.all()
    if q:
        rows = rows.filter(
            Q(offer__product__title__icontains=q) | Q(offer__product__code=q) | Q(offer__supplier__name__icontains=q)
        )
    if kind:
        rows = rows.filter(kind=kind)
    if severity:
        rows = rows.filter(severity="" if severity == "none" else severity)
    return rows


def reviews(
    *, actor: Actor, q: str = "", state: str = ReviewState.OPEN, kind: str = "", severity: str = "", after: int = 0,
    size: int = PAGE_SIZE,
) -> ReviewPage:  # fmt: skip
    """Reviews in the order they were asked for, those decided newest first. Three statements."""
    if not _readable(actor):
        return ReviewPage((), None)
    rows = _reviews(q, kind, severity).filter(state=state)
    if state == ReviewState.OPEN:
        rows = rows.filter(pk__gt=after).order_by("pk")
    else:
        rows = (rows.filter(pk__lt=after) if after else rows).order_by("-pk")
    found = list(rows[: size + 1])
    more = len(found) > size
    return ReviewPage(tuple(_with_offers(found[:size])), found[size - 1].pk if more else None)


def _with_offers(found: Sequence[OfferReview]) -> list[ReviewRow]:
    offers = offered(offer_ids={review.offer_id for review in found})
    suppliers = suppliers_by_id(ids={offer.supplier_id for offer in offers.values()})
    return [
        ReviewRow(review, offers[review.offer_id], suppliers[offers[review.offer_id].supplier_id]) for review in found
    ]


def review_counts(*, actor: Actor, q: str = "", kind: str = "", severity: str = "") -> dict[str, int]:
    """How many there are in each state, under the same filters. One statement."""
    if not _readable(actor):
        return {}
    rows = _reviews(q, kind, severity).order_by().values_list("state").annotate(count=Count("id"))
    return dict(rows)


def waiting_count(*, actor: Actor) -> int:
    """What waits for a decision: reviews and appeals."""
    if not actor.posts & REVIEWERS:
        return 0
    return (
        OfferReview.objects.filter(state=ReviewState.OPEN).count()
        + ListingAppeal.objects.filter(state=AppealState.FILED).count()
    )


def appeals(*, actor: Actor, state: str = AppealState.FILED) -> list[AppealRow]:
    """Appeals, oldest first while they wait, else newest first; at most 200."""
    if not _readable(actor):
        return []
    order = "pk" if state == AppealState.FILED else "-pk"
    rows = ListingAppeal.objects.filter(state=state).select_related("review", "freeze").order_by(order)
    return _appeal_rows(list(rows[:200]))


def appeal_counts(*, actor: Actor) -> dict[str, int]:
    if not _readable(actor):
        return {}
    return dict(ListingAppeal.objects.order_by().values_list("state").annotate(count=Count("id")))


def appeal(*, actor: Actor, appeal_id: int) -> AppealRow:
    """Raises NotFound."""
    row = ListingAppeal.objects.filter(pk=appeal_id).select_related("review", "freeze").first()
    if row is None or not _readable(actor):
        raise NotFound(appeal_id=appeal_id)
    return _appeal_rows([row])[0]


def _appeal_rows(found: Sequence[ListingAppeal]) -> list[AppealRow]:
    offers = offered(offer_ids={row.offer_id for row in found})
    suppliers = suppliers_by_id(ids={offer.supplier_id for offer in offers.values()})
    return [AppealRow(row, offers[row.offer_id], suppliers[offers[row.offer_id].supplier_id]) for row in found]


def _patrols() -> QuerySet[PatrolTask]:
    return PatrolTask.objects.annotate(
        looked=Count("items", filter=~Q(items__outcome="")),
        breaches=Count("items", filter=Q(items__outcome__in=["warning", "freeze"])),
    )


def patrols(*, actor: Actor, state: str = "") -> list[PatrolRow]:
    """Patrols, open ones first, then newest first; at most 200. One statement."""
    if not _readable(actor):
        return []
    rows = _patrols()
    if state:
        rows = rows.filter(state=state)
    # "open" sorts after "closed".
    return [_patrol_row(row) for row in rows.order_by("-state", "-pk")[:200]]


def _patrol_row(row: Any) -> PatrolRow:
    """From a row of `_patrols`."""
    return PatrolRow(row, row.looked, row.breaches)


def patrol(*, actor: Actor, task_id: int) -> PatrolFile:
    """Raises NotFound."""
    row = _patrols().filter(pk=task_id).first()
    if row is None or not _readable(actor):
        raise NotFound(patrol=task_id)
    items = list(PatrolItem.objects.filter(task=row).order_by("pk"))
    offers = offered(offer_ids={item.offer_id for item in items})
    suppliers = suppliers_by_id(ids={offer.supplier_id for offer in offers.values()})
    return PatrolFile(
        _patrol_row(row),
        tuple(ItemRow(one, offers[one.offer_id], suppliers[offers[one.offer_id].supplier_id]) for one in items),
    )


def patrol_item(*, actor: Actor, item_id: int) -> PatrolItem:
    """Raises NotFound."""
    row = PatrolItem.objects.filter(pk=item_id).first()
    if row is None or not _readable(actor):
        raise NotFound(patrol_item=item_id)
    return row


def patrol_counts(*, actor: Actor) -> dict[str, int]:
    if not _readable(actor):
        return {}
    rows = PatrolTask.objects.order_by().values_list("state").annotate(count=Count("id"))
    return {PatrolState(state).value: count for state, count in rows}


def raised_before_discount(*, actor: Actor, on: date, since: datetime) -> list[DiscountRow]:
    """Discounts of the time since that followed a rise within the window, newest first; at most 200."""
    if not _readable(actor):
        return []
    days = parameters(on=on).whole(Parameter.RAISED_BEFORE_DISCOUNT_DAYS)
    found = discounts_after_rise(days=days, since=since, size=200)
    offers = offered(offer_ids={one.offer_id for one in found})
    suppliers = suppliers_by_id(ids={offer.supplier_id for offer in offers.values()})
    return [DiscountRow(one, offers[one.offer_id], suppliers[offers[one.offer_id].supplier_id]) for one in found]
