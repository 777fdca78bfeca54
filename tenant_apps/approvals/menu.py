"""The approver's inbox in the main menu, with how many orders wait."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel.posts import Post
from webkit.navigation import MenuEntry
from webkit.navigation import register as register_entry


def register() -> None:
    """Called once, at app start."""
    register_entry(
        MenuEntry(
            "approvals",
            _("Approvals"),
            "approvals:inbox",
            "checklist",
            posts=frozenset({Post.BUYER_APPROVER}),
            room="tenant",
            order=35,
            badge_url_name="approvals:badge",
        )
    )
