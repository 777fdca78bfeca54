"""Choosing the shelf, and filling carts. Carts are drafts: only the shelf writes the journal."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import connections
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.posts import Post
from kernel.problems import Conflict, InvalidInput, NotFound, NotPermitted
from shared_apps.classification.selectors import catalogue
from shared_apps.products import selectors as library
from shared_apps.products.quantities import why_not
from shared_apps.products.read_models import OfferView
from shared_apps.products.shelf_bounds import local_approval_allowed
from shared_apps.suppliers.selectors import suppliers_by_id
from tenant_apps.journal.services import record
from tenant_apps.storefront.areas import check_areas, checked_area, own_area
from tenant_apps.storefront.models import Cart, CartLine, Shelf
from tenant_apps.storefront.read_models import ShelfChoice, TakenLine
from tenant_apps.storefront.selectors import buyer_id, cart_area, require_clerk, served_areas, shelf_view
from tenants.database.context import TENANT_ALIAS, tenant_atomic

SHELF_POSTS = frozenset({Post.TIER_SUPERVISOR, Post.CPB_OPERATOR})
# A cart is one person's work of a day; a limit on everything.
CART_LINES_MAX = 200


class OfferUnavailable(Conflict):
    """Off sale, or not delivered to this mall's area."""

    code = "offer-unavailable"
    title = _("This offer cannot be bought here now")


class CartFull(Conflict):
    code = "cart-full"
    title = _("The cart is full")


class ShelfChanged(Conflict):
    """Somebody else chose the shelf since the form was opened."""

    code = "shelf-changed"
    title = _("The shelf was changed by somebody else in the meantime")


def choose_shelf(
    *,
    actor: Actor,
    categories: Collection[str],
    excluded_supplier_ids: Collection[int],
    now: datetime,
    more_areas: Collection[str] = (),
    version: int | None = None,
) -> ShelfChoice:
    """Which shop categories the mall shows, whose offers it leaves out, where it delivers; one journal row.

    `version` is the shelf's version the chooser saw (0: none yet); None does not compare. Raises InvalidInput for
    categories and suppliers the region does not have and divisions outside of the bounds, ShelfChanged.
    """
    if not (actor.is_system or actor.posts & SHELF_POSTS):
        raise NotPermitted(action="choose_shelf")
    chosen, excluded = sorted(set(categories)), sorted(set(excluded_supplier_ids))
    areas = sorted(set(more_areas) - {own_area()})
    _check_choice(chosen, excluded)
    check_areas(areas)
    chooser = "" if actor.is_system else actor.name
    with tenant_atomic():
        shelf = Shelf.objects.select_for_update().first()
        before = shelf.version if shelf else 0
        if version is not None and version != before:
            raise ShelfChanged(seen=version, now=before)
        if shelf is None:
            shelf = Shelf(id=1)
        shelf.categories, shelf.excluded_supplier_ids, shelf.more_areas = chosen, excluded, areas
        shelf.chosen_at, shelf.chosen_by_id, shelf.chosen_by_name = now, actor.user_id, chooser
        shelf.version = before + 1
        shelf.save(force_insert=before == 0)
        record(
            actor=actor,
            event="storefront.shelf_chosen",
            object_type="shelf",
            object_id=1,
            facts={
                "categories": chosen,
                "excluded_suppliers": excluded,
                "more_areas": areas,
                "version": shelf.version,
            },
            now=now,
        )
    return ShelfChoice(frozenset(chosen), frozenset(excluded), now, chooser, shelf.version, tuple(areas))


def _check_choice(categories: list[str], excluded: list[int]) -> None:
    if not categories:
        raise InvalidInput(errors={"categories": [gettext("Choose at least one category.")]})
    unknown = set(categories) - {category.code for category in catalogue()}
    if unknown:
        raise InvalidInput(errors={"categories": [gettext("This category is not known.")]}, unknown=unknown)
    if excluded and (missing := set(excluded) - set(suppliers_by_id(ids=excluded))):
        raise InvalidInput(errors={"excluded_supplier_ids": [gettext("This supplier is not known.")]}, unknown=missing)


def add_to_cart(*, actor: Actor, unit_id: int, offer_id: int, quantity: int, now: datetime) -> CartLine:
    """Adds to the clerk's cart for the unit; an offer already there gains the quantity.

    Raises NotFound for an offer that the mall does not show, OfferUnavailable, CartFull, and InvalidInput for a
    quantity below the supplier's smallest or of no whole packs.
    """
    require_clerk(actor=actor, unit_id=unit_id)
    offer = _shown_offer(offer_id, cart_area(actor=actor, unit_id=unit_id))
    with tenant_atomic():
        cart = _cart(actor, unit_id, now)
        lines = {line.offer_id: line for line in CartLine.objects.filter(cart=cart)}
        line = lines.get(offer_id)
        if line is None and len(lines) >= CART_LINES_MAX:
            raise CartFull(lines=len(lines), most=CART_LINES_MAX)
        total = quantity + (line.quantity if line else 0)
        _check_quantity(offer, total)
        if line is None:
            line = CartLine(cart=cart, offer_id=offer_id, supplier_id=offer.supplier_id, added_at=now)
        line.quantity, line.seen_price = total, offer.price
        line.save()
    return line


