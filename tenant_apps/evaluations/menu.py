"""Evaluations in the main menu and on the order page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.clock import utc_now
from tenant_apps.evaluations import selectors
from tenant_apps.evaluations.rules import OVERSEERS
from tenant_apps.evaluations.words import SIDES
from tenant_apps.orders import panels
from tenant_apps.orders.panels import OrderPanel
from webkit import navigation
from webkit.navigation import MenuEntry


def register() -> None:
    """Called once, at app start."""
    navigation.register(
        MenuEntry(
            "evaluations",
            _("Mutual evaluation"),
            "evaluations:list",
            "star",
            posts=OVERSEERS,
            room="tenant",
            order=63,
            group="bureau",
        )
    )
    panels.register(
        OrderPanel(
            "evaluations", "evaluations/_order_panel.html", load=_panel, order=45, when=panels.after("orders.paid")
        )
    )


def _panel(actor: Actor, order: Any) -> Mapping[str, Any] | None:  # the order is another app's row
    """Both sides' ratings: one statement."""
    if order.paid_at is None:
        return None
    found = selectors.of_order(actor=actor, order=order, now=utc_now())
    return {
        "found": found,
        "given": [(row, SIDES[row.side]) for row in found.given],
        "missing": [SIDES[side] for side in found.missing],
    }
