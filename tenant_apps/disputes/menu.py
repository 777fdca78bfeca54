"""Disputes in the main menu and on the order page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.posts import Post
from tenant_apps.disputes import selectors
from tenant_apps.orders import actions, panels
from tenant_apps.orders.actions import ActionPage
from tenant_apps.orders.panels import OrderPanel
from webkit import navigation
from webkit.navigation import MenuEntry


def register() -> None:
    """Called once, at app start."""
    navigation.register(
        MenuEntry(
            "disputes",
            _("Disputes"),
            "disputes:list",
            "scale",
            posts=frozenset({Post.CPB_OPERATOR, Post.TIER_SUPERVISOR}),
            room="tenant",
            order=62,
        )
    )
    actions.register(ActionPage("dispute", "disputes:open", kind="page", colour="secondary", icon="scale"))
    panels.register(
        OrderPanel(
            "disputes", "disputes/_order_panel.html", load=_panel, order=15, when=panels.after("orders.disputed")
        )
    )


def _panel(_actor: Actor, order: Any) -> Mapping[str, Any] | None:  # the order is another app's row
    """The order's disputes: one statement."""
    disputes = selectors.of_order(order_id=order.pk)
    return {"disputes": disputes} if disputes else None
