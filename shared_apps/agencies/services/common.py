"""What every write of an agency does: find and lock the row, move its state, tell the journal."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from kernel.actor import Actor
from kernel.posts import Post
from kernel.problems import NotFound, NotPermitted
from shared_apps.agencies.models import Agency
from shared_apps.agencies.permissions import OWN, own_organisations
from shared_apps.agencies.rules.registration import REGISTRATION
from shared_apps.region_journal.services import record


def locked_agency(agency_id: int) -> Agency:
    """Inside the caller's transaction. Raises NotFound."""
    agency = Agency.objects.select_for_update().filter(pk=agency_id).first()
    if agency is None:
        raise NotFound(agency=agency_id)
    return agency


def own_locked(actor: Actor, posts: Collection[Post] = OWN) -> Agency:
    """The agency that the actor acts for, locked. Raises NotFound, for one who acts for none as well."""
    mine = own_organisations(actor, posts)
    agency = Agency.objects.select_for_update().filter(organisation_id__in=mine).order_by("pk").first()
    if agency is None:
        raise NotFound
    return agency


def move(agency: Agency, *, actor: Actor, action: str) -> None:
    """Sets the next state. Raises WrongState, and NotPermitted for a post that the table does not name."""
    found = REGISTRATION.next(agency.state, action)
    if not (actor.is_system or actor.posts.intersection(found.posts)):
        raise NotPermitted(action=action)
    agency.state = found.target


def facts_of(agency: Agency) -> dict[str, Any]:
    return {
        "uscc": agency.uscc,
        "name": agency.name,
        "organisation_id": agency.organisation_id,
        "state": str(agency.state),
        "version": agency.version,
    }


def tell(actor: Actor, event: str, agency: Agency, now: datetime, **more: Any) -> None:
    record(
        actor=actor,
        event=event,
        object_type="agency",
        object_id=agency.pk,
        facts={**facts_of(agency), **more},
        now=now,
    )


def staff_count(agency: Agency) -> int:
    """Full-time staff today, of the locked agency."""
    return agency.staff.filter(left_on=None).count()
