"""Invoices in the main menu and on the order page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.posts import Post
from tenant_apps.invoices import selectors
from tenant_apps.invoices.provider import VERIFIER
from tenant_apps.orders import actions, panels
from tenant_apps.orders.actions import ActionPage
from tenant_apps.orders.panels import OrderPanel
from tenant_apps.orders.permissions import SUPPLIER_POSTS, holds
from webkit import navigation
from webkit.navigation import MenuEntry


def register() -> None:
    """Called once, at app start."""
    navigation.register(
        MenuEntry(
            "invoices",
            _("Invoices"),
            "invoices:list",
            "file-invoice",
            posts=frozenset({*SUPPLIER_POSTS, Post.BUYER_PAYER, Post.TIER_SUPERVISOR}),
            room="tenant",
            order=58,
        )
    )
    actions.register(ActionPage("invoice", "invoices:new", kind="page", icon="file-invoice"))
    panels.register(OrderPanel("invoices", "invoices/_order_panel.html", load=_panel, order=30))


def _panel(actor: Actor, order: Any) -> Mapping[str, Any] | None:  # the order is another app's row
    """The order's invoices: one statement, and none before its goods are accepted."""
    if order.goods_accepted_at is None:
        return None
    invoices = selectors.of_order(order_id=order.pk)
    own = any(holds(actor=actor, post=post, order=order) for post in SUPPLIER_POSTS)
    return {
        "invoices": invoices,
        "simulated": VERIFIER.is_simulated(),
        "may_reverse": own and order.state in {"goods_accepted", "invoiced"},
    }
