"""Supervision in the main menu of the region's host."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shared_apps.insight.selectors import READERS
from webkit import navigation
from webkit.navigation import MenuEntry

navigation.register(
    MenuEntry(
        "supervision",
        _("Supervision"),
        "insight:supervision",
        "chart-bar",
        posts=READERS,
        room="region",
        order=50,
        group="malls",
    )
)
