"""The last days of offers: suppliers are told before, renew in one step, and what has ended leaves the shelf."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from kernel.actor import SYSTEM, Actor
from kernel.clock import local_date
from kernel.problems import DomainError
from shared_apps.listings.models import EndingNotice
from shared_apps.listings.rules.parameters import Parameter
from shared_apps.listings.selectors.settings import parameters
from shared_apps.listings.services.breaches import end_freeze
from shared_apps.listings.services.checking import check_offers, lapse_reviews
from shared_apps.products import services as products
from shared_apps.products.offered import Ending, endings, offered
from shared_apps.products.rules import OfferState
from shared_apps.region_journal.services import record
from shared_apps.suppliers.selectors import suppliers_by_id
from tenants.database.context import region_atomic

if TYPE_CHECKING:
    from shared_apps.products.models import Offer

CHUNK = 200


@dataclass(frozen=True, slots=True)
class Followed:
    """How much a run did: offers that expired, suppliers that were told something new."""

    expired: int = 0
    told: int = 0


@dataclass(frozen=True, slots=True)
class Renewal:
    """What became of one offer of a batch; without a problem it was renewed, by a new offer where it had expired."""

    offer_id: int
    new_offer_id: int | None = None
    problem: DomainError | None = None


def follow_last_days(*, now: datetime) -> Followed:
    """One run over everything that is due. Idempotent; runs at the same moment share the work."""
    expired = 0
    while moved := _expire_some(now):
        expired += moved
    return Followed(expired=expired, told=tell_endings(now=now))


def _expire_some(now: datetime) -> int:
    with region_atomic():
        ended = products.expire_offers(size=CHUNK, now=now)
        for one in ended:
            if one.was == OfferState.FROZEN:
                end_freeze(actor=SYSTEM, offer_id=one.id, reason="", now=now)
        if ended:
            lapse_reviews(offer_ids=[one.id for one in ended], now=now)
    return len(ended)


def tell_endings(*, now: datetime, supplier_ids: Collection[int] | None = None) -> int:
    """Tells suppliers how many of their offers end soon, where it is not what they were told; returns how many.

    Takes the notices' locks in the order of the suppliers and counts under them.
    """
    today = local_date(now)
    until = today + timedelta(days=parameters(on=today).whole(Parameter.ENDING_WARNING_DAYS))
    concerned = set(endings(on=today, until=until, supplier_ids=supplier_ids))
    told = EndingNotice.objects.filter(offers__gt=0)
    if supplier_ids is not None:
        told = told.filter(supplier_id__in=list(supplier_ids))
    keys = sorted(concerned | set(told.values_list("supplier_id", flat=True)))
    return sum(_tell_some(keys[at : at + CHUNK], today, until, now) for at in range(0, len(keys), CHUNK))


def _tell_some(keys: Sequence[int], today: date, until: date, now: datetime) -> int:
    changed = 0
    with region_atomic():
        EndingNotice.objects.bulk_create(
            [EndingNotice(supplier_id=key, told_at=now) for key in keys], ignore_conflicts=True
        )
        notices = list(EndingNotice.objects.select_for_update().filter(supplier_id__in=keys).order_by("supplier_id"))
        found = endings(on=today, until=until, supplier_ids=keys)
        suppliers = suppliers_by_id(ids=keys)
        for notice in notices:
            ending = found.get(notice.supplier_id, Ending())
            if (notice.offers, notice.first_on) == (ending.offers, ending.first_on):
                continue
            changed += 1
            notice.offers, notice.first_on, notice.told_at = ending.offers, ending.first_on, now
            notice.save(update_fields=["offers", "first_on", "told_at"])
            supplier = suppliers[notice.supplier_id]
            facts = {
                "supplier_code": supplier.uscc,
                "name": supplier.name,
                "organisation_id": supplier.organisation_id,
                "offers": ending.offers,
                "first_on": ending.first_on,
            }
            record(actor=SYSTEM, event="listings.offers_ending", object_type="supplier_endings",
                   object_id=notice.supplier_id, facts=facts, now=now)  # fmt: skip
    return changed


def renew_offer(*, actor: Actor, offer_id: int, valid_to: date | None, now: datetime) -> Offer:
    """Another last day in one step; None is without end.

    On sale or frozen it is the same offer with another day. One that has expired is offered anew under the same terms
    and submitted at once: a person looks at it again. Raises NotFound, NotPermitted, WrongState, InvalidInput,
    OfferExists.
    """
    with region_atomic():
        known = offered(offer_ids=[offer_id]).get(offer_id)
        if known is not None and known.state == OfferState.EXPIRED:
            offer = products.draft_again(actor=actor, offer_id=offer_id, valid_to=valid_to, now=now)
            products.move_offer(actor=actor, offer_id=offer.pk, action="submit", now=now)
            check_offers(offer_ids=[offer.pk], now=now)
            offer.refresh_from_db()
        else:
            offer = products.extend_offer(actor=actor, offer_id=offer_id, valid_to=valid_to, now=now)
        tell_endings(supplier_ids=[offer.supplier_id], now=now)
    return offer


def renew_offers(*, actor: Actor, offer_ids: Sequence[int], valid_to: date | None, now: datetime) -> list[Renewal]:
    """Each by itself: one that cannot be renewed leaves the others renewed."""
    renewals = []
    for offer_id in dict.fromkeys(offer_ids):
        try:
            offer = renew_offer(actor=actor, offer_id=offer_id, valid_to=valid_to, now=now)
        except DomainError as error:
            renewals.append(Renewal(offer_id, problem=error))
        else:
            renewals.append(Renewal(offer_id, None if offer.pk == offer_id else offer.pk))
    return renewals
