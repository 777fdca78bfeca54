"""Contracts in the main menu and on the order page."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.posts import Post
from tenant_apps.contracts import selectors
from tenant_apps.contracts.provider import SIGNER
from tenant_apps.contracts.rules import BINDING, CLERK, UNSIGNED
from tenant_apps.contracts.web.presenting import warning_for
from tenant_apps.orders import panels
from tenant_apps.orders.panels import OrderPanel
from tenant_apps.orders.permissions import SUPPLIER_POSTS, holds
from tenant_apps.orders.services.contracting import DRAFTABLE, SIGNABLE
from webkit import navigation
from webkit.navigation import MenuEntry


def register() -> None:
    """Called once, at app start."""
    navigation.register(
        MenuEntry(
            "contracts",
            _("Contracts"),
            "contracts:list",
            "file-certificate",
            posts=frozenset({*CLERK, Post.BUYER_APPROVER, *SUPPLIER_POSTS, Post.AUDITOR}),
            room="tenant",
            order=56,
        )
    )
    navigation.register(
        MenuEntry(
            "filings",
            _("Contracts filed"),
            "contracts:filings",
            "folder",
            posts=frozenset({Post.TIER_SUPERVISOR}),
            room="tenant",
            order=57,
            group="bureau",
        )
    )
    panels.register(
        OrderPanel(
            "contract",
            "contracts/_order_panel.html",
            load=_panel,
            order=12,
            when=_may_have_one,
        )
    )


def _may_have_one(order: Any, events: Collection[str]) -> bool:
    """A contract was signed, or still may be, or a supplement is its contract: of all other orders nothing is asked."""
    return order.state in SIGNABLE or bool({"orders.contract_signed", "orders.supplement_linked"} & set(events))


def _panel(actor: Actor, order: Any) -> Mapping[str, Any] | None:  # the order is another app's row
    """The order's contract: one statement."""
    supplier = any(holds(actor=actor, post=post, order=order) for post in SUPPLIER_POSTS)
    rows = [row for row in selectors.of_order(order_id=order.pk) if not supplier or hasattr(row, "document")]
    open_or_bound = any(row.state in UNSIGNED | BINDING for row in rows)
    clerk = any(holds(actor=actor, post=post, order=order) for post in CLERK)
    may_draft = clerk and order.state in DRAFTABLE and not open_or_bound
    if not rows and not may_draft:
        return None
    return {
        "rows": [(row, warning_for(row)) for row in rows],
        "may_draft": may_draft,
        "simulated": SIGNER.is_simulated(),
    }
