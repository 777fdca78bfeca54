"""Payments in the main menu and on the order page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.clock import utc_now
from kernel.posts import Post
from tenant_apps.orders import actions, panels, worklists
from tenant_apps.orders.actions import ActionPage
from tenant_apps.orders.panels import OrderPanel
from tenant_apps.payments import selectors
from webkit import navigation
from webkit.navigation import MenuEntry


def register() -> None:
    """Called once, at app start."""
    navigation.register(
        MenuEntry(
            "payments",
            _("Payments"),
            "payments:list",
            "building-bank",
            posts=frozenset({Post.BUYER_PAYER}),
            room="tenant",
            order=60,
            group="budgets",
        )
    )
    actions.register(ActionPage("request_payment", "payments:request", kind="page", icon="building-bank"))
    panels.register(OrderPanel("payment", "payments/_order_panel.html", load=_panel, order=40))


def _panel(actor: Actor, order: Any) -> Mapping[str, Any] | None:  # the order is another app's row
    """The order's payment clock and instructions: one statement, and none before its goods are accepted.

    An order that was paid before it came here has no instruction of this mall.
    """
    if order.goods_accepted_at is None:
        return None
    instructions = selectors.of_order(actor=actor, order_id=order.pk)
    if not instructions and order.paid_at is not None:
        return None
    return {"due": worklists.due_of(order, now=utc_now()), "instructions": instructions}
