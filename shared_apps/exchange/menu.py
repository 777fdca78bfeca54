"""The exchange in the main menu of the region's host."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel.posts import Post
from shared_apps.exchange.rules import IMPORTERS
from webkit import navigation
from webkit.navigation import MenuEntry

navigation.register(
    MenuEntry(
        "exchange",
        _("Bulk import"),
        "exchange:imports",
        "upload",
        posts=IMPORTERS,
        room="region",
        order=64,
        group="goods",
    )
)
navigation.register(
    MenuEntry(
        "programs",
        _("Own systems"),
        "exchange:programs",
        "key",
        posts=frozenset({Post.SUPPLIER_ADMIN}),
        room="region",
        order=65,
        group="goods",
    )
)
