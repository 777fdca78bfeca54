"""The inbox in the main menu of the region's host."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from webkit import navigation
from webkit.navigation import MenuEntry

navigation.register(
    MenuEntry(
        "inbox",
        _("To do"),
        "inbox:inbox",
        "inbox",
        posts=None,
        room="region",
        order=10,
        signed_in=True,
        badge_url_name="inbox:badge",
    )
)