def set_quantity(*, actor: Actor, unit_id: int, offer_id: int, quantity: int, now: datetime) -> CartLine:
    """The line's new quantity; the price is seen anew. Raises NotFound, OfferUnavailable, InvalidInput."""
    require_clerk(actor=actor, unit_id=unit_id)
    offer = _shown_offer(offer_id, cart_area(actor=actor, unit_id=unit_id))
    _check_quantity(offer, quantity)
    with tenant_atomic():
        cart = _cart(actor, unit_id, now)
        line = CartLine.objects.filter(cart=cart, offer_id=offer_id).first()
        if line is None:
            raise NotFound(offer_id=offer_id)
        line.quantity, line.seen_price = quantity, offer.price
        line.save(update_fields=["quantity", "seen_price"])
    return line


def remove_line(*, actor: Actor, unit_id: int, offer_id: int, now: datetime) -> None:
    """Takes the line out. Raises NotFound."""
    require_clerk(actor=actor, unit_id=unit_id)
    with tenant_atomic():
        removed, _per_model = CartLine.objects.filter(
            cart__user_id=buyer_id(actor), cart__unit_id=unit_id, offer_id=offer_id
        ).delete()
        if not removed:
            raise NotFound(offer_id=offer_id)


def use_unit(*, actor: Actor, unit_id: int, now: datetime) -> None:
    """The clerk shops for this unit from now on."""
    require_clerk(actor=actor, unit_id=unit_id)
    with tenant_atomic():
        _cart(actor, unit_id, now)


def deliver_to(*, actor: Actor, unit_id: int, area_code: str, now: datetime) -> None:
    """The division of the address that the clerk's cart is for from now on: its prices and freight are those there.

    Lines stay; what is not delivered there cannot be ordered until it is taken out. Raises AreaNotServed.
    """
    require_clerk(actor=actor, unit_id=unit_id)
    area = checked_area(area=area_code, served=served_areas())
    with tenant_atomic():
        cart = _cart(actor, unit_id, now)
        cart.area_code = "" if area == own_area() else area
        cart.save(update_fields=["area_code"])


# One statement, so that a submit stays within its number: whoever deletes a line has it, a second submit finds none.
_TAKE = """
DELETE FROM storefront_cartline AS line USING storefront_cart AS cart
 WHERE cart.id = line.cart_id AND cart.user_id = %s AND cart.unit_id = %s AND line.supplier_id = %s
RETURNING line.offer_id, line.quantity, line.seen_price, line.added_at, line.id, cart.area_code,
          coalesce((SELECT NOT excluded_supplier_ids @> to_jsonb(line.supplier_id) FROM storefront_shelf), false),
          coalesce((SELECT NOT p.is_on FROM storefront_localapproval p), true)
          OR EXISTS (SELECT 1 FROM storefront_supplierapproval a
                      WHERE a.supplier_id = line.supplier_id AND a.is_approved)
"""


def take_lines(*, actor: Actor, unit_id: int, supplier_id: int) -> tuple[TakenLine, ...]:
    """Hands the supplier's lines over to an order and deletes them; call inside the order's `tenant_atomic`.

    Of two submits of one cart the later one gets an empty tuple. `on_shelf` says whether the mall still shows the
    supplier, `area_code` the division the cart is for.
    """
    require_clerk(actor=actor, unit_id=unit_id)
    with connections[TENANT_ALIAS].cursor() as cursor:
        cursor.execute(_TAKE, [buyer_id(actor), unit_id, supplier_id])
        rows = sorted(cursor.fetchall(), key=lambda row: (row[3], row[4]))
    # Lines are all of one supplier; the region's bound is asked for only where the mall's own approval is missing.
    sold = all(row[7] for row in rows) or not local_approval_allowed()
    return tuple(TakenLine(row[0], row[1], row[2], row[6] and sold, row[5] or own_area()) for row in rows)


def _shown_offer(offer_id: int, area: str) -> OfferView:
    shelf = shelf_view()
    offer = library.offers(offer_ids=[offer_id], area=area).get(offer_id)
    if offer is None or offer.shop_category not in shelf.categories or not shelf.sells(offer.supplier_id):
        raise NotFound(offer_id=offer_id)
    if not offer.available:
        raise OfferUnavailable(product=offer.title, supplier=offer.supplier_name)
    return offer


def _check_quantity(offer: OfferView, quantity: int) -> None:
    if message := why_not(offer, quantity):
        lower, higher = offer.nearest_to(quantity)
        raise InvalidInput(
            errors={"quantity": [message]}, least=offer.least_orderable, pack=offer.pack_quantity, lower=lower,
            higher=higher,
        )  # fmt: skip


def _cart(actor: Actor, unit_id: int, now: datetime) -> Cart:
    """The cart, locked: two clicks of one clerk follow each other."""
    Cart.objects.bulk_create(
        [Cart(user_id=buyer_id(actor), unit_id=unit_id, used_at=now)],
        update_conflicts=True,
        unique_fields=["user_id", "unit_id"],
        update_fields=["used_at"],
    )
    return Cart.objects.select_for_update().get(user_id=buyer_id(actor), unit_id=unit_id)
