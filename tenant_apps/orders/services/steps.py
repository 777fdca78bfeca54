"""One step of an order: permitted by the table, guarded by state and version, told by exactly one journal row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.lifecycle import Transition
from kernel.problems import Conflict, InvalidInput, NotPermitted
from tenant_apps.commitments.services import release
from tenant_apps.journal.services import record
from tenant_apps.orders.events import order_facts
from tenant_apps.orders.models import Order
from tenant_apps.orders.permissions import holds
from tenant_apps.orders.rules import GIVEN_UP, ORDER_LIFECYCLE
from tenant_apps.orders.services import guarding
from tenants.database.rows import update_rows


class OrderChanged(Conflict):
    """Somebody else took a step in the meantime, or the caller had looked at an older version."""

    code = "order-changed"
    title = _("The order has changed in the meantime")


def permitted(*, actor: Actor, order: Order, action: str, version: int | None = None) -> Transition:
    """The transition that `action` is for this order.

    Raises NotPermitted when the actor holds none of its posts for this order, WrongState when the table does not
    allow it now, OrderChanged when the caller had looked at another version.
    """
    posts = {post for move in ORDER_LIFECYCLE.transitions if move.action == action for post in move.posts}
    if not any(holds(actor=actor, post=post, order=order) for post in posts):
        raise NotPermitted(action=action)
    transition = ORDER_LIFECYCLE.next(order.state, action)
    if not any(holds(actor=actor, post=post, order=order) for post in transition.posts):
        raise NotPermitted(action=action)
    if version is not None and version != order.version:
        raise OrderChanged(state=order.state)
    return transition


def reason_given(reason: str) -> str:
    """The reason a refusal owes, trimmed. Raises InvalidInput when there is none."""
    text = reason.strip()
    if not text:
        raise InvalidInput(errors={"reason": [str(_("Give the reason."))]})
    return text


def take_step(
    *,
    actor: Actor,
    order: Order,
    transition: Transition,
    event: str,
    now: datetime,
    reason: str | None = None,
    told_due_at: datetime | None = None,
    told: Mapping[str, Any] | None = None,
    **changes: Any,
) -> Order:
    """Write the step and its journal row, inside the caller's transaction: two statements, three where it gives up.

    The UPDATE is guarded by the state and version the caller read: of two people acting at once exactly one does.
    `next_due_at` is cleared unless the step sets it; `told_due_at` is a date the next to act is told of that no timer
    belongs to, such as the last day to pay; `told` are the facts that this event has beside the common ones. Raises
    OrderChanged.
    """
    values: dict[str, Any] = {
        "state": transition.target,
        "changed_at": now,
        "version": order.version + 1,
        "next_due_at": None,
        **changes,
    }
    if reason is not None:
        values["state_reason"] = reason
    changed = update_rows(Order, values, where={"id": order.pk, "state": order.state, "version": order.version})
    if changed != 1:
        raise OrderChanged(state=order.state)
    for name, value in values.items():
        setattr(order, name, value)
    waits_for = guarding.waits_for(order)
    facts = {**order_facts(order, reason=reason), "next_post": waits_for and waits_for.value, **(told or {})}
    if told_due_at is not None:
        facts["due_at"] = told_due_at
    record(actor=actor, event=event, object_type="order", object_id=order.pk, facts=facts, now=now)
    # Money that is spent stays counted, whatever becomes of the order.
    if transition.target in GIVEN_UP and order.paid_at is None:
        release(order_id=order.pk, now=now)
    return order
