"""Who stands where towards an order: which posts a person holds for this one, and which orders a person may see."""

from __future__ import annotations

from django.db.models import Q

from kernel.actor import Actor
from kernel.lifecycle import Transition
from kernel.posts import SUPERVISE_FROM_ABOVE, Post
from tenant_apps.approvals.rules import StepState, is_last
from tenant_apps.approvals.steps import NotYourStep, StepTakenAlready, standing_of, turn_of
from tenant_apps.orders.models import Order
from tenant_apps.orders.rules import ORDER_LIFECYCLE, OrderState

UNIT_POSTS = (
    Post.BUYER_CLERK,
    Post.BUYER_APPROVER,
    Post.BUYER_ACCEPTOR,
    Post.BUYER_PAYER,
    Post.UNIT_ADMINISTRATOR,
)
SUPPLIER_POSTS = (Post.SUPPLIER_ADMIN, Post.SUPPLIER_SALES)
# Posts of the tenant's own level that read every order of the tenant, and act on none but disputes.
BUREAU_POSTS = (Post.TIER_SUPERVISOR, Post.CPB_OPERATOR, Post.AUDITOR)
READERS = frozenset({*UNIT_POSTS, *SUPPLIER_POSTS, *BUREAU_POSTS, *SUPERVISE_FROM_ABOVE})


def holds(*, actor: Actor, post: Post | None, order: Order) -> bool:
    """Whether the actor holds `post` for this very order; None is the system's own timer."""
    if post is None:
        return actor.is_system
    if post in UNIT_POSTS:
        return actor.has(post, unit_id=order.unit_id, organisation_id=order.organisation_id)
    if post in SUPPLIER_POSTS:
        return actor.has(post, organisation_id=order.supplier_organisation_id)
    return holds_here(actor=actor, post=post)


def holds_here(*, actor: Actor, post: Post) -> bool:
    """Whether the actor holds a post of the bureau in an organisation of this tenant, or of the whole region."""
    organisations = actor.organisations(post)
    return any(
        belonging.organisation_id in organisations and belonging.tenant_code in {actor.tenant, None}
        for belonging in actor.belongs
    )


def possible_actions(*, actor: Actor, order: Order) -> tuple[Transition, ...]:
    """What the table lets this actor do with this order now; guards are checked by the services.

    While the order waits for approval its flow says whose turn it is: one statement more for those who may be asked.
    """
    held = {post for post in {*actor.posts, None} if holds(actor=actor, post=post, order=order)}
    moves = ORDER_LIFECYCLE.actions(order.state, held)
    if order.state != OrderState.PENDING_APPROVAL or all(move.action not in _LOOKS for move in moves):
        return moves
    in_turn = _looks_in_turn(actor, order)
    return tuple(move for move in moves if move.action not in _LOOKS or move.action in in_turn)


# What a step of the approval may say.
_LOOKS = frozenset({"approve", "approve_step", "send_back", "reject"})


def _looks_in_turn(actor: Actor, order: Order) -> frozenset[str]:
    approves = holds(actor=actor, post=Post.BUYER_APPROVER, order=order)
    running = standing_of(order.pk)
    if not any(one.state == StepState.OPEN for one in running):
        return frozenset({"approve", "send_back", "reject"}) if approves else frozenset()
    try:
        step = turn_of(running, actor=actor, unit_id=order.unit_id, organisation_id=order.organisation_id)
    except (NotYourStep, StepTakenAlready):
        return frozenset()
    decides = {"approve"} if is_last(running, step) else {"approve_step"}
    return frozenset(decides | {"send_back"} | ({"reject"} if approves else set()))


def is_possible(action: str, *, actor: Actor, order: Order) -> bool:
    """Whether the actor would find the form of `action` open: its page answers 409 where not."""
    return any(move.action == action for move in possible_actions(actor=actor, order=order))


def reads_all(actor: Actor) -> bool:
    """Supervision, central purchasing body and audit of this level, and supervisors from above, read every order."""
    return bool(actor.posts & SUPERVISE_FROM_ABOVE) or any(holds_here(actor=actor, post=post) for post in BUREAU_POSTS)


def reaches(*, actor: Actor, order: Order) -> bool:
    """Whether the actor may see this order: `visible_to`, of a row that is read already."""
    if reads_all(actor) or actor.is_system:
        return True
    if any(holds(actor=actor, post=post, order=order) for post in UNIT_POSTS):
        return True
    return order.placed_at is not None and any(holds(actor=actor, post=post, order=order) for post in SUPPLIER_POSTS)


def visible_to(actor: Actor) -> Q:
    """Condition of the orders an actor may see. A supplier sees an order from the moment it is placed, not before."""
    if reads_all(actor) or actor.is_system:
        return Q()
    return unit_reach(actor, *UNIT_POSTS) | placed_reach(actor)


def visible_with_order(actor: Actor) -> Q:
    """Condition of rows made for placed orders, which name the order's unit and supplier as the order does."""
    if reads_all(actor) or actor.is_system:
        return Q()
    return unit_reach(actor, *UNIT_POSTS) | supplier_reach(actor)


def unit_reach(actor: Actor, *posts: Post) -> Q:
    """Rows of the units in which the actor holds one of `posts`: of one unit, or of all of an organisation."""
    reach = Q(pk__in=[])
    for held in actor.held:
        if held.post in posts:
            unit = {} if held.unit_id is None else {"unit_id": held.unit_id}
            reach |= Q(organisation_id=held.organisation_id, **unit)
    return reach


def placed_reach(actor: Actor) -> Q:
    """Orders of the suppliers the actor acts for, from their placing on."""
    return supplier_reach(actor) & Q(placed_at__isnull=False)


def supplier_reach(actor: Actor) -> Q:
    """Rows of the suppliers the actor acts for."""
    organisations = {held.organisation_id for held in actor.held if held.post in SUPPLIER_POSTS}
    return Q(supplier_organisation_id__in=organisations)
