"""What approvals contribute to the shell: menu entries and the section on an order's page."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.posts import Post
from tenant_apps.approvals.rules import STEP_POSTS
from webkit.navigation import MenuEntry
from webkit.navigation import register as register_entry


def register() -> None:
    """Called once, at app start."""
    from tenant_apps.orders import panels

    register_entry(
        MenuEntry(
            "approvals",
            _("Approvals"),
            "approvals:inbox",
            "checklist",
            posts=frozenset(STEP_POSTS),
            room="tenant",
            order=35,
            badge_url_name="approvals:badge",
        )
    )
    register_entry(
        MenuEntry(
            "approval_flows",
            _("Flows and times of approval"),
            "approvals:flows",
            "hierarchy",
            posts=frozenset({Post.UNIT_ADMINISTRATOR}),
            room="tenant",
            order=82,
            group="people",
        )
    )
    panels.register(
        panels.OrderPanel("approval", "approvals/_order_panel.html", load=_panel, order=10, when=_has_steps)
    )


def _has_steps(order: Any, events: Collection[str]) -> bool:
    """Under way, or of a flow: what a plain approval was, the order's own columns and timeline tell."""
    told = {"orders.step_approved", "orders.sent_back", "orders.resubmitted"}
    return order.state == "pending_approval" or not told.isdisjoint(events)


def _panel(actor: Actor, order: Any) -> Mapping[str, Any] | None:
    """The steps of the order's approval, for the buyer's side and supervision; nothing of a plain one."""
    from tenant_apps.approvals.selectors import rounds_of
    from tenant_apps.orders.selectors import shows_buyer_side

    if not shows_buyer_side(actor=actor, order=order):
        return None
    rounds = rounds_of(order_id=order.pk)
    return {"rounds": rounds} if rounds else None
