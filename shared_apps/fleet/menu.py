"""The fleet in the main menu of the region's host."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shared_apps.fleet.permissions import READERS, SUPERVISORS
from webkit import navigation
from webkit.navigation import MenuEntry

navigation.register(
    MenuEntry(
        "console", _("Malls"), "fleet:malls", "building-bank", posts=READERS, room="region", order=60, group="malls"
    )
)
navigation.register(
    MenuEntry(
        "supervised",
        _("Malls below us"),
        "fleet:supervised",
        "sitemap",
        posts=SUPERVISORS,
        room="region",
        order=55,
        group="malls",
    )
)
