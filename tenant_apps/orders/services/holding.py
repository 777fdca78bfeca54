"""Takes the lock of the order that a step after placing is about: one statement, and the first one of each step.

Lock order of every step: the payment instruction where there is one, the order, then budget lines by id. The lines come
last because they are the hot rows; nobody waits for an order while holding one.
"""

from __future__ import annotations

from django.db.models import QuerySet

from kernel.actor import Actor
from kernel.lifecycle import Transition
from kernel.posts import Post
from kernel.problems import NotFound, NotPermitted
from tenant_apps.access.rules import check_incompatible
from tenant_apps.access.selectors import incompatible_pairs
from tenant_apps.orders.models import AcceptanceCertificate, Order
from tenant_apps.orders.permissions import visible_to
from tenant_apps.orders.rules import ORDER_LIFECYCLE
from tenant_apps.orders.services import guarding
from tenant_apps.orders.services.steps import permitted

Held = tuple[Order, Transition]


def hold(
    *, actor: Actor, action: str, order_id: int, version: int | None = None, rows: QuerySet[Order] | None = None
) -> Held:
    """Locks the order for the rest of the transaction; the actor may take `action` on it now.

    `version` is the one the person looked at; None does not compare. Raises NotFound for what the actor may not see,
    NotPermitted, WrongState, OrderChanged.
    """
    rows = Order.objects.all() if rows is None else rows
    order = lock(rows.filter(visible_to(actor), pk=order_id)).first()
    if order is None:
        raise NotFound(order_id=order_id)
    step = permitted(actor=actor, order=order, action=action, version=version)
    guarding.ask(action, order)
    return order, step


def hold_for_system(*, order_id: int, action: str, skip_locked: bool = False) -> Held | None:
    """Locks an order for a timer or for the treasury's answer; None when another transaction holds it.

    Raises NotFound and WrongState.
    """
    order = lock(Order.objects.filter(pk=order_id), skip_locked=skip_locked).first()
    if order is None:
        if skip_locked:
            return None
        raise NotFound(order_id=order_id)
    return order, ORDER_LIFECYCLE.next(order.state, action)


def lock(rows: QuerySet[Order], *, skip_locked: bool = False) -> QuerySet[Order]:
    """FOR NO KEY UPDATE: rows that refer to the order may still be added beside us, nothing else may move it."""
    return rows.select_for_update(no_key=True, of=("self",), skip_locked=skip_locked)


def person_id(actor: Actor) -> int:
    """Who signs: a shipment, a certificate and a payment are a person's. Raises NotPermitted for the system."""
    if actor.user_id is None:
        raise NotPermitted
    return actor.user_id


def keep_apart(*, actor: Actor, order: Order, post: Post) -> None:
    """Raises IncompatiblePosts when this person acted on this order in a post that excludes `post`.

    One statement; for the payer two: several acceptors may have signed, and none of them pays.
    """
    signed = AcceptanceCertificate.objects.filter(order_id=order.pk, acceptor_id=actor.user_id or 0)
    acted = {
        Post.BUYER_CLERK: order.clerk_id,
        Post.BUYER_APPROVER: order.approver_id,
        Post.BUYER_ACCEPTOR: actor.user_id if post == Post.BUYER_PAYER and signed.exists() else order.acceptor_id,
        Post.BUYER_PAYER: order.payer_id,
    }
    check_incompatible(pairs=incompatible_pairs(), post=post, user_id=actor.user_id, acted=acted)
