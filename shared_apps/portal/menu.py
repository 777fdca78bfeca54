"""The portal's front page in the main menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from webkit import navigation, states
from webkit.navigation import MenuEntry

navigation.register(MenuEntry("portal", _("Portal"), "portal:front", "home", posts=None, room="region", order=0))
states.register(
    "mall",
    {
        "applied": (_("Applied for"), "secondary"),
        "approved": (_("Approved"), "secondary"),
        "provisioning": (_("Being set up"), "secondary"),
        "configuring": (_("Being prepared"), "info"),
        "live": (pgettext_lazy("mall", "Open"), "success"),
        "suspended": (_("Suspended"), "warning"),
        "archived": (_("Archived"), "secondary"),
    },
)
