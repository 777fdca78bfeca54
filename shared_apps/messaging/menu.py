"""Messages in the main menu of the region's host."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shared_apps.messaging.rules import WATCHERS
from webkit import navigation
from webkit.navigation import MenuEntry

navigation.register(
    MenuEntry(
        "messages",
        pgettext_lazy("message", "Messages"),
        "messaging:messages",
        "bell",
        posts=None,
        room="region",
        order=12,
        signed_in=True,
        badge_url_name="messaging:badge",
    )
)
navigation.register(
    MenuEntry(
        "deliveries",
        _("Messages sent out"),
        "messaging:deliveries",
        "send",
        posts=WATCHERS,
        room="region",
        order=96,
        group="organisations",
    )
)
