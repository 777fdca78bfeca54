"""What waits for whom. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from kernel.posts import TENANT_POSTS, Post


class ItemState(StrEnum):
    OPEN = "open"
    DONE = "done"


class ItemKind(StrEnum):
    ORDER = "order"
    BARGAIN = "bargain"
    CONTRACT = "contract"
    INTEREST = "interest"
    TERM = "term"
    EVALUATION = "evaluation"
    INVOICE = "invoice"
    CANCELLATION = "cancellation"
    BUREAU = "bureau"
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


# -- who of a post's holders ------------------------------------------------------------------------------------------
ANYBODY = "*"
# The state of an order whose steps are those of an approval.
APPROVAL = "pending_approval"


def asked_keys(*, post: Post | None, waits_for: Sequence[Mapping[str, Any]], clerk_id: int | None) -> list[str]:
    """`post:person`, or `post:*` for all of a post's holders: whom an order's open steps ask.

    Steps of an approval may name people; only the clerk who submitted an order mends it.
    """
    if post == Post.BUYER_CLERK and clerk_id is not None:
        return [f"{post}:{clerk_id}"]
    keys = [
        f"{step['post']}:{person}" for step in waits_for for person in (step["user_ids"] or [ANYBODY])
    ]  # fmt: skip
    return list(dict.fromkeys(keys))


def barred_keys(*, is_approval: bool, clerk_id: int | None, taken_by: Collection[int]) -> list[str]:
    """People, and `for:` people in whose stead nobody acts.

    A clerk approves no order of their own, nor has it done; nobody takes two steps of one approval.
    """
    if not is_approval:
        return []
    people = {str(person) for person in taken_by}
    return sorted(people | {str(clerk_id), f"for:{clerk_id}"} if clerk_id is not None else people)


def may_act(
    *,
    post: str,
    user_id: int,
    deputy_for: int | None,
    audience_post: str,
    asked: Collection[str],
    barred: Collection[str],
) -> bool:
    """Whether a holder of a post in the item's unit is one of those who are asked. `selectors` says the same in SQL."""
    if str(user_id) in barred or f"for:{deputy_for}" in barred:
        return False
    if not asked:
        return post == audience_post
    stands_for = user_id if deputy_for is None else deputy_for
    return f"{post}:{ANYBODY}" in asked or f"{post}:{stands_for}" in asked


# An order's steps that begin with what somebody else must do first: its step, by the state and who must act.
BEFORE_STEPS = {
    ("accepted", Post.BUYER_CLERK): "contract_due",
    ("goods_accepted", Post.SUPPLIER_SALES): "invoice_due",
}


def order_step(*, state: str, post: str | None) -> str:
    """What an order waits for: its state, unless a condition of the mall comes first."""
    return BEFORE_STEPS.get((state, Post(post)), state) if post else state


# Threads beside an order's, which goes on meanwhile.
CANCELLATION_THREAD = "cancellation"
# An order in one of these states may still be given up, or its rest (tenant_apps.orders.services.ending, rest).
CANCELLATION_STEPS = {"accepted": "cancel_asked", "partly_accepted": "rest_cancel_asked"}


def who_agrees(*, asked_by: str, clerk_id: int | None) -> tuple[Post, list[str]]:
    """The other party than the one that asks to give an order up: the post it waits for, and who of it may agree."""
    if asked_by == "buyer":
        return Post.SUPPLIER_SALES, []
    clerk = ANYBODY if clerk_id is None else clerk_id
    return Post.BUYER_CLERK, [f"{Post.BUYER_CLERK}:{clerk}", f"{Post.BUYER_APPROVER}:{ANYBODY}"]


TERM_THREAD = "payment_term"
# The sides that rate each other once an order is paid.
RATING_THREADS = {"buyer": "evaluation_buyer", "supplier": "evaluation_supplier"}
BESIDE = frozenset({TERM_THREAD, *RATING_THREADS.values()})
RATED = "rated"

# An order in one of these states may still be given a longer term of payment (tenant_apps.payments.terms).
TERM_OPEN = frozenset({"accepted", "contracted", "shipped", "partly_accepted", "goods_refused", "returned"})
# And in one of these be rated (tenant_apps.orders.services.evaluating).
RATING_OPEN = frozenset({"paid", "closed"})


def threads_over(state: str) -> frozenset[str]:
    """Which threads beside an order's wait for nobody any more, now that it is in this state."""
    waiting = ({TERM_THREAD} if state in TERM_OPEN else set()) | (
        set(RATING_THREADS.values()) if state in RATING_OPEN else set()
    )
    return BESIDE - waiting


def raters(*, side: str, clerk_id: int | None) -> list[str]:
    """Who rates for the buyer: the order's clerk, and the unit's acceptors. The supplier's people need no naming."""
    if side != "buyer":
        return []
    return [f"{Post.BUYER_CLERK}:{ANYBODY if clerk_id is None else clerk_id}", f"{Post.BUYER_ACCEPTOR}:{ANYBODY}"]


# -- warnings ---------------------------------------------------------------------------------------------------------
WARN_PERCENT = (50, 80, 100)


def used_percent(*, begins_at: datetime, due_at: datetime, now: datetime) -> int:
    """The highest of WARN_PERCENT that the time to the deadline has reached; 0 below the first. Equality is reached."""
    reached = [percent for percent in WARN_PERCENT if now >= warning_at(begins_at, due_at, percent)]
    return max(reached, default=0)


def warning_at(begins_at: datetime, due_at: datetime, percent: int) -> datetime:
    return due_at if percent >= WARN_PERCENT[-1] else begins_at + (due_at - begins_at) * percent / 100


def next_warning(*, begins_at: datetime | None, due_at: datetime | None, warned_percent: int) -> datetime | None:
    """When the next percentage is reached; None after the last, and without a deadline."""
    left = [percent for percent in WARN_PERCENT if percent > warned_percent]
    if begins_at is None or due_at is None or not left:
        return None
    return warning_at(begins_at, due_at, left[0])


def next_path(*, kind: str, object_id: str) -> str:
    """The page of the mall on which an order's, a bargain's, a contract's or a rule's step is taken."""
    pages = {
        ItemKind.ORDER: f"/orders/{object_id}/",
        ItemKind.BARGAIN: f"/bargains/{object_id}/",
        ItemKind.CONTRACT: f"/contracts/{object_id}/",
        ItemKind.INTEREST: f"/orders/{object_id}/late-interest/",
        ItemKind.TERM: f"/orders/{object_id}/",
        ItemKind.CANCELLATION: f"/orders/{object_id}/",
        ItemKind.EVALUATION: f"/orders/{object_id}/evaluate/",
        # An order's invoice: `order-invoice`.
        ItemKind.INVOICE: f"/orders/{object_id.split('-')[0]}/",
    }
    return pages.get(ItemKind(kind), "/bureau/")
