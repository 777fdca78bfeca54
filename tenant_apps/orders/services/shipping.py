"""The supplier sends goods, in one shipment or several, and takes refused ones back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.problems import Conflict, InvalidInput
from tenant_apps.orders.models import Order, Shipment
from tenant_apps.orders.quantities import LineQuantities, QuantityBeyond
from tenant_apps.orders.services.counting import Lines, counted_lines, write_counts, wrong_lines
from tenant_apps.orders.services.holding import hold, person_id
from tenant_apps.orders.services.steps import take_step
from tenants.database.context import tenant_atomic


class NothingToShip(Conflict):
    """Everything ordered is on its way, accepted, or given up."""

    code = "nothing-to-ship"
    title = _("Nothing of this order is left to ship")


class NothingToReturn(Conflict):
    code = "nothing-to-return"
    title = _("No refused goods are with the buyer")


def ship(
    *,
    actor: Actor,
    order_id: int,
    carrier: str,
    waybill: str,
    now: datetime,
    lines: Sequence[tuple[int, int]] | None = None,
    version: int | None = None,
    expected_on: date | None = None,
    note: str = "",
) -> Order:
    """The supplier sends (line's position, pieces); None sends everything that is left. Refused goods may be replaced.

    Shipping answers a request to cancel: no. Raises NothingToShip, and InvalidInput for lines that are not the
    order's or for more than is left of them.
    """
    with tenant_atomic(savepoint=False):
        order, step = hold(actor=actor, action="ship", order_id=order_id, version=version)
        counted = counted_lines(order)
        sent = _sent(counted, lines)
        Shipment.objects.create(
            order=order,
            lines=[{"line": position, "quantity": quantity} for position, quantity in sent.items()],
            carrier=_given(carrier, "carrier"),
            waybill=_given(waybill, "waybill"),
            expected_on=expected_on,
            note=note,
            shipped_by_id=person_id(actor),
            shipped_by_name=actor.name,
            shipped_at=now,
        )
        write_counts(counted, _shipped(counted, sent))
        return take_step(
            actor=actor,
            order=order,
            transition=step,
            event="orders.shipped",
            now=now,
            shipped_at=order.shipped_at or now,
            cancel_asked_by="",
            state_reason="",
        )


def return_goods(*, actor: Actor, order_id: int, now: datetime, version: int | None = None) -> Order:
    """The supplier records that the refused goods are back with him. Raises NothingToReturn."""
    with tenant_atomic(savepoint=False):
        order, step = hold(actor=actor, action="return_goods", order_id=order_id, version=version)
        counted = counted_lines(order)
        back = {position: row.quantities.take_back() for position, row in counted.items() if row.quantities.to_return}
        if not back:
            raise NothingToReturn(order_id=order.pk)
        write_counts(counted, back)
        return take_step(actor=actor, order=order, transition=step, event="orders.goods_returned", now=now)


def _sent(counted: Lines, lines: Sequence[tuple[int, int]] | None) -> dict[int, int]:
    owed = {position: row.quantities.owed for position, row in counted.items() if row.quantities.owed}
    if not owed:
        raise NothingToShip(left=0)
    if lines is None:
        return owed
    positions = [position for position, _quantity in lines]
    if len(set(positions)) != len(positions) or not set(positions) <= set(counted):
        raise wrong_lines([str(_("Name each line of the order once."))])
    sent = {position: quantity for position, quantity in lines if quantity}
    if not sent:
        raise wrong_lines([str(_("Ship at least one piece."))])
    return sent


def _shipped(counted: Lines, sent: dict[int, int]) -> dict[int, LineQuantities]:
    after: dict[int, LineQuantities] = {}
    wrong: list[str] = []
    for position, quantity in sent.items():
        row = counted[position]
        try:
            after[position] = row.quantities.ship(quantity)
        except QuantityBeyond:
            text = _("Of %(title)s at most %(most)s can still be shipped.")
            wrong.append(str(text) % {"title": row.line.title, "most": row.quantities.owed})
    if wrong:
        raise wrong_lines(wrong)
    return after


def _given(text: str, field: str) -> str:
    """Pages and API ask for it already; a caller inside the house is held to it as well."""
    if not text.strip():
        raise InvalidInput(errors={field: [str(_("This field is required."))]})
    return text.strip()
