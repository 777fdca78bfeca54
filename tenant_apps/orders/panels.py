"""Sections that other parts of the process add to the order page.

    panels.register(OrderPanel("payment", "payments/_order_panel.html", load=payment_of, order=40))

`load(actor, order)` answers the section's own values, or None when there is nothing to show. The template finds them
as `panel`, and the order as `order`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kernel.actor import Actor
from kernel.registry import Registry
from tenant_apps.orders.models import Order

Load = Callable[[Actor, Order], Mapping[str, Any] | None]


@dataclass(frozen=True)
class OrderPanel:
    key: str
    template: str
    load: Load
    order: int


@dataclass(frozen=True)
class ShownPanel:
    template: str
    values: Mapping[str, Any]


PANELS: Registry[OrderPanel] = Registry("order panels")


def register(panel: OrderPanel) -> None:
    """Called at app start. Raises when the key is taken."""
    PANELS.register(panel.key, panel)


def panels_of(*, actor: Actor, order: Order) -> list[ShownPanel]:
    """The sections to show, in their order."""
    found = []
    for panel in sorted(PANELS.values(), key=lambda one: one.order):
        values = panel.load(actor, order)
        if values is not None:
            found.append(ShownPanel(panel.template, values))
    return found
