"""The order's side of a payment. Called by `payments` inside its transaction, so that both rows move together."""

from __future__ import annotations

from datetime import datetime

from kernel.actor import Actor, system_in
from kernel.posts import Post
from kernel.problems import NotFound
from kernel.working_days import Calendar
from tenant_apps.budgets.services import give_back, spend
from tenant_apps.orders.events import line_facts
from tenant_apps.orders.models import Order, OrderLine
from tenant_apps.orders.permissions import visible_to
from tenant_apps.orders.rules import CLOSE_DEADLINE, due_at
from tenant_apps.orders.services.holding import Held, hold, hold_for_system, keep_apart, lock
from tenant_apps.orders.services.steps import take_step
from tenants.database.context import current_tenant
from tenants.database.rows import update_rows

# The closing period counts calendar days: no calendar is read for it.
_NO_WORKING_DAYS = Calendar(days={}, years=frozenset())


def start_payment(*, actor: Actor, order_id: int, now: datetime, version: int | None = None) -> Order:
    """The payer has the order paid. Raises IncompatiblePosts: the acceptor of the goods may never be the payer."""
    order, step = hold(actor=actor, action="request_payment", order_id=order_id, version=version)
    keep_apart(actor=actor, order=order, post=Post.BUYER_PAYER)
    return take_step(
        actor=actor,
        order=order,
        transition=step,
        event="orders.payment_requested",
        now=now,
        payer_id=actor.user_id,
        payer_name=actor.name,
        state_reason="",
    )


def hold_for_term(*, actor: Actor, order_id: int) -> Order:
    """Locks an order the actor may see, to agree on its term of payment. Raises NotFound."""
    order = lock(Order.objects.filter(visible_to(actor), pk=order_id)).first()
    if order is None:
        raise NotFound(order_id=order_id)
    return order


def agree_term(*, order: Order, days: int, now: datetime) -> None:
    """Keeps the agreed term with the order the caller holds. Its state stays, its version counts on."""
    update_rows(Order, {"payment_days": days, "changed_at": now, "version": order.version + 1}, where={"id": order.pk})


def note_sent(*, order_id: int, now: datetime) -> Order:
    """The treasury has the instruction."""
    return _step(order_id, "send_payment", "orders.payment_sent", now)


def confirm_payment(*, order_id: int, now: datetime) -> Order:
    """The treasury has paid: the frozen budget is spent, and the order closes by itself in time."""
    actor = system_in(current_tenant().code)
    order, step = _held(order_id, "confirm_payment")
    closes_at = due_at(deadline=CLOSE_DEADLINE, entered_at=now, calendar=_NO_WORKING_DAYS)
    take_step(
        actor=actor,
        order=order,
        transition=step,
        event="orders.paid",
        now=now,
        told={
            "area_code": order.area_code,
            "lines": [
                line_facts(line)
                for line in OrderLine.objects.filter(order_id=order.pk).select_related("progress").order_by("position")
            ],
        },
        paid_at=now,
        next_due_at=closes_at,
    )
    spend(actor=actor, order_id=order.pk, now=now)
    return order


def fail_payment(*, order_id: int, reason: str, now: datetime) -> Order:
    """The treasury refuses: the payer is told why and may ask again; the budget stays frozen."""
    return _step(order_id, "fail_payment", "orders.payment_refused", now, reason)


def return_payment(*, order_id: int, reason: str, now: datetime) -> Order:
    """The bank gave the money back: to the payer again.

    Before the treasury confirmed the budget is frozen still; after, what was spent is frozen again, in this step.
    """
    actor = system_in(current_tenant().code)
    order, step = _held(order_id, "return_payment")
    was_paid = order.paid_at is not None
    take_step(
        actor=actor,
        order=order,
        transition=step,
        event="orders.payment_returned",
        now=now,
        reason=reason,
        paid_at=None,
    )
    if was_paid:
        give_back(actor=actor, order_id=order.pk, now=now)
    return order


def _step(order_id: int, action: str, event: str, now: datetime, reason: str | None = None) -> Order:
    order, step = _held(order_id, action)
    actor = system_in(current_tenant().code)
    return take_step(actor=actor, order=order, transition=step, event=event, now=now, reason=reason)


def _held(order_id: int, action: str) -> Held:
    held = hold_for_system(order_id=order_id, action=action)
    if held is None:
        raise RuntimeError("a row that is waited for is held or missing, never skipped")
    return held
