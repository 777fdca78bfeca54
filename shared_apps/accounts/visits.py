"""Who oversees a mall, from the region or a level above, and went into it: one journal row a visit, at the door."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from kernel.actor import Actor
from kernel.clock import day_bounds
from kernel.posts import Post
from kernel.problems import NotFound
from shared_apps.accounts.permissions import supervises
from shared_apps.accounts.rules import OVERSEERS
from shared_apps.region_journal.selectors import of_type
from shared_apps.region_journal.services import record
from tenants.divisions.selectors import codes_above
from tenants.registry.selectors import is_practice, tenant_names

EVENT = "accounts.mall_visited"
OBJECT = "mall_visit"
# Who may read visits to every mall; a bureau reads those to its own.
SEES_ALL = OVERSEERS
READERS = frozenset({Post.TIER_SUPERVISOR, *SEES_ALL})
SUPERVISES_BELOW = frozenset({Post.HIGHER_SUPERVISOR})


def note_visit(*, actor: Actor, tenant_code: str, now: datetime) -> bool:
    """Journals that an overseer goes into a mall to read it; returns whether this is one.

    Inside the transaction of the hand-off: nobody looks without a row. Practice malls hold nothing to oversee.
    """
    posts = sorted(str(post) for post in _oversees_with(actor, tenant_code))
    if not posts or is_practice(code=tenant_code):
        return False
    record(
        actor=actor,
        event=EVENT,
        object_type=OBJECT,
        object_id=tenant_code,
        facts={"tenant_code": tenant_code, "posts": posts},
        now=now,
    )
    return True


def _oversees_with(actor: Actor, tenant_code: str) -> frozenset[Post]:
    """By which posts the actor looks at this mall without being of it."""
    bureaus = actor.organisations(Post.TIER_SUPERVISOR)
    levels = {place.tenant_code for place in actor.belongs if place.organisation_id in bureaus}
    below = levels and levels & codes_above(tenant_code=tenant_code)
    return (actor.posts & OVERSEERS) | (SUPERVISES_BELOW if below else frozenset())


def readable_malls(*, actor: Actor) -> dict[str, str]:
    """Malls whose visits the actor may read, name by code. Raises NotFound for nobody's reader."""
    if actor.posts & SEES_ALL:
        return {code: found.name for code, found in tenant_names().items() if not found.is_practice}
    own = [place.tenant_code for place in actor.belongs if place.tenant_code and supervises(actor, place.tenant_code)]
    if not own:
        raise NotFound
    return {code: found.name for code, found in tenant_names(codes=own).items()}


def visits(
    *, actor: Actor, codes: Sequence[str], q: str = "", since: date | None = None, until: date | None = None
) -> QuerySet[Any]:
    """Visits to these malls, newest first; `q` narrows by a part of the name or organisation. Days are whole.

    Raises NotFound for a mall the actor may not ask about.
    """
    allowed = readable_malls(actor=actor)
    if any(code not in allowed for code in codes):
        raise NotFound
    return of_type(
        object_type=OBJECT,
        object_ids=list(codes or allowed),
        text=q,
        since=day_bounds(since)[0] if since else None,
        until=day_bounds(until)[1] if until else None,
    )
