"""From a placed order to accepted goods: what supplier and acceptor do. One transaction and one journal row each."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.clock import database_now
from kernel.lifecycle import Transition
from kernel.posts import Post
from kernel.problems import Conflict, InvalidInput
from tenant_apps.budgets.services import release
from tenant_apps.orders.models import AcceptanceCertificate, Order, OrderLine, Shipment
from tenant_apps.orders.payment_clock import payment_late_from
from tenant_apps.orders.services.holding import hold, keep_apart, person_id
from tenant_apps.orders.services.steps import reason_given, take_step
from tenants.database.context import TENANT_ALIAS, tenant_atomic


class AnswerTooLate(Conflict):
    """The supplier answers when the time for it is over; equality is late."""

    code = "answer-too-late"
    title = _("The time to answer this order is over")


def accept(*, actor: Actor, order_id: int, now: datetime, version: int | None = None) -> Order:
    """The supplier takes the order on. Raises AnswerTooLate from the deadline on, by the database's clock."""
    with tenant_atomic(savepoint=False):
        order, step = hold(actor=actor, action="accept", order_id=order_id, version=version)
        _answer_in_time(order)
        return take_step(actor=actor, order=order, transition=step, event="orders.accepted", now=now, accepted_at=now)


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


def ship(
    *,
    actor: Actor,
    order_id: int,
    carrier: str,
    waybill: str,
    now: datetime,
    version: int | None = None,
    expected_on: date | None = None,
    note: str = "",
) -> Order:
    """The supplier sends all lines, at first or again after a return. Shipping answers a request to cancel: no."""
    with tenant_atomic(savepoint=False):
        order, step = hold(actor=actor, action="ship", order_id=order_id, version=version)
        Shipment.objects.create(
            order=order,
            carrier=_given(carrier, "carrier"),
            waybill=_given(waybill, "waybill"),
            expected_on=expected_on,
            note=note,
            shipped_by_id=person_id(actor),
            shipped_by_name=actor.name,
            shipped_at=now,
        )
        return take_step(
            actor=actor,
            order=order,
            transition=step,
            event="orders.shipped",
            now=now,
            shipped_at=now,
            cancel_asked_by="",
            state_reason="",
        )


def accept_goods(
    *,
    actor: Actor,
    order_id: int,
    technical_met: bool,
    service_met: bool,
    safety_met: bool,
    now: datetime,
    version: int | None = None,
    remark: str = "",
) -> Order:
    """The acceptor signs that all goods meet every technical, service and safety standard.

    Source: Government Procurement Law art. 41; Implementing Regulation art. 45. Goods that fall short of one are
    refused instead: InvalidInput names the standard. Raises IncompatiblePosts.
    """
    standards = {"technical_met": technical_met, "service_met": service_met, "safety_met": safety_met}
    if missed := [name for name, met in standards.items() if not met]:
        text = _("Goods that do not meet this standard cannot be accepted: refuse them and say why.")
        raise InvalidInput(errors={name: [str(text)] for name in missed})
    with tenant_atomic(savepoint=False):
        order, step = _hold_shipped(actor, "accept_goods", order_id, version)
        AcceptanceCertificate.objects.create(
            order=order,
            shipment_id=order.last_shipment_id,  # type: ignore[attr-defined]  # annotated by _hold_shipped
            conclusion="accepted",
            quantities=order.all_quantities,  # type: ignore[attr-defined]
            remark=remark,
            acceptor_id=person_id(actor),
            acceptor_name=actor.name,
            signed_at=now,
            **standards,
        )
        return take_step(
            actor=actor,
            order=order,
            transition=step,
            event="orders.goods_accepted",
            now=now,
            told_due_at=payment_late_from(goods_accepted_at=now, is_sme=order.supplier_is_sme),
            goods_accepted_at=now,
            acceptor_id=actor.user_id,
            acceptor_name=actor.name,
            state_reason="",
        )


def refuse_goods(
    *,
    actor: Actor,
    order_id: int,
    technical_met: bool,
    service_met: bool,
    safety_met: bool,
    reason: str,
    now: datetime,
    version: int | None = None,
) -> Order:
    """The acceptor signs that the goods are not taken, and why. The supplier takes them back and may ship again."""
    why = reason_given(reason)
    with tenant_atomic(savepoint=False):
        order, step = _hold_shipped(actor, "refuse_goods", order_id, version)
        AcceptanceCertificate.objects.create(
            order=order,
            shipment_id=order.last_shipment_id,  # type: ignore[attr-defined]
            conclusion="refused",
            technical_met=technical_met,
            service_met=service_met,
            safety_met=safety_met,
            quantities=[],
            remark=why,
            acceptor_id=person_id(actor),
            acceptor_name=actor.name,
            signed_at=now,
        )
        return take_step(
            actor=actor,
            order=order,
            transition=step,
            event="orders.goods_refused",
            now=now,
            reason=why,
            acceptor_id=actor.user_id,
            acceptor_name=actor.name,
        )


def return_goods(*, actor: Actor, order_id: int, now: datetime, version: int | None = None) -> Order:
    """The supplier records that the refused goods are back with him."""
    with tenant_atomic(savepoint=False):
        order, step = hold(actor=actor, action="return_goods", order_id=order_id, version=version)
        return take_step(actor=actor, order=order, transition=step, event="orders.goods_returned", now=now)


def _hold_shipped(actor: Actor, action: str, order_id: int, version: int | None) -> tuple[Order, Transition]:
    """The held order with its last shipment's id and its lines in full, read by the same statement."""
    last = Shipment.objects.filter(order_id=OuterRef("pk")).order_by("-id").values("id")[:1]
    lines = OrderLine.objects.filter(order_id=OuterRef("pk")).order_by("position")
    whole = ArraySubquery(lines.values(whole=JSONObject(line="position", accepted="quantity")))
    rows = Order.objects.annotate(last_shipment_id=Subquery(last), all_quantities=whole)
    order, step = hold(actor=actor, action=action, order_id=order_id, version=version, rows=rows)
    keep_apart(actor=actor, order=order, post=Post.BUYER_ACCEPTOR)
    return order, step


def _answer_in_time(order: Order) -> None:
    """Asks the clock that every web process shares, after the lock: whoever waited for it is not earlier for that."""
    if order.next_due_at is not None and database_now(TENANT_ALIAS) >= order.next_due_at:
        raise AnswerTooLate(due_at=order.next_due_at)


def _given(text: str, field: str) -> str:
    """Pages and API ask for it already; a caller inside the house is held to it as well."""
    if not text.strip():
        raise InvalidInput(errors={field: [str(_("This field is required."))]})
    return text.strip()
