"""Applications in the main menu of the region's host."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shared_apps.onboarding.permissions import READERS
from webkit import navigation
from webkit.navigation import MenuEntry

navigation.register(
    MenuEntry(
        "applications",
        _("Applications"),
        "onboarding:applications",
        "clipboard-list",
        posts=READERS,
        room="region",
        order=61,
        badge_url_name="onboarding:badge",
        group="malls",
    )
)
