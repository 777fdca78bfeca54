"""A clerk hands a unit's cart over to another clerk of the unit: whoever has it goes on with it alone."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.posts import Post
from kernel.problems import Conflict, NotFound
from shared_apps.products.rules import QUANTITY_MAX
from tenant_apps.access.selectors import holders
from tenant_apps.journal.services import record
from tenant_apps.storefront.models import Cart, CartLine
from tenant_apps.storefront.read_models import fingerprint
from tenant_apps.storefront.selectors import buyer_id, require_clerk
from tenant_apps.storefront.services import CART_LINES_MAX, CartFull
from tenants.database.context import tenant_atomic


class CartChanged(Conflict):
    """Something was put in or taken out since the page was read."""

    code = "cart-changed"
    title = _("The cart has changed in the meantime")


class NothingToHandOver(Conflict):
    code = "nothing-to-hand-over"
    title = _("The cart is empty")


class OtherArea(Conflict):
    """The colleague's cart is put together for another division: its prices and freight are other ones."""

    code = "colleague-has-another-area"
    title = _("The colleague's cart is for another delivery area")


def colleagues_of(*, actor: Actor, unit_id: int) -> dict[int, str]:
    """The unit's other clerks, by their id. One statement."""
    rows = holders(unit_id=unit_id, post=Post.BUYER_CLERK)
    return {row.user_id: row.name for row in rows if row.user_id is not None and row.user_id != actor.user_id}


def hand_over(*, actor: Actor, unit_id: int, to_user_id: int, now: datetime, seen: str = "") -> int:
    """All lines of the clerk's cart for the unit go to a colleague's; returns how many.

    What the colleague has already gains the quantity. Raises NotFound for who is no other clerk of the unit,
    CartChanged, NothingToHandOver, OtherArea, CartFull.
    """
    require_clerk(actor=actor, unit_id=unit_id)
    if to_user_id not in colleagues_of(actor=actor, unit_id=unit_id):
        raise NotFound(to_user_id=to_user_id)
    with tenant_atomic():
        mine, theirs = _both(buyer_id(actor), to_user_id, unit_id, now)
        lines = list(CartLine.objects.filter(cart=mine).order_by("added_at", "id"))
        if seen and seen != fingerprint((line.offer_id, line.quantity) for line in lines):
            raise CartChanged
        if not lines:
            raise NothingToHandOver
        there = {line.offer_id: line for line in CartLine.objects.filter(cart=theirs)}
        if there and theirs.area_code != mine.area_code:
            raise OtherArea
        merged = [line for line in lines if line.offer_id in there]
        if len(there) + len(lines) - len(merged) > CART_LINES_MAX:
            raise CartFull(lines=len(there), most=CART_LINES_MAX)
        for line in merged:
            there[line.offer_id].quantity = min(there[line.offer_id].quantity + line.quantity, QUANTITY_MAX)
        CartLine.objects.bulk_update([there[line.offer_id] for line in merged], ["quantity"])
        CartLine.objects.filter(pk__in=[line.pk for line in merged]).delete()
        CartLine.objects.filter(cart=mine).update(cart=theirs)
        if theirs.area_code != mine.area_code:
            Cart.objects.filter(pk=theirs.pk).update(area_code=mine.area_code)
        record(
            actor=actor,
            event="storefront.cart_handed_over",
            object_type="cart",
            object_id=theirs.pk,
            facts={"unit_id": unit_id, "to_user_id": to_user_id, "lines": len(lines)},
            now=now,
        )
    return len(lines)


def _both(giver: int, taker: int, unit_id: int, now: datetime) -> tuple[Cart, Cart]:
    """The two carts, locked in the order of their ids: two clerks who hand over to each other do not block."""
    people = [Cart(user_id=user_id, unit_id=unit_id, used_at=now) for user_id in sorted((giver, taker))]
    Cart.objects.bulk_create(people, ignore_conflicts=True)
    rows = Cart.objects.select_for_update().filter(unit_id=unit_id, user_id__in=(giver, taker)).order_by("pk")
    carts = {cart.user_id: cart for cart in rows}
    return carts[giver], carts[taker]
