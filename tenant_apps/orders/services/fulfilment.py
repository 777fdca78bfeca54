"""The supplier's answer to a placed order, and the steps of its delivery under one name.

One transaction and one journal row each.
"""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.clock import database_now, local_date
from kernel.problems import Conflict
from shared_apps.products.selectors import offers
from tenant_apps.budgets.services import release
from tenant_apps.orders.deadlines import promised_day
from tenant_apps.orders.models import Order
from tenant_apps.orders.services.holding import hold
from tenant_apps.orders.services.inspecting import LineFinding, accept_goods, accept_part, refuse_goods
from tenant_apps.orders.services.rest import ask_to_cancel_rest, cancel_rest
from tenant_apps.orders.services.shipping import return_goods, ship
from tenant_apps.orders.services.steps import reason_given, take_step
from tenants.database.context import TENANT_ALIAS, tenant_atomic

__all__ = [
    "AnswerTooLate",
    "LineFinding",
    "accept",
    "accept_goods",
    "accept_part",
    "ask_to_cancel_rest",
    "cancel_rest",
    "decline",
    "refuse_goods",
    "return_goods",
    "ship",
]


class AnswerTooLate(Conflict):
    """The supplier answers when the time for it is over; equality is late."""

    code = "answer-too-late"
    title = _("The time to answer this order is over")


def accept(*, actor: Actor, order_id: int, now: datetime, version: int | None = None) -> Order:
    """The supplier takes the order on, and with it the delivery days of its offers as they stand now.

    Raises AnswerTooLate from the deadline on, by the database's clock.
    """
    with tenant_atomic(savepoint=False):
        order, step = hold(actor=actor, action="accept", order_id=order_id, version=version)
        _answer_in_time(order)
        promised_on = _promised(order, now)
        return take_step(
            actor=actor,
            order=order,
            transition=step,
            event="orders.accepted",
            now=now,
            told={"promised_on": promised_on},
            accepted_at=now,
            promised_on=promised_on,
        )


def decline(*, actor: Actor, order_id: int, reason: str, now: datetime, version: int | None = None) -> Order:
    """The supplier does not take it on. Counted by supplier and year; the budget is released."""
    with tenant_atomic(savepoint=False):
        order, step = hold(actor=actor, action="decline", order_id=order_id, version=version)
        _answer_in_time(order)
        take_step(
            actor=actor,
            order=order,
            transition=step,
            event="orders.declined",
            now=now,
            reason=reason_given(reason),
        )
        release(actor=actor, order_id=order.pk, now=now)
        return order


def _promised(order: Order, now: datetime) -> date | None:
    """Two statements: the order's offers, and what the library says of them."""
    offered = offers(offer_ids=list(order.lines.values_list("offer_id", flat=True)), area=order.area_code)
    return promised_day(accepted_on=local_date(now), delivery_days=[view.delivery_days for view in offered.values()])


def _answer_in_time(order: Order) -> None:
    """Asks the clock that every web process shares, after the lock: whoever waited for it is not earlier for that."""
    if order.next_due_at is not None and database_now(TENANT_ALIAS) >= order.next_due_at:
        raise AnswerTooLate(due_at=order.next_due_at)
