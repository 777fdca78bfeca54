"""The online supermarket: the cart lines of one supplier become one order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.problems import Conflict
from shared_apps.rulebook.rules import ONLINE_SUPERMARKET
from tenant_apps.bargains.selectors import agreement_for
from tenant_apps.orders.services import placing
from tenant_apps.orders.services.judging import Judgement, PurchaseRequest, Wanted
from tenant_apps.orders.services.refusals import refusal_kept
from tenant_apps.storefront.selectors import order_area, shelf_view
from tenant_apps.storefront.services import take_lines
from tenant_apps.supermarket.papers import take_over
from tenants.database.context import tenant_atomic

if TYPE_CHECKING:
    from tenant_apps.orders.models import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """What the clerk fills in at the checkout of one supplier. `funding` is (budget line, amount) in order of use."""

    unit_id: int
    supplier_id: int
    mode: str
    funding: tuple[tuple[int, Decimal], ...]
    delivery_address: str
    contact_name: str
    contact_phone: str
    choice_reason: str = ""
    compared: tuple[int, ...] = ()
    note: str = ""
    # The division of the address; empty: the mall's own. The cart has to be for the same.
    area_code: str = ""
    # In mode `bargain`: the goods and their prices are those agreed there, and the cart is left alone.
    bargain_id: int | None = None
    # Keys of the papers beside the checkout that go with the order.
    papers: tuple[str, ...] = ()


class CartForAnotherArea(Conflict):
    """The cart was put together for another division than the order names: its prices and freight are other ones."""

    code = "cart-for-another-area"
    title = _("The cart is for another delivery area")


class SupplierNotOnShelf(Conflict):
    """The bureau took the supplier off this mall's shelf after the cart was filled."""

    code = "supplier-not-on-shelf"
    title = _("This mall no longer shows the supplier's offers")


class BargainOrdered(Conflict):
    """Another order was made of the agreement, and was not given up."""

    code = "bargain-ordered"
    title = _("An order was made of this bargain already")


def submit_cart(*, actor: Actor, checkout: Checkout, now: datetime) -> Order:
    """Send the supplier's cart lines, or what was agreed with it, for approval as one order.

    A refusal leaves the cart as it was. Raises SupplierNotOnShelf, CartForAnotherArea, AreaNotServed, BargainNotGood,
    BargainOrdered, PapersChanged and whatever `orders.services.placing.submit` refuses.
    """
    if not checkout.papers:
        return _submit(actor, checkout, now)
    with refusal_kept(), tenant_atomic(savepoint=False):
        order = _submit(actor, checkout, now)
        take_over(actor=actor, order=order, keys=checkout.papers, now=now)
    return order


def _submit(actor: Actor, checkout: Checkout, now: datetime) -> Order:
    request = as_request(checkout)

    def take() -> Sequence[Wanted]:
        taken = take_lines(actor=actor, unit_id=checkout.unit_id, supplier_id=checkout.supplier_id)
        if not all(line.on_shelf for line in taken):
            raise SupplierNotOnShelf(supplier_id=checkout.supplier_id)
        if any(line.area_code != request.area_code for line in taken):
            raise CartForAnotherArea(asked=request.area_code, cart=taken[0].area_code)
        return [Wanted(line.offer_id, line.quantity) for line in taken]

    def take_agreed() -> Sequence[Wanted]:
        if not shelf_view().sells(checkout.supplier_id):
            raise SupplierNotOnShelf(supplier_id=checkout.supplier_id)
        return agreed_goods(actor=actor, checkout=checkout, area_code=request.area_code, now=now, lock=True)

    if checkout.bargain_id is None:
        return placing.submit(actor=actor, request=request, take=take, now=now)
    try:
        return placing.submit(actor=actor, request=request, take=take_agreed, now=now)
    except IntegrityError as error:
        if "order_once_of_a_bargain" in str(error):
            raise BargainOrdered(bargain_id=checkout.bargain_id) from error
        raise


def agreed_goods(
    *, actor: Actor, checkout: Checkout, area_code: str, now: datetime, lock: bool = False
) -> list[Wanted]:
    """What the checkout's bargain agreed. Raises NotFound for strangers, BargainNotGood, CartForAnotherArea."""
    agreement = agreement_for(
        actor=actor,
        bargain_id=checkout.bargain_id or 0,
        unit_id=checkout.unit_id,
        supplier_id=checkout.supplier_id,
        now=now,
        lock=lock,
    )
    if agreement.area_code != area_code:
        raise CartForAnotherArea(asked=area_code, cart=agreement.area_code)
    return [Wanted(line.offer_id, line.quantity, line.price) for line in agreement.goods]


def preview_cart(*, actor: Actor, checkout: Checkout, wanted: Sequence[Wanted], now: datetime) -> Judgement:
    """What would be decided if the cart were sent now. Writes nothing."""
    return placing.preview(actor=actor, request=as_request(checkout), wanted=wanted, now=now)


def as_request(checkout: Checkout) -> PurchaseRequest:
    """The checkout as any module's purchase: this one buys in the supermarket, for a division that the mall serves."""
    return PurchaseRequest(
        module=ONLINE_SUPERMARKET,
        unit_id=checkout.unit_id,
        supplier_id=checkout.supplier_id,
        mode=checkout.mode,
        funding=checkout.funding,
        delivery_address=checkout.delivery_address,
        contact_name=checkout.contact_name,
        contact_phone=checkout.contact_phone,
        area_code=order_area(area=checkout.area_code),
        choice_reason=checkout.choice_reason,
        compared=checkout.compared,
        note=checkout.note,
        bargain_id=checkout.bargain_id,
    )
