"""The line of the takeover in the main menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tenant_apps.takeover.rules import READERS
from webkit.navigation import MenuEntry, register

register(
    MenuEntry(
        "takeover", _("Taking over open orders"), "takeover:packages", "package-import", posts=READERS, room="tenant",
        order=75, group="bureau",
    )
)  # fmt: skip
