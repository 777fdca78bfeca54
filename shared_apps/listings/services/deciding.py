"""A person decides on what waits. Every decision is one transaction; of two at once the second finds it decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.clock import local_date
from kernel.problems import Conflict, DomainError, InvalidInput, NotFound
from shared_apps.listings.models import OfferReview
from shared_apps.listings.permissions import REVIEWERS, require, require_stranger
from shared_apps.listings.rules.checks import Severity, run_checks
from shared_apps.listings.rules.reviews import REVIEW_LIFECYCLE, ReviewKind
from shared_apps.listings.selectors.facts import offer_facts
from shared_apps.listings.selectors.settings import parameters
from shared_apps.products.services import decide_price, move_offer
from shared_apps.products.services.offers import locked
from shared_apps.region_journal.services import record
from shared_apps.suppliers.selectors import SupplierView
from tenants.database.context import region_atomic


class FindingsBlock(Conflict):
    """What the machine finds now leaves nothing but to reject, whatever it found when the offer was submitted."""

    code = "findings-block"
    title = _("The checks find what must be corrected first")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one review of a batch; without a problem it was decided."""

    review_id: int
    problem: DomainError | None = None


def reason_given(reason: str) -> str:
    """The reason a refusal owes, trimmed. Raises InvalidInput when there is none."""
    text = reason.strip()
    if not text:
        raise InvalidInput(errors={"reason": [gettext("Give the reason.")]})
    return text


def decide_review(*, actor: Actor, review_id: int, approve: bool, reason: str, now: datetime) -> OfferReview:
    """Approves or rejects what waits. A rejection needs its reason.

    The offer's lock is taken before the review's, as everywhere. Raises NotFound, NotPermitted, WrongState,
    FindingsBlock, PriceNotAsked, InvalidInput.
    """
    require(actor, REVIEWERS, "review")
    action = "approve" if approve else "reject"
    text = reason.strip() if approve else reason_given(reason)
    offer_id = OfferReview.objects.filter(pk=review_id).values_list("offer_id", flat=True).first()
    if offer_id is None:
        raise NotFound(review_id=review_id)
    with region_atomic():
        offer, product_code, supplier = locked(offer_id)
        require_stranger(actor, supplier, "review")
        review = OfferReview.objects.select_for_update().get(pk=review_id)
        move = REVIEW_LIFECYCLE.next(review.state, action)
        if approve:
            nothing_blocks(offer.pk, ReviewKind(review.kind), now)
        if review.kind == ReviewKind.LISTING:
            move_offer(actor=actor, offer_id=offer.pk, action=action, reason=text, now=now)
        else:
            decide_price(
                actor=actor, offer_id=offer.pk, asked_at=review.asked_at, approve=approve, reason=text, now=now
            )
        review.state, review.reason, review.decided_at = move.target, text, now
        review.decided_by_id, review.decided_by_name = actor.user_id, actor.name
        review.save(update_fields=["state", "reason", "decided_at", "decided_by_id", "decided_by_name"])
        _tell(actor, review, product_code, supplier, now)
    return review


def decide_many(*, actor: Actor, review_ids: Sequence[int], approve: bool, reason: str, now: datetime) -> list[Outcome]:
    """Each by itself: one that is refused leaves the others decided."""
    require(actor, REVIEWERS, "review")
    if not approve:
        reason_given(reason)
    outcomes = []
    for review_id in dict.fromkeys(review_ids):
        try:
            decide_review(actor=actor, review_id=review_id, approve=approve, reason=reason, now=now)
        except DomainError as error:
            outcomes.append(Outcome(review_id, error))
        else:
            outcomes.append(Outcome(review_id))
    return outcomes


def nothing_blocks(offer_id: int, kind: ReviewKind, now: datetime) -> None:
    """Raises FindingsBlock for what stands in the way today."""
    today = local_date(now)
    ((_offer, facts),) = offer_facts(offer_ids=[offer_id], kind=kind, on=today)
    found = [one.code for one in run_checks(facts, parameters(on=today)) if one.severity is Severity.BLOCK]
    if found:
        raise FindingsBlock(findings=found)


def _tell(actor: Actor, review: OfferReview, product_code: str, supplier: SupplierView, now: datetime) -> None:
    facts = {
        "offer_id": review.offer_id,
        "product_code": product_code,
        "supplier_code": supplier.uscc,
        "kind": str(review.kind),
        "decision": str(review.state),
        "price": review.price,
        "severity": review.severity,
        "reason": review.reason,
    }
    record(actor=actor, event="listings.review_decided", object_type="offer_review", object_id=review.pk, facts=facts,
           now=now)  # fmt: skip
