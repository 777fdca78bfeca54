"""The order's side of mutual evaluation: when it is open, for whom, and the close that both ratings bring."""

from __future__ import annotations

from datetime import datetime

from kernel.actor import Actor, system_in
from kernel.posts import Post
from kernel.problems import NotFound
from kernel.working_days import Calendar
from tenant_apps.orders.models import Order
from tenant_apps.orders.permissions import SUPPLIER_POSTS, holds, visible_to
from tenant_apps.orders.rules import CLOSE_DEADLINE, ORDER_LIFECYCLE, OrderState, due_at
from tenant_apps.orders.services.holding import lock
from tenant_apps.orders.services.steps import take_step
from tenants.database.context import current_tenant

BUYERS = (Post.BUYER_CLERK, Post.BUYER_ACCEPTOR)
# The period counts calendar days: no calendar is read for it.
_NO_WORKING_DAYS = Calendar(days={}, years=frozenset())


def hold_for_rating(*, actor: Actor, order_id: int) -> Order:
    """Locks an order the actor may see. Raises NotFound."""
    order = lock(Order.objects.filter(visible_to(actor), pk=order_id)).first()
    if order is None:
        raise NotFound(order_id=order_id)
    return order


def side_of(*, actor: Actor, order: Order) -> str:
    """For which side the actor rates: "buyer", "supplier", or "" for readers."""
    if any(holds(actor=actor, post=post, order=order) for post in SUPPLIER_POSTS):
        return "supplier"
    return "buyer" if any(holds(actor=actor, post=post, order=order) for post in BUYERS) else ""


def rated_until(order: Order) -> datetime | None:
    """The first moment too late to rate; None before the order is paid. R-CLOSE, a proposal."""
    if order.paid_at is None:
        return None
    return due_at(deadline=CLOSE_DEADLINE, entered_at=order.paid_at, calendar=_NO_WORKING_DAYS)


def is_open(*, order: Order, now: datetime) -> bool:
    """From the payment on for 15 days, also when the clerk has closed the order in the meantime."""
    until = rated_until(order)
    return order.state in {OrderState.PAID, OrderState.CLOSED} and until is not None and now < until


def close_rated(*, order: Order, now: datetime) -> None:
    """Both sides have rated: a paid order closes. The caller holds it."""
    if order.state == OrderState.PAID:
        take_step(
            actor=system_in(current_tenant().code),
            order=order,
            transition=ORDER_LIFECYCLE.next(order.state, "close"),
            event="orders.closed",
            now=now,
            closed_at=now,
        )
