"""The agency library in the main menu of the region's host."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shared_apps.agencies.permissions import DESK, OWN
from webkit import navigation
from webkit.navigation import MenuEntry

navigation.register(
    MenuEntry("library_agencies", _("Agency library"), "agencies:agencies", "briefcase", None, "region", 63)
)
navigation.register(MenuEntry("own_agency", _("My agency"), "agencies:own", "id-badge", frozenset(OWN), "region", 20))
navigation.register(
    MenuEntry(
        "agency_desk", _("Agency registrations"), "agencies:desk", "clipboard-check", frozenset(DESK), "region", 64,
        badge_url_name="agencies:desk_badge",
    )
)  # fmt: skip
