"""Sections that other parts of the process add to the order page.

    panels.register(OrderPanel("payment", "payments/_order_panel.html", load=payment_of, order=40))

`load(actor, order)` answers the section's own values, or None when there is nothing to show. The template finds them
as `panel`, and the order as `order`. `when(order, events)` sees by the events of the order's history whether there is
anything to load, so that no statement is spent on finding out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from kernel.actor import Actor
from kernel.registry import Registry
from tenant_apps.orders.models import Order

When = Callable[[Order, Collection[str]], bool]
Load = Callable[[Actor, Order], Mapping[str, Any] | None]


@dataclass(frozen=True)
class OrderPanel:
    key: str
    template: str
    load: Load
    order: int
    when: When | None = None


@dataclass(frozen=True)
class ShownPanel:
    template: str
    values: Mapping[str, Any]


PANELS: Registry[OrderPanel] = Registry("order panels")


def after(*names: str) -> When:
    """Once one of these events has happened to the order."""
    return lambda _order, events: any(name in events for name in names)


def register(panel: OrderPanel) -> None:
    """Called at app start. Raises when the key is taken."""
    PANELS.register(panel.key, panel)


def panels_of(*, actor: Actor, order: Order, events: Collection[str]) -> list[ShownPanel]:
    """The sections to show, in their order; `events` are those of the order's history."""
    found = []
    for panel in sorted(PANELS.values(), key=lambda one: one.order):
        if panel.when is not None and not panel.when(order, events):
            continue
        values = panel.load(actor, order)
        if values is not None:
            found.append(ShownPanel(panel.template, values))
    return found
