"""Practice in the main menu of the region's host: bureaus look after it, everybody of a level practises."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shared_apps.training.permissions import BUREAU
from webkit import navigation
from webkit.navigation import MenuEntry

navigation.register(
    MenuEntry(
        "practice", _("Practice mall"), "training:malls", "school", posts=BUREAU, room="region", order=60, group="malls"
    )
)
