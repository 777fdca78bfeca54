"""The workbench in the main menu of the region's host."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shared_apps.workbench import words  # noqa: F401  # registers the states' words
from shared_apps.workbench.rules import SUPPLIER_POSTS
from webkit import navigation
from webkit.navigation import MenuEntry

navigation.register(
    MenuEntry(
        "supplier_work",
        _("Orders of all malls"),
        "workbench:work",
        "truck-delivery",
        posts=SUPPLIER_POSTS,
        room="region",
        order=11,
    )
)
