"""The order's side of a dispute. Called by `disputes` inside its transaction, so that both rows move together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.money import ZERO
from kernel.problems import Conflict, InvalidInput
from kernel.working_days import Calendar
from tenant_apps.budgets.services import release, release_part
from tenant_apps.commitments.services import give_back as give_back_sums
from tenant_apps.orders import dispute_rules
from tenant_apps.orders.models import Order
from tenant_apps.orders.payment_clock import payment_late_from
from tenant_apps.orders.quantities import added
from tenant_apps.orders.rules import CLOSE_DEADLINE, ORDER_LIFECYCLE, OrderState, due_at
from tenant_apps.orders.services.ending import party_of
from tenant_apps.orders.services.holding import hold, lock
from tenant_apps.orders.services.rest import give_up_rest
from tenant_apps.orders.services.steps import reason_given, take_step

_NO_WORKING_DAYS = Calendar(days={}, years=frozenset())


class OutcomeNotPossible(Conflict):
    """The mediator's outcome does not fit where the order was stopped."""

    code = "outcome-not-possible"
    title = _("This outcome is not possible for the order")


@dataclass(frozen=True, slots=True)
class Stopped:
    """What a dispute needs to know of the order it stopped."""

    order_id: int
    number: str
    unit_id: int
    unit_name: str
    organisation_id: int
    supplier_name: str
    supplier_organisation_id: int
    stopped_in: str
    party: str


def outcomes(stopped_in: str) -> tuple[str, ...]:
    """What the mediator may decide about an order stopped in this state."""
    return dispute_rules.outcomes(stopped_in)


def stop(
    *, actor: Actor, order_id: int, reason: str, due_at: datetime, now: datetime, version: int | None = None
) -> Stopped:
    """Buyer or supplier disputes the order: it stands still until the dispute is settled."""
    order, step = hold(actor=actor, action="dispute", order_id=order_id, version=version)
    stopped_in = str(order.state)
    take_step(
        actor=actor,
        order=order,
        transition=step,
        event="orders.disputed",
        now=now,
        reason=reason_given(reason),
        told_due_at=due_at,
        disputed_in=stopped_in,
    )
    return Stopped(
        order_id=order.pk,
        number=str(order.number),
        unit_id=order.unit_id,
        unit_name=order.unit_name,
        organisation_id=order.organisation_id,
        supplier_name=order.supplier_name,
        supplier_organisation_id=order.supplier_organisation_id,
        stopped_in=stopped_in,
        party=party_of(actor=actor, order=order),
    )


def lock_order(*, order_id: int) -> None:
    """Locks the order of a dispute that the actor has reached."""
    lock(Order.objects.filter(pk=order_id)).get()


def go_on(*, actor: Actor, order_id: int, now: datetime) -> None:
    """The dispute is taken back: the order goes on where it stopped."""
    order = Order.objects.get(pk=order_id)
    _take(actor, order, dispute_rules.GOES_ON[OrderState(order.disputed_in)], None, now, "orders.dispute_withdrawn")


def settle(*, actor: Actor, order_id: int, action: str, reason: str, now: datetime) -> None:
    """The mediator's outcome, with what it means for the budget. Raises OutcomeNotPossible."""
    order = Order.objects.get(pk=order_id)
    if not order.disputed_in:
        raise OutcomeNotPossible(outcome=action)
    if action not in ORDER_LIFECYCLE.action_names:
        raise InvalidInput(errors={"outcome": [str(_("Choose one of the outcomes."))]})
    possible = dispute_rules.outcomes(order.disputed_in)
    if action not in possible:
        raise OutcomeNotPossible(outcome=action, possible=list(possible))
    if action == "terminate":
        spent = order.paid_at is not None
        _take(actor, order, action, reason, now, "orders.terminated")
        if not spent:
            release(actor=actor, order_id=order.pk, now=now)
    elif action == "settle_part":
        _settle_part(actor, order, reason, now)
    else:
        _take(actor, order, action, reason, now, "orders.dispute_resolved")


def _settle_part(actor: Actor, order: Order, reason: str, now: datetime) -> None:
    """What was accepted is paid; the rest is given up and its budget released."""
    taken = give_up_rest(order)
    back = added({line_id: amount} for (line_id, _code), amount in taken.items())
    _take(
        actor,
        order,
        "settle_part",
        reason,
        now,
        "orders.dispute_resolved",
        told_due_at=payment_late_from(
            goods_accepted_at=now, is_sme=order.supplier_is_sme, agreed_days=order.payment_days
        ),
        cancelled_amount=sum(back.values(), ZERO),
        cancel_asked_by="",
        goods_accepted_at=now,
    )
    give_back_sums(order_id=order.pk, amounts=taken, now=now)
    release_part(actor=actor, order_id=order.pk, amounts=back, now=now)


def _take(
    actor: Actor, order: Order, action: str, reason: str | None, now: datetime, event: str, **changes: Any
) -> None:
    step = ORDER_LIFECYCLE.next(order.state, action)
    if step.target == OrderState.PAID:
        # The closing period begins anew.
        changes["next_due_at"] = due_at(deadline=CLOSE_DEADLINE, entered_at=now, calendar=_NO_WORKING_DAYS)
    take_step(actor=actor, order=order, transition=step, event=event, now=now, reason=reason, disputed_in="", **changes)
