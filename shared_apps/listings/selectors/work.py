"""What waits for somebody now. On the region's login."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Min

from shared_apps.listings.models import ListingAppeal, OfferFreeze, OfferReview, PatrolTask
from shared_apps.listings.rules.reviews import AppealState, FreezeState, PatrolState, ReviewKind, ReviewState
from shared_apps.listings.rules.work import Key, Waiting, Work
from shared_apps.products.offered import offered_anew
from shared_apps.products.proposals import is_any_proposed, suppliers_with_returned
from shared_apps.products.rules import OfferState

# A rejection is a to-do for so long; then the supplier has let it be.
REJECTED_DAYS = 30


def waiting_work(*, now: datetime) -> dict[Key, Waiting]:
    """Fourteen statements at most, however much waits."""
    found: dict[Key, Waiting] = {(Work.RETURNED, supplier): Waiting() for supplier in suppliers_with_returned()}
    if is_any_proposed():
        found[Work.PROPOSALS, 0] = Waiting()
    reviews = OfferReview.objects.filter(state=ReviewState.OPEN)
    if reviews.exists():
        found[Work.REVIEWS, 0] = Waiting(reviews.aggregate(first=Min("due_on"))["first"])
    if ListingAppeal.objects.filter(state=AppealState.FILED).exists():
        found[Work.APPEALS, 0] = Waiting()
    if OfferFreeze.objects.filter(state=FreezeState.CORRECTED).exists():
        found[Work.CORRECTIONS, 0] = Waiting()
    for task_id, due_on in PatrolTask.objects.filter(state=PatrolState.OPEN).values_list("pk", "due_on"):
        found[Work.PATROL, task_id] = Waiting(due_on)
    frozen = OfferFreeze.objects.filter(state=FreezeState.OPEN)
    for supplier_id in set(frozen.values_list("offer__supplier_id", flat=True)):
        found[Work.FROZEN, supplier_id] = Waiting()
    rejected = OfferReview.objects.filter(
        kind=ReviewKind.LISTING, state=ReviewState.REJECTED, decided_at__gte=now - timedelta(days=REJECTED_DAYS),
        offer__state=OfferState.REJECTED, appeal__isnull=True,
    )  # fmt: skip
    rows = list(rejected.values_list("offer_id", "offer__supplier_id"))
    gone = offered_anew(offer_ids=[offer_id for offer_id, _supplier in rows])
    for offer_id, supplier_id in rows:
        if offer_id not in gone:
            found[Work.REJECTED, supplier_id] = Waiting()
    return found
