"""What the storefront adds to the go-live checklist and to the menu."""

from __future__ import annotations

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.posts import Post
from tenant_apps.policies.checklist import ChecklistItem, register
from webkit import navigation
from webkit.navigation import MenuEntry


def shelf_chosen(now: datetime) -> str | Promise | None:
    from tenant_apps.storefront.selectors import shelf_choice

    return None if shelf_choice() else _("Nobody has chosen yet what the mall shows.")


register(
    ChecklistItem(
        "shelf",
        _("Shelf chosen"),
        shelf_chosen,
        responsible=Post.CPB_OPERATOR,
        order=60,
        action_url_name="storefront:shelf",
    )
)
navigation.register(
    MenuEntry("mall", pgettext_lazy("menu", "Mall"), "storefront:front", "building-store", None, "tenant", 10)
)
navigation.register(
    MenuEntry("products", pgettext_lazy("menu", "Products"), "storefront:products", "packages", None, "tenant", 20)
)
navigation.register(
    MenuEntry(
        "cart",
        pgettext_lazy("menu", "Cart"),
        "storefront:cart",
        "shopping-cart",
        frozenset({Post.BUYER_CLERK}),
        "tenant",
        30,
        badge_url_name="storefront:cart_badge",
    )
)
navigation.register(
    MenuEntry(
        "shelf",
        pgettext_lazy("menu", "Shelf"),
        "storefront:shelf",
        "building-warehouse",
        frozenset({Post.TIER_SUPERVISOR, Post.CPB_OPERATOR}),
        "tenant",
        75,
        group="bureau",
    )
)
