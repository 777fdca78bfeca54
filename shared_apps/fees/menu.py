"""Fees in the main menu of the region's host, and words for refusals."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shared_apps.fees.selectors import READERS
from webkit import navigation
from webkit.navigation import MenuEntry

navigation.register(
    MenuEntry("fees", _("Fees"), "fees:overview", "receipt-yuan", posts=READERS, room="region", order=60, group="malls")
)
