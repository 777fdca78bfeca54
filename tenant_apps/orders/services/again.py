"""An order that came to nothing goes back into its clerk's cart: what can still be bought, at today's prices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kernel.actor import Actor
from kernel.posts import Post
from kernel.problems import InvalidInput, NotFound
from tenant_apps.orders.models import Order
from tenant_apps.orders.permissions import holds, visible_to
from tenant_apps.orders.rules import OrderState
from tenant_apps.storefront.selectors import require_clerk
from tenant_apps.storefront.services import CartFull, OfferUnavailable, add_to_cart

# Ended without delivery: there is something to be ordered anew.
COMES_TO_NOTHING = frozenset(
    {
        OrderState.REJECTED,
        OrderState.WITHDRAWN,
        OrderState.DECLINED,
        OrderState.EXPIRED,
        OrderState.CANCELLED,
        OrderState.TERMINATED,
    }
)
# A cart takes one offer after the other, each with its own statements: more lines are ordered by hand.
LINES_MAX = 50


def may_order_again(*, actor: Actor, order: Order) -> bool:
    """Whether the order page offers it."""
    return order.state in COMES_TO_NOTHING and holds(actor=actor, post=Post.BUYER_CLERK, order=order)


@dataclass(frozen=True, slots=True)
class BackInCart:
    """The order, how many of its lines are in the cart again, and the titles of those that cannot be bought now."""

    order: Order
    unit_id: int
    added: int
    missing: Sequence[str]


def order_again(*, actor: Actor, order_id: int, now: datetime) -> BackInCart:
    """Each line goes by itself: what the mall no longer shows is left out and named. The old order stays as it is.

    Raises NotFound for strangers, for those who are no clerk of the unit and for orders that are not over.
    """
    order = Order.objects.filter(visible_to(actor), pk=order_id, state__in=COMES_TO_NOTHING).first()
    if order is None:
        raise NotFound(order_id=order_id)
    require_clerk(actor=actor, unit_id=order.unit_id)
    missing: list[str] = []
    lines = list(order.lines.order_by("position")[:LINES_MAX])
    for line in lines:
        try:
            add_to_cart(actor=actor, unit_id=order.unit_id, offer_id=line.offer_id, quantity=line.quantity, now=now)
        except (NotFound, OfferUnavailable, InvalidInput, CartFull):
            missing.append(line.title)
    return BackInCart(order, order.unit_id, len(lines) - len(missing), missing)
