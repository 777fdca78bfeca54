"""Offers in the main menu of the region's host: the supplier's own, and the worklists of those who look at them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shared_apps.listings.permissions import READERS, SELLERS
from webkit import navigation
from webkit.navigation import MenuEntry

navigation.register(
    MenuEntry(
        "own_offers",
        _("Our offers"),
        "listings:own_offers",
        "tag",
        posts=SELLERS,
        room="region",
        order=20,
        group="goods",
    )
)
navigation.register(
    MenuEntry(
        "offer_reviews",
        _("Offer review"),
        "listings:reviews",
        "checklist",
        posts=READERS,
        room="region",
        order=30,
        badge_url_name="listings:badge",
        group="goods",
    )
)
