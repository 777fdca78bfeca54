"""Products that a clerk wants to find again. Like carts they are one person's own and write no journal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connections
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.problems import Conflict, NotFound
from shared_apps.products import selectors as library
from shared_apps.products.read_models import ProductPage
from tenant_apps.storefront.models import Favourite
from tenant_apps.storefront.selectors import buyer_id, cart_area, shelf_view, unit_in_use
from tenants.database.context import TENANT_ALIAS, tenant_atomic

FAVOURITES_MAX = 100


class FavouritesFull(Conflict):
    code = "favourites-full"
    title = _("There are as many favourites as there may be")


@dataclass(frozen=True, slots=True)
class FavouriteView:
    """`page` None: the mall does not show the product now."""

    code: str
    title: str
    added_at: datetime
    page: ProductPage | None


def favourites_of(*, actor: Actor, text: str = "") -> Sequence[FavouriteView]:
    """The person's own, the latest first, at today's prices where the cart is delivered. At most seven statements.

    `text` is a part of the title or the whole code.
    """
    mine = Favourite.objects.filter(user_id=buyer_id(actor))
    if text:
        mine = mine.filter(Q(title__icontains=text) | Q(product_code__iexact=text))
    rows = list(mine.order_by("-added_at", "-id"))
    pages: dict[str, ProductPage] = {}
    if rows:
        shelf, codes = shelf_view(), [row.product_code for row in rows]
        area = cart_area(actor=actor, unit_id=unit_in_use(actor=actor))
        pages = {
            page.code: page
            for page in library.product_pages(codes=codes, shelf=replace(shelf, area=area), shown_only=True)
        }
    return [FavouriteView(row.product_code, row.title, row.added_at, pages.get(row.product_code)) for row in rows]


def add_favourite(*, actor: Actor, product_code: str, now: datetime) -> None:
    """Marks a product the mall shows; once more changes nothing. Raises NotFound, FavouritesFull."""
    page = library.product_page(code=product_code, shelf=shelf_view())
    with tenant_atomic():
        mine = Favourite.objects.filter(user_id=buyer_id(actor))
        if mine.exclude(product_code=page.code).count() >= FAVOURITES_MAX:
            raise FavouritesFull(most=FAVOURITES_MAX)
        row = Favourite(user_id=buyer_id(actor), product_code=page.code, title=page.title, added_at=now)
        Favourite.objects.bulk_create([row], ignore_conflicts=True)


def remove_favourite(*, actor: Actor, product_code: str) -> None:
    """Raises NotFound."""
    removed, _per_model = Favourite.objects.filter(user_id=buyer_id(actor), product_code=product_code).delete()
    if not removed:
        raise NotFound(product_code=product_code)


_BESIDE = """
SELECT (SELECT count(*) FROM storefront_cartline l JOIN storefront_cart c ON c.id = l.cart_id WHERE c.user_id = %s),
       EXISTS (SELECT 1 FROM storefront_favourite f WHERE f.user_id = %s AND f.product_code = %s)
"""


def beside_product(*, actor: Actor, product_code: str) -> tuple[int, bool]:
    """Lines in the clerk's carts, and whether the product is a favourite: what its page shows. One statement."""
    with connections[TENANT_ALIAS].cursor() as cursor:
        cursor.execute(_BESIDE, [buyer_id(actor), buyer_id(actor), product_code])
        lines, is_favourite = cursor.fetchone()
    return int(lines), bool(is_favourite)
