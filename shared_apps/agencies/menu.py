"""The agency library in the main menu of the region's host."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel.posts import Post
from shared_apps.agencies.permissions import CHECK_READERS, DESK, OWN
from webkit import navigation
from webkit.navigation import MenuEntry

navigation.register(
    MenuEntry(
        "library_agencies", _("Agency library"), "agencies:agencies", "briefcase", None, "region", 63, group="libraries"
    )
)
navigation.register(
    MenuEntry("own_agency", _("My agency"), "agencies:own", "id-badge", frozenset(OWN), "region", 20, group="agencies")
)
navigation.register(
    MenuEntry(
        "agency_desk", _("Agency registrations"), "agencies:desk", "clipboard-check", frozenset(DESK), "region", 64,
        badge_url_name="agencies:desk_badge", group="agencies",
    )
)  # fmt: skip
navigation.register(
    # Unit administrators, who hold their post in the mall, come by the agency's public page.
    MenuEntry(
        "agency_agreements", _("Agency agreements"), "agencies:agreements", "file-certificate",
        frozenset({*DESK, *OWN, Post.TIER_SUPERVISOR, Post.SUPPLIER_ADMIN}), "region", 65, group="agencies",
    )
)  # fmt: skip
navigation.register(
    MenuEntry(
        "agency_checks",
        _("Spot checks of agencies"),
        "agencies:plans",
        "gavel",
        frozenset(CHECK_READERS),
        "region",
        66,
        group="agencies",
    )
)
