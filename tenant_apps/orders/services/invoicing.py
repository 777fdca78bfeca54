"""The order's side of its invoices. Called by `invoices` inside its transaction, so that both move together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from kernel.actor import Actor
from kernel.problems import NotFound, NotPermitted, WrongState
from tenant_apps.orders.models import Order
from tenant_apps.orders.permissions import SUPPLIER_POSTS, holds, visible_to
from tenant_apps.orders.rules import ORDER_LIFECYCLE, OrderState
from tenant_apps.orders.services.holding import lock
from tenant_apps.orders.services.steps import OrderChanged, take_step

# While payment has not begun, invoices come and go.
INVOICING = (OrderState.GOODS_ACCEPTED, OrderState.INVOICED)


@dataclass(frozen=True, slots=True)
class InvoicedOrder:
    """What invoices need to know of the order they hold."""

    row: Order

    @property
    def id(self) -> int:
        return int(self.row.pk)

    @property
    def number(self) -> str:
        return str(self.row.number)

    @property
    def unit_id(self) -> int:
        return self.row.unit_id

    @property
    def unit_name(self) -> str:
        return self.row.unit_name

    @property
    def organisation_id(self) -> int:
        return self.row.organisation_id

    @property
    def supplier_organisation_id(self) -> int:
        return self.row.supplier_organisation_id

    @property
    def supplier_name(self) -> str:
        return self.row.supplier_name

    @property
    def supplier_code(self) -> str:
        return self.row.supplier_code

    @property
    def payable_amount(self) -> Decimal:
        return self.row.payable_amount


def hold_for_invoice(*, actor: Actor, order_id: int, version: int | None = None) -> InvoicedOrder:
    """Locks the order for an invoice of its supplier. Raises NotFound, NotPermitted, WrongState, OrderChanged."""
    order = _held(actor, order_id, "invoice", (OrderState.GOODS_ACCEPTED,))
    if version is not None and version != order.version:
        raise OrderChanged(state=order.state)
    return InvoicedOrder(order)


def hold_for_reversal(*, actor: Actor, order_id: int) -> InvoicedOrder:
    """Locks the order for a red-letter invoice of its supplier. Raises NotFound, NotPermitted, WrongState."""
    return InvoicedOrder(_held(actor, order_id, "reverse_invoice", INVOICING))


def hold_for_verifier(*, order_id: int) -> InvoicedOrder:
    """Locks the order for the verifier's answer."""
    return InvoicedOrder(lock(Order.objects.filter(pk=order_id)).get())


def note_invoiced(*, actor: Actor, order: InvoicedOrder, now: datetime) -> None:
    """Everything accepted is invoiced and verified. Payment may have begun meanwhile: then nothing is to be noted."""
    if order.row.state == OrderState.GOODS_ACCEPTED:
        step = ORDER_LIFECYCLE.next(order.row.state, "invoice")
        take_step(actor=actor, order=order.row, transition=step, event="orders.invoiced", now=now)


def note_reversed(*, actor: Actor, order: InvoicedOrder, reason: str, now: datetime) -> None:
    """An invoiced order is one to be invoiced again."""
    if order.row.state == OrderState.INVOICED:
        step = ORDER_LIFECYCLE.next(order.row.state, "reverse_invoice")
        take_step(
            actor=actor, order=order.row, transition=step, event="orders.invoice_reversed", now=now, reason=reason
        )


def _held(actor: Actor, order_id: int, action: str, states: tuple[OrderState, ...]) -> Order:
    order = lock(Order.objects.filter(visible_to(actor), pk=order_id)).first()
    if order is None:
        raise NotFound(order_id=order_id)
    if not any(holds(actor=actor, post=post, order=order) for post in SUPPLIER_POSTS):
        raise NotPermitted(action=action)
    if order.state not in states:
        raise WrongState(lifecycle="order", state=str(order.state), action=action, possible=[])
    return order
