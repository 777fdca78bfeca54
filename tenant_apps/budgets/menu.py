"""The line of budgets in the main menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tenant_apps.budgets.permissions import READERS
from webkit.navigation import MenuEntry, register

register(
    MenuEntry(
        "budgets",
        _("Budgets"),
        "budgets:lines",
        "wallet",
        posts=READERS,
        room="tenant",
        order=60,
        group="budgets",
    )
)
