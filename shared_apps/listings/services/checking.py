"""The machine's step: findings beside every asking, and a review that waits for a person.

A person's submit runs it in the same transaction, so that no offer is submitted without being checked. What a bulk
write submits is found by the sweep, which asks the same question of the database: who waits without a review?
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db.models import F, Q, QuerySet

from kernel.actor import SYSTEM
from kernel.clock import local_date
from kernel.working_days import CalendarYearMissing
from shared_apps.listings.models import OfferReview
from shared_apps.listings.rules.checks import run_checks, worst
from shared_apps.listings.rules.parameters import Parameter, Parameters
from shared_apps.listings.rules.reviews import REVIEW_LIFECYCLE, ReviewKind, ReviewState
from shared_apps.listings.selectors.facts import offer_facts
from shared_apps.listings.selectors.settings import parameters
from shared_apps.products.offered import asking, hold_asking, submitted_ids
from shared_apps.products.rules import OfferState
from shared_apps.products.services import mark_checked
from shared_apps.region_journal.services import record
from shared_apps.rulebook.selectors import calendar
from tenants.database.context import region_atomic
from tenants.database.rows import insert_rows

CHUNK = 1_000


def check_offers(*, offer_ids: Collection[int], now: datetime) -> list[int]:
    """Checks submitted offers and opens their reviews, of which the ids; what is not submitted is left alone."""
    with region_atomic():
        return _open(mark_checked(offer_ids=offer_ids, now=now), ReviewKind.LISTING, now)


def check_asked_prices(*, offer_ids: Collection[int], now: datetime) -> list[int]:
    """Checks the dearer terms that offers ask for and opens their reviews; an earlier asking has lapsed."""
    with region_atomic():
        held = hold_asking(offer_ids=offer_ids)
        lapse_reviews(offer_ids=held, now=now)
        known = OfferReview.objects.filter(offer_id__in=held, state=ReviewState.OPEN).values_list("offer_id", flat=True)
        return _open(sorted(set(held) - set(known)), ReviewKind.PRICE, now)


def lapse_reviews(*, offer_ids: Collection[int], now: datetime) -> int:
    """Open reviews of askings that are gone: withdrawn, overtaken by another, or ended with the offer."""
    with region_atomic():
        gone = list(_overtaken().filter(offer_id__in=list(offer_ids)).values_list("pk", flat=True))
        return _lapse(gone, now)


def check_waiting(*, now: datetime) -> int:
    """One sweep over what waits without a review, and over reviews whose asking is gone; returns how many moved."""
    moved = 0
    while gone := list(_overtaken().order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        with region_atomic():
            moved += _lapse(gone, now)
    while offer_ids := submitted_ids(size=CHUNK):
        moved += len(check_offers(offer_ids=offer_ids, now=now))
    after = 0
    while found := asking(after=after, size=CHUNK):
        after = found[-1][0]
        keys = OfferReview.objects.filter(offer_id__in=[offer_id for offer_id, _ in found], kind=ReviewKind.PRICE)
        known = set(keys.values_list("offer_id", "asked_at"))
        if unknown := [offer_id for offer_id, since in found if (offer_id, since) not in known]:
            moved += len(check_asked_prices(offer_ids=unknown, now=now))
    return moved


def _overtaken() -> QuerySet[OfferReview]:
    """Open reviews whose offer does not ask for that any more."""
    asks = Q(kind=ReviewKind.LISTING, offer__state=OfferState.MACHINE_CHECKED) | Q(
        kind=ReviewKind.PRICE, offer__pending_since__isnull=False, offer__pending_since=F("asked_at")
    )
    return OfferReview.objects.filter(~asks, state=ReviewState.OPEN)


def _lapse(review_ids: Sequence[int], now: datetime) -> int:
    move = REVIEW_LIFECYCLE.next(ReviewState.OPEN, "lapse")
    rows = OfferReview.objects.select_for_update().filter(pk__in=review_ids, state=ReviewState.OPEN).order_by("pk")
    lapsed = list(rows.values_list("pk", flat=True))
    if lapsed:
        OfferReview.objects.filter(pk__in=lapsed).update(state=move.target)
        record(actor=SYSTEM, event="listings.reviews_lapsed", object_type="offer_review", object_id=lapsed[0],
               facts={"reviews": lapsed}, now=now)  # fmt: skip
    return len(lapsed)


def _open(offer_ids: Sequence[int], kind: ReviewKind, now: datetime) -> list[int]:
    """The reviews of these offers, in the caller's transaction: two statements beside those for the facts."""
    if not offer_ids:
        return []
    today = local_date(now)
    chosen = parameters(on=today)
    due_on = _due_on(today, chosen)
    rows = []
    for offer, known in offer_facts(offer_ids=offer_ids, kind=kind, on=today):
        findings = run_checks(known, chosen)
        rows.append(
            {
                "offer_id": offer.id,
                "kind": kind.value,
                "asked_at": (offer.pending_since if kind is ReviewKind.PRICE else None) or now,
                "price": known.price,
                "reference_price": known.reference_price,
                "price_before": known.present_price,
                "due_on": due_on,
                "checked_at": now,
                "findings": [finding.as_json() for finding in findings],
                "severity": worst(findings),
                "state": ReviewState.OPEN.value,
            }
        )
    made = [review_id for (review_id,) in insert_rows(OfferReview, rows)]
    facts_told = {"kind": kind.value, "reviews": made, "offers": [row["offer_id"] for row in rows]}
    record(actor=SYSTEM, event="listings.offers_checked", object_type="offer_review", object_id=made[0],
           facts=facts_told, now=now)  # fmt: skip
    return made


def _due_on(today: date, chosen: Parameters) -> date | None:
    """The last working day of the review (R-LISTING), or None where the year's calendar is not loaded."""
    try:
        return calendar().add_working_days(today, chosen.whole(Parameter.REVIEW_WORKING_DAYS))
    except CalendarYearMissing:
        return None
