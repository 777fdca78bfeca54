"""Orders in the main menu, and the pages of the buyer's own steps."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tenant_apps.orders import actions
from tenant_apps.orders.actions import ActionPage
from tenant_apps.orders.permissions import READERS
from webkit.navigation import MenuEntry
from webkit.navigation import register as register_entry


def register() -> None:
    """Called once, at app start."""
    register_entry(
        MenuEntry("orders", _("Orders"), "orders:list", "clipboard-list", posts=READERS, room="tenant", order=40)
    )
    actions.register(
        ActionPage(
            "approve",
            "orders:approve",
            colour="success",
            icon="check",
            confirm=_("Approve this order? The budget is frozen and the supplier is told."),
        )
    )
    actions.register(
        ActionPage("approve_step", "orders:approve", colour="success", icon="check", confirm=_("Approve this step?"))
    )
    actions.register(ActionPage("send_back", "orders:send_back", kind="page", colour="secondary", icon="arrow-left"))
    actions.register(
        ActionPage(
            "resubmit",
            "orders:resubmit",
            kind="page",
            icon="send",
            applies=lambda actor, order: order.clerk_id == actor.user_id,
        )
    )
    actions.register(ActionPage("reject", "orders:reject", kind="page", colour="danger", icon="x"))
    actions.register(
        ActionPage(
            "withdraw",
            "orders:withdraw",
            colour="secondary",
            icon="arrow-left",
            confirm=_("Withdraw this order? The goods do not go back into the cart."),
        )
    )
