"""The bureau's console in the main menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tenant_apps.policies.permissions import READERS
from webkit.navigation import MenuEntry, register

register(
    MenuEntry(
        "bureau",
        _("Bureau console"),
        "policies:bureau",
        "building-bank",
        posts=READERS,
        room="tenant",
        order=70,
        group="bureau",
    )
)
