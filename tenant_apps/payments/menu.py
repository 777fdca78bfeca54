"""The work lists of those who fulfil and pay orders, in the mall's main menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel.posts import Post
from webkit import navigation
from webkit.navigation import MenuEntry


def register() -> None:
    """Called once, at app start."""
    navigation.register(
        MenuEntry(
            "supplier_orders",
            _("Orders to fulfil"),
            "orders:supplier_orders",
            "truck-delivery",
            posts=frozenset({Post.SUPPLIER_ADMIN, Post.SUPPLIER_SALES}),
            room="tenant",
            order=40,
        )
    )
    navigation.register(
        MenuEntry(
            "acceptance",
            _("Goods to accept"),
            "orders:acceptance_list",
            "clipboard-check",
            posts=frozenset({Post.BUYER_ACCEPTOR}),
            room="tenant",
            order=50,
        )
    )
    navigation.register(
        MenuEntry(
            "payments",
            _("Payments"),
            "payments:list",
            "building-bank",
            posts=frozenset({Post.BUYER_PAYER}),
            room="tenant",
            order=60,
        )
    )
