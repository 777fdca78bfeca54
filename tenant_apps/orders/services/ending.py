"""How an order ends: cancelled, expired or terminated (the budget is released), or closed after payment.

Timed ends are applied by `sweep_due`, which uses the same steps.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor, system_in
from kernel.lifecycle import Transition
from kernel.problems import Conflict, DomainError
from tenant_apps.budgets.services import release
from tenant_apps.orders.models import Order
from tenant_apps.orders.permissions import SUPPLIER_POSTS, holds
from tenant_apps.orders.rules import OrderState
from tenant_apps.orders.services.holding import hold, hold_for_system
from tenant_apps.orders.services.steps import reason_given, take_step
from tenants.database.context import current_tenant, tenant_atomic

logger = logging.getLogger(__name__)


class CancelNotAsked(Conflict):
    """One party alone cannot cancel an accepted order."""

    code = "cancel-not-asked"
    title = _("The other party has not asked to cancel")


class CancelAlreadyAsked(Conflict):
    code = "cancel-already-asked"
    title = _("There is already a request to cancel this order")


class NotDue(Conflict):
    """A timer may not run ahead of its deadline."""

    code = "not-due"
    title = _("The time for this has not come")


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep did. Rows that failed are in the log and will be tried again."""

    expired: int = 0
    closed: int = 0
    failed: int = 0


def ask_to_cancel(*, actor: Actor, order_id: int, reason: str, now: datetime, version: int | None = None) -> Order:
    """Buyer or supplier asks the other to give the order up before anything is shipped. Raises CancelAlreadyAsked."""
    with tenant_atomic(savepoint=False):
        order, step = hold(actor=actor, action="ask_to_cancel", order_id=order_id, version=version)
        return ask_other_party(
            actor=actor, order=order, transition=step, event="orders.cancel_asked", reason=reason, now=now
        )


def cancel(*, actor: Actor, order_id: int, now: datetime, version: int | None = None) -> Order:
    """The party that was asked agrees; the budget is released. Raises CancelNotAsked."""
    with tenant_atomic(savepoint=False):
        order, step = hold(actor=actor, action="cancel", order_id=order_id, version=version)
        require_asked_by_other(actor=actor, order=order)
        take_step(
            actor=actor,
            order=order,
            transition=step,
            event="orders.cancelled",
            now=now,
            reason=order.state_reason,
        )
        release(actor=actor, order_id=order.pk, now=now)
        return order


def terminate(*, actor: Actor, order_id: int, reason: str, now: datetime, version: int | None = None) -> Order:
    """The buyer gives up an order whose goods were refused and are back; the budget is released."""
    with tenant_atomic(savepoint=False):
        order, step = hold(actor=actor, action="terminate", order_id=order_id, version=version)
        take_step(
            actor=actor,
            order=order,
            transition=step,
            event="orders.terminated",
            now=now,
            reason=reason_given(reason),
        )
        release(actor=actor, order_id=order.pk, now=now)
        return order


def close(*, actor: Actor, order_id: int, now: datetime, version: int | None = None) -> Order:
    """The clerk closes a paid order before its time: nothing is outstanding on either side."""
    with tenant_atomic(savepoint=False):
        order, step = hold(actor=actor, action="close", order_id=order_id, version=version)
        return take_step(actor=actor, order=order, transition=step, event="orders.closed", now=now, closed_at=now)


def ask_other_party(
    *, actor: Actor, order: Order, transition: Transition, event: str, reason: str, now: datetime
) -> Order:
    """The request of one party that the other may agree to. Raises CancelAlreadyAsked."""
    if order.cancel_asked_by:
        raise CancelAlreadyAsked(asked_by=order.cancel_asked_by)
    return take_step(
        actor=actor,
        order=order,
        transition=transition,
        event=event,
        now=now,
        reason=reason_given(reason),
        cancel_asked_by=party_of(actor=actor, order=order),
    )


def require_asked_by_other(*, actor: Actor, order: Order) -> None:
    """Nobody agrees to what nobody asked, or to what they asked themselves. Raises CancelNotAsked."""
    if order.cancel_asked_by in {"", party_of(actor=actor, order=order)}:
        raise CancelNotAsked(asked_by=order.cancel_asked_by)


def party_of(*, actor: Actor, order: Order) -> str:
    """For which side the actor speaks on this order: "supplier" or "buyer"."""
    return "supplier" if any(holds(actor=actor, post=post, order=order) for post in SUPPLIER_POSTS) else "buyer"


# -- the clock -------------------------------------------------------------------------------------------------------
def expire(*, order_id: int, now: datetime, skip_locked: bool = False) -> Order | None:
    """Ends an order the supplier did not answer in time; the budget is released.

    None when `skip_locked` is set and another transaction holds the row. Raises NotDue before the deadline.
    """
    actor = system_in(current_tenant().code)
    with tenant_atomic(savepoint=False):
        held = hold_for_system(order_id=order_id, action="expire", skip_locked=skip_locked)
        if held is None:
            return None
        order, step = held
        _due(order, now)
        take_step(actor=actor, order=order, transition=step, event="orders.expired", now=now)
        release(actor=actor, order_id=order.pk, now=now)
        return order


def close_when_due(*, order_id: int, now: datetime, skip_locked: bool = False) -> Order | None:
    """Closes an order whose time after payment is over. None and NotDue as in `expire`."""
    actor = system_in(current_tenant().code)
    with tenant_atomic(savepoint=False):
        held = hold_for_system(order_id=order_id, action="close", skip_locked=skip_locked)
        if held is None:
            return None
        order, step = held
        _due(order, now)
        return take_step(actor=actor, order=order, transition=step, event="orders.closed", now=now, closed_at=now)


# The timed action of each state that has one.
TIMED: dict[OrderState, Callable[..., Order | None]] = {
    OrderState.PLACED: expire,
    OrderState.PAID: close_when_due,
}


def sweep_due(*, now: datetime, limit: int = 200) -> Swept:
    """Applies the timed action of every order of this tenant that is due, oldest first, one transaction each.

    Rows that somebody is working on are left for the next sweep; one row's failure does not hold back the others.
    """
    due = list(
        Order.objects.filter(next_due_at__lte=now, state__in=list(TIMED))
        .order_by("next_due_at", "id")
        .values_list("id", "state")[:limit]
    )
    done = dict.fromkeys(TIMED, 0)
    failed = 0
    for order_id, state in due:
        try:
            done[OrderState(state)] += (
                TIMED[OrderState(state)](order_id=order_id, now=now, skip_locked=True) is not None
            )
        except DomainError as refusal:
            # Answered, or moved on by another worker, between the list and the lock.
            logger.info("timer of order %s did not apply: %s", order_id, refusal.code)
        except DatabaseError:
            logger.exception("timer of order %s failed", order_id)
            failed += 1
    return Swept(expired=done[OrderState.PLACED], closed=done[OrderState.PAID], failed=failed)


def _due(order: Order, now: datetime) -> None:
    if order.next_due_at is None or now < order.next_due_at:
        raise NotDue(due_at=order.next_due_at)
