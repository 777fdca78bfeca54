"""The exchange in the main menu of the region's host."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shared_apps.exchange.rules import IMPORTERS
from webkit import navigation
from webkit.navigation import MenuEntry

navigation.register(
    MenuEntry("exchange", _("Bulk import"), "exchange:imports", "upload", posts=IMPORTERS, room="region", order=64)
)
