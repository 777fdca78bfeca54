"""Where the steps after placing are done: menu entries, the order page's buttons and its section on the goods."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.posts import Post
from tenant_apps.orders import actions, panels
from tenant_apps.orders.actions import ActionPage
from tenant_apps.orders.models import Order
from tenant_apps.orders.panels import OrderPanel
from tenant_apps.orders.permissions import SUPPLIER_POSTS
from tenant_apps.orders.services.ending import party_of
from webkit import navigation, problem_words
from webkit.navigation import MenuEntry

ENTRIES = (
    MenuEntry(
        "supplier_orders",
        _("Orders to fulfil"),
        "orders:supplier_orders",
        "truck-delivery",
        posts=frozenset(SUPPLIER_POSTS),
        room="tenant",
        order=30,
    ),
    MenuEntry(
        "acceptance",
        _("Goods to accept"),
        "orders:acceptance",
        "clipboard-check",
        posts=frozenset({Post.BUYER_ACCEPTOR}),
        room="tenant",
        order=50,
    ),
)

PAGES = (
    ActionPage(
        "accept",
        "orders:accept",
        colour="success",
        icon="check",
        confirm=_("Accept this order? You then owe the goods at these prices."),
    ),
    ActionPage("decline", "orders:decline", kind="page", colour="danger", icon="x"),
    ActionPage(
        "ask_to_cancel",
        "orders:ask_to_cancel",
        kind="page",
        colour="secondary",
        icon="ban",
        applies=lambda _actor, order: not order.cancel_asked_by,
    ),
    ActionPage(
        "cancel",
        "orders:cancel",
        colour="danger",
        icon="ban",
        confirm=_("Agree to cancel this order? Its budget is released; this cannot be undone."),
        applies=lambda actor, order: order.cancel_asked_by not in {"", party_of(actor=actor, order=order)},
    ),
    ActionPage(
        "ship",
        "orders:ship",
        kind="page",
        icon="truck-delivery",
        applies=lambda _actor, order: order.state != "shipped" or bool(getattr(order, "left_to_ship", 0)),
    ),
    ActionPage("accept_goods", "orders:accept_goods", kind="page", colour="success", icon="clipboard-check"),
    ActionPage("accept_part", "orders:accept_part", kind="page", colour="secondary", icon="clipboard-list"),
    ActionPage("refuse_goods", "orders:refuse_goods", kind="page", colour="danger", icon="truck-return"),
    ActionPage(
        "return_goods",
        "orders:return_goods",
        icon="truck-return",
        confirm=_("Record that the refused goods are back with you?"),
        applies=lambda _actor, order: order.state == "goods_refused" or bool(getattr(order, "left_to_return", 0)),
    ),
    ActionPage(
        "ask_to_cancel_rest",
        "orders:ask_to_cancel_rest",
        kind="page",
        colour="secondary",
        icon="ban",
        applies=lambda _actor, order: not order.cancel_asked_by,
    ),
    ActionPage(
        "cancel_rest",
        "orders:cancel_rest",
        colour="danger",
        icon="ban",
        confirm=_("Agree to give up the rest? What was accepted is paid; this cannot be undone."),
        applies=lambda actor, order: order.cancel_asked_by not in {"", party_of(actor=actor, order=order)},
    ),
    ActionPage("terminate", "orders:terminate", kind="page", colour="danger", icon="ban"),
    ActionPage(
        "close",
        "orders:close",
        colour="secondary",
        icon="circle-check",
        confirm=_("Close this order? Nothing may be outstanding on either side."),
    ),
)


def register() -> None:
    """Called once, at app start."""
    for entry in ENTRIES:
        navigation.register(entry)
    for page in PAGES:
        actions.register(page)
    panels.register(OrderPanel("fulfilment", "orders/fulfilment/_panel.html", load=_panel, order=20))
    problem_words.register(
        "answer-too-late",
        facts={"due_at": (_("It could be answered until"), "time")},
        advice=_("The order has expired or is about to; the buyer may order again."),
    )
    problem_words.register(
        "cancel-not-asked", advice=_("Ask the other party to cancel and say why: the order ends when they agree.")
    )
    problem_words.register(
        "cancel-already-asked", advice=_("Open the order: one of the parties has asked, the other decides.")
    )
    problem_words.register(
        "nothing-to-ship", advice=_("Everything is on its way, accepted or given up: open the order to see where.")
    )
    problem_words.register("nothing-to-return", advice=_("Only goods that were refused at acceptance come back."))
    problem_words.register(
        "nothing-to-inspect", advice=_("The shipment was inspected already: open the order to see the certificate.")
    )
    problem_words.register("not-due", facts={"due_at": (_("Possible from"), "time")})


def _panel(actor: Actor, order: Order) -> Mapping[str, Any] | None:
    """Shipments and certificates are in the page's dossier already: the section costs no statement."""
    return {} if order.shipped_at or order.cancel_asked_by else None
