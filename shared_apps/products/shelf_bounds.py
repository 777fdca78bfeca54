"""The region's bound of the malls' shelves: whether a mall may ask for a local approval beside the region's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kernel.actor import Actor
from kernel.posts import Post
from kernel.problems import NotPermitted
from shared_apps.products.models import ShelfBound
from shared_apps.region_journal.services import record
from tenants.database.context import region_atomic

BOUND_POSTS = frozenset({Post.REGION_SUPERVISOR})
HISTORY_MAX = 50


@dataclass(frozen=True, slots=True)
class ShelfBoundView:
    local_approval_allowed: bool
    reason: str
    set_at: datetime
    set_by_name: str


def local_approval_allowed() -> bool:
    """One statement; malls ask it while their own policy is on."""
    newest = ShelfBound.objects.order_by("-id").values_list("local_approval_allowed", flat=True).first()
    return bool(newest)


def shelf_bounds() -> tuple[ShelfBoundView, ...]:
    """The newest first: the first is in force."""
    rows = ShelfBound.objects.order_by("-id")[:HISTORY_MAX]
    return tuple(ShelfBoundView(row.local_approval_allowed, row.reason, row.set_at, row.set_by_name) for row in rows)


def set_shelf_bound(*, actor: Actor, local_approval_allowed: bool, reason: str, now: datetime) -> ShelfBound:
    """A new version; one journal row. Malls that ask for a local approval stop or begin doing so at once."""
    if not (actor.is_system or actor.posts & BOUND_POSTS):
        raise NotPermitted(action="set_shelf_bound")
    with region_atomic():
        bound = ShelfBound.objects.create(
            local_approval_allowed=local_approval_allowed,
            reason=reason,
            set_at=now,
            set_by_id=actor.user_id,
            set_by_name="" if actor.is_system else actor.name,
        )
        record(
            actor=actor,
            event="products.shelf_bound_set",
            object_type="shelf_bound",
            object_id=bound.pk,
            facts={"local_approval_allowed": local_approval_allowed, "reason": reason},
            now=now,
        )
    return bound
