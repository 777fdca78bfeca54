"""Where an order came from: found by its old number, and told on its page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from kernel.actor import Actor
from tenant_apps.orders import other_numbers, panels
from tenant_apps.orders.panels import OrderPanel
from tenant_apps.takeover.models import TakenOrder

if TYPE_CHECKING:
    from tenant_apps.orders.models import Order


def _beginning(search: str) -> QuerySet[Any]:
    return TakenOrder.objects.filter(old_number__istartswith=search).values("order_id")


def _panel(actor: Actor, order: Order) -> Mapping[str, Any] | None:
    """The section of an order that was taken over; one statement."""
    row = TakenOrder.objects.filter(order_id=order.pk).first()
    if row is None:
        return None
    payments = [
        {"amount": one["amount"], "paid_on": date.fromisoformat(one["paid_on"]), "reference": one["reference"]}
        for one in row.facts.get("payments", ())
    ]
    return {"row": row, "payments": payments, "facts": row.facts}


other_numbers.register("takeover", _beginning)
panels.register(
    OrderPanel("takeover", "takeover/_order_panel.html", load=_panel, order=10, when=panels.after("orders.taken_over"))
)
