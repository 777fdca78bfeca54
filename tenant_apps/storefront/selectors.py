"""Reading the shelf and the carts of the selected tenant."""

from __future__ import annotations

import json
from collections.abc import Collection

from django.db import connections

from kernel.actor import Actor
from kernel.posts import Post
from kernel.problems import NotFound
from shared_apps.products import selectors as library
from shared_apps.products.read_models import OfferView, ShelfView
from shared_apps.products.shelf_bounds import local_approval_allowed
from tenant_apps.budgets.selectors import units_of
from tenant_apps.storefront.areas import checked_area, own_area
from tenant_apps.storefront.models import Cart, CartLine, Shelf
from tenant_apps.storefront.read_models import CartLineView, CartView, ShelfChoice, SupplierCart
from tenants.database.context import TENANT_ALIAS


def delivery_area() -> str:
    """The division this mall delivers to unless a cart names another: the county's or prefecture's own."""
    return own_area()


def served_areas() -> tuple[str, ...]:
    """Every division this mall has goods delivered to, its own first. One statement."""
    more = Shelf.objects.values_list("more_areas", flat=True).first()
    return (own_area(), *(more or ()))


def order_area(*, area: str) -> str:
    """The division an order is for; no statement for the mall's own. Raises AreaNotServed."""
    return own_area() if area in {"", own_area()} else checked_area(area=area, served=served_areas())


def cart_area(*, actor: Actor, unit_id: int | None) -> str:
    """The division that the clerk's cart is for; the mall's own for who has none. One statement."""
    if unit_id is None:
        return own_area()
    found = Cart.objects.filter(user_id=buyer_id(actor), unit_id=unit_id).values_list("area_code", flat=True).first()
    return found or own_area()


def shelf_choice() -> ShelfChoice | None:
    """The bureau's choice, or None when there is none yet. One statement."""
    row = Shelf.objects.first()
    if row is None:
        return None
    return ShelfChoice(
        frozenset(row.categories),
        frozenset(row.excluded_supplier_ids),
        row.chosen_at,
        row.chosen_by_name,
        row.version,
        tuple(row.more_areas or ()),
    )


_SHELF = """
SELECT s.categories::text, s.excluded_supplier_ids::text,
       (SELECT array_agg(a.supplier_id) FROM storefront_supplierapproval a WHERE a.is_approved AND p.is_on), p.is_on,
       s.more_areas::text
  FROM storefront_shelf s LEFT JOIN storefront_localapproval p ON true
"""


def shelf_view() -> ShelfView:
    """What the mall shows and where it delivers; an unchosen shelf shows nothing.

    One statement; one more, for the region's bound, where the mall approves suppliers itself.
    """
    with connections[TENANT_ALIAS].cursor() as cursor:
        cursor.execute(_SHELF)
        row = cursor.fetchone()
    if row is None:
        return ShelfView(frozenset(), frozenset(), delivery_area())
    categories, excluded, approved, is_on, more = row
    admitted = frozenset(approved or ()) if is_on and local_approval_allowed() else None
    return ShelfView(
        frozenset(json.loads(categories)),
        frozenset(json.loads(excluded)),
        delivery_area(),
        admitted,
        tuple(json.loads(more or "null") or ()),
    )


def cart_for(*, actor: Actor, unit_id: int) -> CartView:
    """The clerk's cart for the unit with the offers as they are now, where it is delivered; two statements.

    Raises NotFound when the actor is not a clerk of the unit.
    """
    require_clerk(actor=actor, unit_id=unit_id)
    lines = list(
        CartLine.objects.filter(cart__user_id=buyer_id(actor), cart__unit_id=unit_id)
        .select_related("cart")
        .order_by("added_at", "id")
    )
    area = lines[0].cart.area_code or own_area() if lines else cart_area(actor=actor, unit_id=unit_id)
    offers = library.offers(offer_ids=[line.offer_id for line in lines], area=area)
    grouped: dict[int, list[CartLineView]] = {}
    for line in lines:
        view = CartLineView(line.pk, line.offer_id, line.quantity, line.seen_price, offers.get(line.offer_id))
        grouped.setdefault(line.supplier_id, []).append(view)
    return CartView(unit_id, tuple(_supplier_cart(key, found) for key, found in grouped.items()), area)


def clerk_units(*, actor: Actor) -> dict[int, str]:
    """The units the actor may fill a cart for, with their names; at most one statement."""
    if not actor.has(Post.BUYER_CLERK):
        return {}
    return {unit.id: unit.name for unit in units_of(actor, Post.BUYER_CLERK)}


def unit_in_use(*, actor: Actor, units: Collection[int] | None = None, asked: int | None = None) -> int | None:
    """The unit to shop for: the one asked for, else the one last shopped for, else the first; None without units.

    `units` saves the statement that finds the clerk's units. Raises NotFound for a unit that is not the actor's.
    """
    if asked is not None:
        require_clerk(actor=actor, unit_id=asked)
        return asked
    if units is None:
        units = clerk_units(actor=actor)
    if len(units) < 2:
        return next(iter(units), None)
    last = (
        Cart.objects.filter(user_id=buyer_id(actor), unit_id__in=list(units))
        .order_by("-used_at")
        .values_list("unit_id", flat=True)
        .first()
    )
    return last if last is not None else min(units)


def cart_line_count(*, actor: Actor) -> int:
    """Lines in the clerk's carts over all units: the badge. One statement, none for others."""
    if not actor.has(Post.BUYER_CLERK):
        return 0
    return CartLine.objects.filter(cart__user_id=buyer_id(actor)).count()


def buyer_id(actor: Actor) -> int:
    """Whose cart; 0, which is nobody's, for the system and the public."""
    return actor.user_id or 0


def require_clerk(*, actor: Actor, unit_id: int) -> None:
    """Raises NotFound: a stranger is not told that the unit exists."""
    if unit_id in actor.units(Post.BUYER_CLERK):
        return
    # A post held without a unit reaches every unit of its organisation.
    if unit_id not in clerk_units(actor=actor):
        raise NotFound(unit_id=unit_id)


def _supplier_cart(supplier_id: int, lines: list[CartLineView]) -> SupplierCart:
    known: OfferView | None = next((line.offer for line in lines if line.offer), None)
    return SupplierCart(
        supplier_id,
        known.supplier_code if known else "",
        known.supplier_name if known else "",
        tuple(lines),
    )
