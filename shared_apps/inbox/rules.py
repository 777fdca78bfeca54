"""What waits for whom. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from kernel.posts import TENANT_POSTS, Post


class ItemState(StrEnum):
    OPEN = "open"
    DONE = "done"


class ItemKind(StrEnum):
    ORDER = "order"
    RULE = "rule"
    LIBRARY = "library"


class Due(StrEnum):
    """How near an item's deadline is. Equality is late."""

    NONE = "none"
    LATER = "later"
    SOON = "soon"
    LATE = "late"


# Stands where a tenant's code does for steps that the region's own staff and suppliers take.
REGION = "region"
SOON_HOURS = 24
PAGE_ROWS = 30

SUPPLIER_POSTS = frozenset({Post.SUPPLIER_ADMIN, Post.SUPPLIER_SALES})
# Held for a whole level, by its bureau or its central purchasing body.
LEVEL_POSTS = frozenset({Post.TIER_SUPERVISOR, Post.CPB_OPERATOR})
REGION_WIDE_POSTS = frozenset({Post.REGION_SUPERVISOR, Post.PLATFORM_OPERATOR, Post.AUDITOR})


def audience(
    *, post: Post, buyer_organisation: int, supplier_organisation: int, unit_id: int
) -> tuple[int | None, int | None]:
    """Organisation and unit that an order's step waits in."""
    if post in SUPPLIER_POSTS:
        return supplier_organisation, None
    if post in TENANT_POSTS:
        return buyer_organisation, unit_id
    return None, None


def due_mark(*, due_at: datetime | None, now: datetime) -> Due:
    """How a deadline is marked on the page."""
    if due_at is None:
        return Due.NONE
    if now >= due_at:
        return Due.LATE
    return Due.SOON if due_at - now <= timedelta(hours=SOON_HOURS) else Due.LATER


def next_path(*, kind: str, object_id: str) -> str:
    """The page of the mall on which an order's or a rule's step is taken."""
    return f"/orders/{object_id}/" if kind == ItemKind.ORDER else "/bureau/"
