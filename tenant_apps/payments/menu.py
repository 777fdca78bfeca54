"""Payments in the main menu and on the order page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.clock import utc_now
from kernel.posts import Post
from tenant_apps.orders import actions, panels, payments_due, worklists
from tenant_apps.orders.actions import ActionPage
from tenant_apps.orders.panels import OrderPanel
from tenant_apps.orders.permissions import SUPPLIER_POSTS
from tenant_apps.payments import interest, selectors, terms
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
    navigation.register(
        MenuEntry(
            "payments_due",
            _("Payments due"),
            "payments:due",
            "calendar",
            posts=frozenset({*SUPPLIER_POSTS, Post.TIER_SUPERVISOR, Post.UNIT_ADMINISTRATOR, Post.BUYER_PAYER}),
            room="tenant",
            order=61,
            group="budgets",
        )
    )
    actions.register(ActionPage("request_payment", "payments:request", kind="page", icon="building-bank"))
    panels.register(OrderPanel("payment", "payments/_order_panel.html", load=_panel, order=40))


def _panel(actor: Actor, order: Any) -> Mapping[str, Any] | None:  # the order is another app's row
    """The order's payment clock and instructions; before its goods are accepted the term of payment.

    At most four statements. An order that was paid before it came here has no instruction of this mall.
    """
    if order.goods_accepted_at is None:
        return _before_acceptance(actor, order)
    late = interest.due_of(order=order)
    if late is not None:
        instructions, owed = selectors.of_late_order(actor=actor, order=order, due=late)
        steps = interest.possible(actor=actor, order=order, owed=owed)
        return {"paid_late": late, "owed": owed, "steps": steps, "instructions": instructions}
    # Where nobody has asked for a payment there is no instruction: not asked for on a page of many statements.
    instructions = selectors.of_order(actor=actor, order_id=order.pk) if order.payer_id is not None else []
    if order.paid_at is None:
        due = worklists.due_of(order, now=utc_now())
        acts = payments_due.who_acts(order=order) if due else None
        return {"due": due, "acts": acts, "instructions": instructions}
    return {"instructions": instructions} if instructions else None


def _before_acceptance(actor: Actor, order: Any) -> Mapping[str, Any] | None:
    if not terms.is_open(order):
        return None
    term = terms.last_of(order_id=order.pk)
    return {"before": True, "term": term, "steps": terms.possible(actor=actor, order=order, last=term)}
