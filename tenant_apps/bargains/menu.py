"""Bargains in the main menu, and on the page of the order that was made of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from tenant_apps.bargains import selectors
from tenant_apps.bargains.rules import BUYER, SUPPLIER
from tenant_apps.orders import panels
from tenant_apps.orders.panels import OrderPanel
from webkit import navigation
from webkit.navigation import MenuEntry


def register() -> None:
    """Called once, at app start."""
    navigation.register(
        MenuEntry(
            "bargains",
            _("Bargains"),
            "bargains:list",
            "arrows-exchange",
            posts=BUYER | SUPPLIER,
            room="tenant",
            order=35,
        )
    )
    panels.register(
        OrderPanel(
            "bargain",
            "bargains/_order_panel.html",
            load=_panel,
            order=10,
            when=lambda order, _events: order.bargain_id is not None,
        )
    )


def _panel(_actor: Actor, order: Any) -> Mapping[str, Any] | None:  # the order is another app's row
    """Listed and agreed prices of the order's goods: two statements."""
    found = selectors.of_order(bargain_id=order.bargain_id)
    return {"bargain": found[0], "lines": found[1]} if found else None
