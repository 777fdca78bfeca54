"""Taking offers off sale for a breach, correcting, and putting them back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from kernel.actor import Actor
from kernel.problems import InvalidInput, NotFound
from shared_apps.listings.models import ListingAppeal, OfferFreeze, PatrolItem
from shared_apps.listings.permissions import REVIEWERS, require, require_stranger
from shared_apps.listings.purposes import CORRECTION, EVIDENCE
from shared_apps.listings.rules.reviews import (
    APPEAL_LIFECYCLE,
    FREEZE_LIFECYCLE,
    AppealState,
    BreachKind,
    FreezeState,
)
from shared_apps.listings.services.checking import lapse_reviews
from shared_apps.listings.services.deciding import reason_given
from shared_apps.products.services import move_offer
from shared_apps.products.services.offers import locked, sold_by
from shared_apps.region_files.services import store_file
from shared_apps.region_journal.services import record
from shared_apps.suppliers.selectors import SupplierView
from tenants.database.context import region_atomic

OPEN = (FreezeState.OPEN, FreezeState.CORRECTED)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent."""

    name: str
    content: bytes


def freeze_offer(
    *,
    actor: Actor,
    offer_id: int,
    kind: BreachKind,
    reason: str,
    now: datetime,
    evidence: Upload | None = None,
    patrol_item: PatrolItem | None = None,
) -> OfferFreeze:
    """Off sale until it is corrected. Raises NotFound, NotPermitted, WrongState, FileRefused, InvalidInput."""
    require(actor, REVIEWERS, "freeze")
    text = reason_given(reason)
    with region_atomic():
        _offer, product_code, supplier = locked(offer_id)
        require_stranger(actor, supplier, "freeze")
        move_offer(actor=actor, offer_id=offer_id, action="freeze", reason=text, now=now)
        lapse_reviews(offer_ids=[offer_id], now=now)
        key = patrol_item.evidence_key if patrol_item is not None else ""
        if evidence is not None:
            stored = store_file(actor=actor, name=evidence.name, content=evidence.content, purpose=EVIDENCE.name,
                                now=now)  # fmt: skip
            key = stored.key
        freeze = OfferFreeze.objects.create(
            offer_id=offer_id,
            kind=kind,
            reason=text,
            evidence_key=key,
            patrol_item=patrol_item,
            state=FreezeState.OPEN,
            frozen_at=now,
            frozen_by_id=actor.user_id,
            frozen_by_name=actor.name,
        )
        facts = {"kind": str(kind), "reason": text, "patrol_item": patrol_item.pk if patrol_item else None}
        _tell(actor, "listings.offer_frozen", freeze, product_code, supplier, now, **facts)
    return freeze


def report_correction(
    *, actor: Actor, offer_id: int, correction: str, now: datetime, file: Upload | None = None
) -> OfferFreeze:
    """The supplier says what it corrected; somebody looks and lifts the freeze. May be said again, the last counts."""
    text = correction.strip()
    if not text:
        raise InvalidInput(errors={"correction": [gettext("Say what was corrected.")]})
    with region_atomic():
        offer, product_code, supplier = locked(offer_id)
        sold_by(actor, offer.supplier_id)
        freeze = open_freeze(offer_id=offer_id)
        freeze.state = FREEZE_LIFECYCLE.next(freeze.state, "correct").target
        freeze.corrected_at, freeze.correction = now, text
        if file is not None:
            stored = store_file(
                actor=actor, name=file.name, content=file.content, purpose=CORRECTION.name, now=now,
                organisation_id=supplier.organisation_id,
            )  # fmt: skip
            freeze.correction_key = stored.key
        freeze.save(update_fields=["state", "corrected_at", "correction", "correction_key"])
        _tell(actor, "listings.correction_reported", freeze, product_code, supplier, now, freeze=freeze.pk,
              correction=text)  # fmt: skip
    return freeze


def lift_freeze(*, actor: Actor, offer_id: int, reason: str, now: datetime) -> OfferFreeze:
    """On sale again, after somebody has looked. Raises NotFound, NotPermitted, WrongState, InvalidInput."""
    require(actor, REVIEWERS, "unfreeze")
    text = reason_given(reason)
    with region_atomic():
        offer, product_code, supplier = locked(offer_id)
        require_stranger(actor, supplier, "unfreeze")
        freeze = open_freeze(offer_id=offer_id)
        _end(freeze, "lift", actor, text, now)
        move_offer(actor=actor, offer_id=offer.pk, action="unfreeze", reason=text, now=now)
        # What was appealed against is gone.
        _settle_appeal(freeze, now)
        _tell(actor, "listings.freeze_ended", freeze, product_code, supplier, now, freeze=freeze.pk,
              state=str(freeze.state), reason=text)  # fmt: skip
    return freeze


def end_freeze(*, actor: Actor, offer_id: int, reason: str, now: datetime) -> None:
    """The freeze of an offer that was taken off for good, in the caller's transaction; nothing where it has none."""
    freeze = OfferFreeze.objects.select_for_update().filter(offer_id=offer_id, state__in=OPEN).first()
    if freeze is None:
        return
    _offer, product_code, supplier = locked(offer_id)
    _end(freeze, "end", actor, reason, now)
    _settle_appeal(freeze, now)
    _tell(actor, "listings.freeze_ended", freeze, product_code, supplier, now, freeze=freeze.pk,
          state=str(freeze.state), reason=reason)  # fmt: skip


def open_freeze(*, offer_id: int) -> OfferFreeze:
    """The freeze that keeps the offer off sale, locked. Raises NotFound."""
    freeze = OfferFreeze.objects.select_for_update().filter(offer_id=offer_id, state__in=OPEN).first()
    if freeze is None:
        raise NotFound(offer_id=offer_id)
    return freeze


def _end(freeze: OfferFreeze, action: str, actor: Actor, reason: str, now: datetime) -> None:
    freeze.state = FREEZE_LIFECYCLE.next(freeze.state, action).target
    freeze.ended_at, freeze.ended_reason = now, reason
    freeze.ended_by_id, freeze.ended_by_name = actor.user_id, actor.name
    freeze.save(update_fields=["state", "ended_at", "ended_reason", "ended_by_id", "ended_by_name"])


def _settle_appeal(freeze: OfferFreeze, now: datetime) -> None:
    appeal = ListingAppeal.objects.select_for_update().filter(freeze=freeze, state=AppealState.FILED).first()
    if appeal is not None:
        appeal.state = APPEAL_LIFECYCLE.next(appeal.state, "withdraw").target
        appeal.save(update_fields=["state"])


def _tell(
    actor: Actor, event: str, row: OfferFreeze, product_code: str, supplier: SupplierView, now: datetime,
    **more: object,
) -> None:  # fmt: skip
    facts = {"offer_id": row.offer_id, "product_code": product_code, "supplier_code": supplier.uscc, **more}
    record(actor=actor, event=event, object_type="offer_freeze", object_id=row.pk, facts=facts, now=now)
