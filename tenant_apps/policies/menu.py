"""The bureau's console in the main menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel.posts import Post
from webkit.navigation import MenuEntry, register

READERS = frozenset({Post.TIER_SUPERVISOR, Post.REGION_SUPERVISOR, Post.AUDITOR})

register(
    MenuEntry("bureau", _("Bureau console"), "policies:bureau", "building-bank", posts=READERS, room="tenant", order=80)
)
