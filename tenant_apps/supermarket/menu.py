"""The address book in the main menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tenant_apps.supermarket.addresses import KEEPERS
from webkit import navigation
from webkit.navigation import MenuEntry


def register() -> None:
    """Called once, at app start."""
    navigation.register(
        MenuEntry(
            "addresses", _("Address book"), "supermarket:addresses", "map-pin", posts=KEEPERS, room="tenant", order=36
        )
    )
