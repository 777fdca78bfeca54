"""What a checkout is about: the cart's lines of one supplier, or what was agreed with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from kernel.actor import Actor
from shared_apps.products import selectors as library
from tenant_apps.bargains.selectors import agreement_for
from tenant_apps.orders.services.judging import Wanted
from tenant_apps.storefront.read_models import CartLineView, SupplierCart
from tenant_apps.storefront.selectors import cart_for


@dataclass(frozen=True, slots=True)
class Goods:
    """The goods in the cart's shape; those of a bargain at the agreed prices."""

    cart: SupplierCart
    wanted: tuple[Wanted, ...]
    area_code: str
    bargain_id: int | None = None
    bargain_number: str = ""

    @property
    def seen(self) -> tuple[Wanted, ...]:
        """`wanted` with the cart's offers as just read, for what is shown beside them on the same page."""
        if self.bargain_id is not None:
            # The agreed price stands in these: the rules want the library's.
            return self.wanted
        return tuple(Wanted(line.offer_id, line.quantity, seen=line.offer) for line in self.cart.lines if line.offer)


def goods_of(*, actor: Actor, unit_id: int, supplier_id: int, bargain_id: int | None, now: datetime) -> Goods | None:
    """What the unit's clerk would order from the supplier; None without goods. At most two statements.

    Raises NotFound for strangers, BargainNotGood for a bargain that no order can be made of.
    """
    if bargain_id is None:
        whole = cart_for(actor=actor, unit_id=unit_id)
        cart = whole.of_supplier(supplier_id)
        if cart is None:
            return None
        wanted = tuple(Wanted(line.offer_id, line.quantity) for line in cart.lines if line.offer)
        return Goods(cart, wanted, whole.area_code)
    agreement = agreement_for(actor=actor, bargain_id=bargain_id, unit_id=unit_id, supplier_id=supplier_id, now=now)
    offers = library.offers(offer_ids=[line.offer_id for line in agreement.goods], area=agreement.area_code)
    lines = tuple(
        CartLineView(
            line.offer_id,
            line.offer_id,
            line.quantity,
            line.price,
            replace(offers[line.offer_id], price=line.price) if line.offer_id in offers else None,
        )
        for line in agreement.goods
    )
    known = next((line.offer for line in lines if line.offer), None)
    cart = SupplierCart(supplier_id, known.supplier_code if known else "", known.supplier_name if known else "", lines)
    wanted = tuple(Wanted(line.offer_id, line.quantity, line.price) for line in agreement.goods)
    return Goods(cart, wanted, agreement.area_code, agreement.bargain_id, agreement.number)
