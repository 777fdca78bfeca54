"""The practice partner: a system actor that plays the supplier and the posts the trainee does not hold.

It goes through the same services as everybody, with a number of its own for each post.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from kernel.actor import Actor, Belonging, HeldPost
from kernel.clock import fiscal_year
from kernel.posts import Post
from kernel.problems import Conflict
from shared_apps.products.read_models import OfferView
from shared_apps.products.selectors import popular, product_pages
from shared_apps.rulebook.rules import ONLINE_SUPERMARKET
from tenant_apps.budgets.rules import UnitView
from tenant_apps.budgets.selectors import open_lines
from tenant_apps.orders.for_practice import PracticeOrder
from tenant_apps.orders.rules import PurchaseMode, order_amounts
from tenant_apps.orders.services import approving, fulfilment, placing
from tenant_apps.orders.services.judging import PurchaseRequest, Wanted
from tenant_apps.payments.services import request_payment
from tenant_apps.practice.rules import PARTNER_IDS, POST_OF_STEP, PartnerStep
from tenant_apps.storefront.selectors import delivery_area, shelf_view
from tenants.database.context import current_tenant

# Plainly no account of anybody.
PRACTICE_BANK, PRACTICE_ACCOUNT = "演练银行", "9000000000000000"
PRACTICE_ADDRESS, PRACTICE_CONTACT, PRACTICE_PHONE = "演练路1号（演练地址）", "演练搭档", "0990-0000000"
DEAREST = Decimal(2000)


class NothingToPractiseWith(Conflict):
    """The library has no product that a practice order could be made of."""

    code = "nothing-to-practise-with"


def partner(*, post: Post, organisation_id: int, unit_id: int | None) -> Actor:
    """The partner in one post of one unit or supplier."""
    name = _("Practice partner (%(post)s)") % {"post": str(post.label)}
    kind, home = ("supplier", None) if unit_id is None else ("budget_unit", current_tenant().code)
    # Named after practice, not after the organisation it stands in for: histories tell them apart.
    belongs = (Belonging(organisation_id, _("Practice"), kind, "", home),)
    held = (HeldPost(post, organisation_id, unit_id),)
    return Actor(PARTNER_IDS[post], name, current_tenant().code, belongs, held)


def known_offer() -> OfferView:
    """The offer that exercises use: of the products bought most, the first that can be bought here for little.

    Raises NothingToPractiseWith.
    """
    shelf = shelf_view()
    codes = [item.code for item in popular(shelf=shelf, count=12) if item.price <= DEAREST]
    for page in product_pages(codes=codes, shelf=shelf) if codes else ():
        for offer in page.offers:
            if offer.available and offer.supplier_organisation_id is not None:
                return offer
    raise NothingToPractiseWith


def submit(*, unit: UnitView, now: datetime) -> int:
    """As clerk: one order of the known product, waiting for the unit's approver; returns its id."""
    offer = known_offer()
    wanted = [Wanted(offer.offer_id, max(2, offer.min_quantity))]
    total = order_amounts([(offer.price, wanted[0].quantity, offer.freight)]).total
    lines = open_lines(unit_id=unit.id, fiscal_year=fiscal_year(now))
    line = max(lines, key=lambda one: (one.plan_filed, one.available))
    request = PurchaseRequest(
        module=ONLINE_SUPERMARKET,
        unit_id=unit.id,
        supplier_id=offer.supplier_id,
        mode=PurchaseMode.DIRECT,
        funding=((line.id, total),),
        delivery_address=PRACTICE_ADDRESS,
        contact_name=PRACTICE_CONTACT,
        contact_phone=PRACTICE_PHONE,
        area_code=delivery_area(),
    )
    actor = partner(post=Post.BUYER_CLERK, organisation_id=unit.organisation_id, unit_id=unit.id)
    return int(placing.submit(actor=actor, request=request, take=lambda: wanted, now=now).pk)


def take(*, step: PartnerStep, order: PracticeOrder, now: datetime) -> None:
    """One step of an order, by the ordinary service. Raises what it raises."""
    post = POST_OF_STEP[step]
    if post == Post.SUPPLIER_SALES:
        actor = partner(post=post, organisation_id=order.supplier_organisation_id, unit_id=None)
    else:
        actor = partner(post=post, organisation_id=order.organisation_id, unit_id=order.unit_id)
    _STEPS[step](actor, order.id, now)


def _pay(actor: Actor, order_id: int, now: datetime) -> object:
    return request_payment(
        actor=actor, order_id=order_id, payee_bank=PRACTICE_BANK, payee_account=PRACTICE_ACCOUNT, now=now
    )


_STEPS: dict[PartnerStep, Callable[[Actor, int, datetime], object]] = {
    PartnerStep.APPROVE: lambda actor, order, now: approving.approve(actor=actor, order_id=order, now=now),
    PartnerStep.ACCEPT: lambda actor, order, now: fulfilment.accept(actor=actor, order_id=order, now=now),
    PartnerStep.SHIP: lambda actor, order, now: fulfilment.ship(
        actor=actor, order_id=order, carrier="演练物流", waybill=f"YL{order:08d}", now=now
    ),
    PartnerStep.ACCEPT_GOODS: lambda actor, order, now: fulfilment.accept_goods(
        actor=actor, order_id=order, technical_met=True, service_met=True, safety_met=True, now=now
    ),
    PartnerStep.RETURN_GOODS: lambda actor, order, now: fulfilment.return_goods(actor=actor, order_id=order, now=now),
    PartnerStep.PAY: _pay,
}
