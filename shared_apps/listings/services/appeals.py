"""A supplier against a rejection or a freeze. Decided by somebody else than who rejected or froze."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.problems import Conflict, NotFound, NotPermitted
from shared_apps.listings.models import ListingAppeal, OfferFreeze, OfferReview
from shared_apps.listings.permissions import REVIEWERS, require, require_stranger
from shared_apps.listings.purposes import APPEAL
from shared_apps.listings.rules.reviews import APPEAL_LIFECYCLE, AppealState, ReviewKind, ReviewState
from shared_apps.listings.services.breaches import OPEN, Upload, lift_freeze
from shared_apps.listings.services.deciding import nothing_blocks, reason_given
from shared_apps.products.rules import OfferState
from shared_apps.products.services import move_offer
from shared_apps.products.services.offers import locked, sold_by
from shared_apps.region_files.services import store_file
from shared_apps.region_journal.services import record
from shared_apps.suppliers.selectors import SupplierView
from tenants.database.context import region_atomic

if TYPE_CHECKING:
    from shared_apps.products.models import Offer


class NothingToAppeal(Conflict):
    code = "offer-not-appealable"
    title = _("The offer is neither rejected nor frozen")


class AlreadyAppealed(Conflict):
    code = "already-appealed"
    title = _("This decision was appealed against already")


class OwnDecision(NotPermitted):
    """Nobody judges the own decision."""

    code = "own-decision"
    title = _("Somebody else must decide on an appeal against your own decision")


def file_appeal(
    *, actor: Actor, offer_id: int, reason: str, now: datetime, file: Upload | None = None
) -> ListingAppeal:
    """Against what keeps the offer off sale: its freeze, or the rejection of its listing. Once each.

    Raises NotFound, NotPermitted, NothingToAppeal, AlreadyAppealed, FileRefused, InvalidInput.
    """
    text = reason_given(reason)
    with region_atomic():
        offer, product_code, supplier = locked(offer_id)
        sold_by(actor, offer.supplier_id)
        review, freeze = _against(offer)
        if ListingAppeal.objects.filter(review=review, freeze=freeze).exists():
            raise AlreadyAppealed(offer_id=offer_id)
        key = ""
        if file is not None:
            stored = store_file(
                actor=actor, name=file.name, content=file.content, purpose=APPEAL.name, now=now,
                organisation_id=supplier.organisation_id,
            )  # fmt: skip
            key = stored.key
        appeal = ListingAppeal.objects.create(
            offer=offer,
            review=review,
            freeze=freeze,
            reason=text,
            file_key=key,
            filed_at=now,
            filed_by_id=actor.user_id,
            filed_by_name=actor.name,
            against_id=review.decided_by_id if review else freeze.frozen_by_id if freeze else None,
            against_name=review.decided_by_name if review else freeze.frozen_by_name if freeze else "",
            state=AppealState.FILED,
        )
        _tell(actor, "listings.appeal_filed", appeal, product_code, supplier, now, reason=text)
    return appeal


def decide_appeal(*, actor: Actor, appeal_id: int, grant: bool, decision: str, now: datetime) -> ListingAppeal:
    """Granted, the offer is on sale again; dismissed, all stays as it is. The reason is owed either way.

    Raises NotFound, NotPermitted, OwnDecision, WrongState, FindingsBlock, OfferExists where the supplier has offered
    the product anew, InvalidInput.
    """
    require(actor, REVIEWERS, "decide_appeal")
    text = reason_given(decision)
    offer_id = ListingAppeal.objects.filter(pk=appeal_id).values_list("offer_id", flat=True).first()
    if offer_id is None:
        raise NotFound(appeal_id=appeal_id)
    with region_atomic():
        offer, product_code, supplier = locked(offer_id)
        require_stranger(actor, supplier, "decide_appeal")
        appeal = ListingAppeal.objects.select_for_update().get(pk=appeal_id)
        if actor.user_id is not None and actor.user_id == appeal.against_id:
            raise OwnDecision(appeal_id=appeal_id)
        appeal.state = APPEAL_LIFECYCLE.next(appeal.state, "grant" if grant else "dismiss").target
        appeal.decided_at, appeal.decision = now, text
        appeal.decided_by_id, appeal.decided_by_name = actor.user_id, actor.name
        appeal.save()
        if grant and appeal.freeze_id is not None:
            lift_freeze(actor=actor, offer_id=offer.pk, reason=text, now=now)
        elif grant:
            nothing_blocks(offer.pk, ReviewKind.LISTING, now)
            move_offer(actor=actor, offer_id=offer.pk, action="grant_appeal", reason=text, now=now)
        _tell(actor, "listings.appeal_decided", appeal, product_code, supplier, now, state=str(appeal.state),
              decision=text)  # fmt: skip
    return appeal


def withdraw_appeal(*, actor: Actor, appeal_id: int, now: datetime) -> ListingAppeal:
    """The supplier takes it back; it cannot be filed again. Raises NotFound, NotPermitted, WrongState."""
    offer_id = ListingAppeal.objects.filter(pk=appeal_id).values_list("offer_id", flat=True).first()
    if offer_id is None:
        raise NotFound(appeal_id=appeal_id)
    with region_atomic():
        offer, product_code, supplier = locked(offer_id)
        sold_by(actor, offer.supplier_id)
        appeal = ListingAppeal.objects.select_for_update().get(pk=appeal_id)
        appeal.state = APPEAL_LIFECYCLE.next(appeal.state, "withdraw").target
        appeal.save(update_fields=["state"])
        _tell(actor, "listings.appeal_withdrawn", appeal, product_code, supplier, now)
    return appeal


def _against(offer: Offer) -> tuple[OfferReview | None, OfferFreeze | None]:
    """The one decision that keeps the offer off sale. Raises NothingToAppeal."""
    if offer.state == OfferState.FROZEN:
        freeze = OfferFreeze.objects.filter(offer=offer, state__in=OPEN).first()
        if freeze is not None:
            return None, freeze
    elif offer.state == OfferState.REJECTED:
        review = (
            OfferReview.objects.filter(offer=offer, kind=ReviewKind.LISTING, state=ReviewState.REJECTED)
            .order_by("-id")
            .first()
        )
        if review is not None:
            return review, None
    raise NothingToAppeal(offer_id=offer.pk)


def _tell(
    actor: Actor, event: str, appeal: ListingAppeal, product_code: str, supplier: SupplierView, now: datetime,
    **more: object,
) -> None:  # fmt: skip
    facts = {
        "offer_id": appeal.offer_id,
        "product_code": product_code,
        "supplier_code": supplier.uscc,
        "against": "freeze" if appeal.freeze_id is not None else "rejection",
        **more,
    }
    record(actor=actor, event=event, object_type="listing_appeal", object_id=appeal.pk, facts=facts, now=now)
