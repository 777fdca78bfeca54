"""The demonstration's orders in 652301: one in each state a newcomer should see, made by its people, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from django.contrib.auth import get_user_model

from kernel.actor import Actor
from kernel.clock import fiscal_year
from kernel.money import ZERO
from shared_apps.accounts.selectors import visitor_of
from shared_apps.products.read_models import OfferView
from shared_apps.products.selectors import product_pages
from shared_apps.rulebook.rules import ONLINE_SUPERMARKET
from tenant_apps.access.selectors import held_posts, holdings_of
from tenant_apps.budgets.selectors import open_lines
from tenant_apps.orders.models import Order
from tenant_apps.orders.rules import PurchaseMode, order_amounts
from tenant_apps.orders.services import approving, fulfilment, placing
from tenant_apps.orders.services.judging import PurchaseRequest, Wanted
from tenant_apps.orders.services.refusals import RuleRefused
from tenant_apps.policies.selectors import module_open
from tenant_apps.storefront.selectors import delivery_area, shelf_view
from tenants.database.context import region_as, tenant_selected

READY_TENANT = "652301"
# The first supplier of the demonstration: the one with sales staff of its own.
SUPPLIER_CODE = "91650102DEM000014J"
PAPER, BOOK, PENS, THICK = "P01007", "P01003", "P02002", "P01019"
PEOPLE = ("cj-jingban", "cj-shenpi", "cj-yanshou", "cj-zhifu", "gys-kunlun-xs")


def load(now: datetime) -> None:
    """Nothing is done where the supermarket is closed or an order exists already."""
    with tenant_selected(READY_TENANT):
        if Order.objects.exists() or not module_open(ONLINE_SUPERMARKET):
            return
        with region_as("yz_region"):
            actors = {name: demo_actor(name) for name in PEOPLE}
        with region_as("yz_mall"):
            _story(actors, now)


def demo_actor(username: str) -> Actor:
    """A person of the demonstration as a request of theirs in the mall would carry them."""
    user = get_user_model().objects.get(username=username)
    visitor = visitor_of(user=user, tenant=READY_TENANT)
    posts = held_posts(holdings_of(user_id=user.pk, seats=visitor.seats))
    return replace(visitor.actor, held=tuple(dict.fromkeys(visitor.actor.held + posts)))


def _story(actors: dict[str, Actor], now: datetime) -> None:
    clerk, approver, acceptor, _payer, seller = (actors[name] for name in PEOPLE)
    unit_id = min(held.unit_id for held in clerk.held if held.unit_id is not None)
    offers = demo_offers()

    def submitted(lines: Sequence[tuple[str, int]], note: str = "") -> Order:
        wanted = [Wanted(offers[code].offer_id, quantity) for code, quantity in lines]
        total = order_amounts([(offers[code].price, quantity, offers[code].freight) for code, quantity in lines]).total
        return placing.submit(
            actor=clerk, request=_request(unit_id, offers[lines[0][0]], total, now, note), take=lambda: wanted, now=now
        )

    def placed(lines: Sequence[tuple[str, int]]) -> Order:
        order = submitted(lines)
        return approving.approve(actor=approver, order_id=order.pk, now=now)

    def shipped(lines: Sequence[tuple[str, int]]) -> Order:
        order = placed(lines)
        fulfilment.accept(actor=seller, order_id=order.pk, now=now)
        return fulfilment.ship(
            actor=seller, order_id=order.pk, carrier="演示物流", waybill=f"YS{order.pk:08d}", now=now
        )

    def received(order: Order) -> None:
        fulfilment.accept_goods(
            actor=acceptor, order_id=order.pk, technical_met=True, service_met=True, safety_met=True, now=now
        )

    submitted([(PAPER, 20), (PENS, 5)], "请送到行政楼二层")
    rejected = submitted([(THICK, 200)])
    approving.reject(actor=approver, order_id=rejected.pk, reason="数量超出本月计划，请核减后重报", now=now)
    placed([(BOOK, 12)])
    for quantity in (30, 60):  # the contracts' demonstration: one to sign, one signed
        accepted = placed([(PAPER, quantity)])
        fulfilment.accept(actor=seller, order_id=accepted.pk, now=now)
    # Two of them for the disputes' demonstration: one decided, one that waits.
    for _number in range(3):
        shipped([(PENS, 24), (PAPER, 10)])
    # Three for the payments' demonstration: closed, paid, refused; one for the invoices'.
    for _number in range(4):
        received(shipped([(PENS, 24), (PAPER, 10)]))
    _refused(clerk, unit_id, offers[BOOK], now)


def _refused(clerk: Actor, unit_id: int, offer: OfferView, now: datetime) -> None:
    """A submission over the limit: nothing is ordered, and every rule's answer is kept."""
    quantity = int(Decimal(300_000) / offer.price) + 1
    total = order_amounts([(offer.price, quantity, offer.freight)]).total
    try:
        placing.submit(
            actor=clerk,
            request=_request(unit_id, offer, total, now),
            take=lambda: [Wanted(offer.offer_id, quantity)],
            now=now,
        )
    except RuleRefused:
        return
    raise RuntimeError("the demonstration's large purchase was not refused")


def demo_offers(supplier_code: str = SUPPLIER_CODE) -> dict[str, OfferView]:
    """One supplier's offers by product; where none is named, of the one with sales staff."""
    pages = product_pages(codes=(PAPER, BOOK, PENS, THICK), shelf=shelf_view())
    return {page.code: offer for page in pages for offer in page.offers if offer.supplier_code == supplier_code}


def _request(unit_id: int, offer: OfferView, total: Decimal, now: datetime, note: str = "") -> PurchaseRequest:
    """Paid from the unit's filed budget lines, the fullest first."""
    lines = sorted(
        (line for line in open_lines(unit_id=unit_id, fiscal_year=fiscal_year(now)) if line.plan_filed),
        key=lambda line: (-line.available, line.id),
    )
    funding: list[tuple[int, Decimal]] = []
    left = total
    for line in lines:
        part = min(left, line.available)
        if part > ZERO:
            funding.append((line.id, part))
            left -= part
    if left > ZERO and funding:
        # More than the unit has: the rules speak before the budget does.
        funding[0] = (funding[0][0], funding[0][1] + left)
    return PurchaseRequest(
        module=ONLINE_SUPERMARKET,
        unit_id=unit_id,
        supplier_id=offer.supplier_id,
        mode=PurchaseMode.DIRECT,
        funding=tuple(funding),
        delivery_address="昌吉市演示路100号",
        contact_name="景经办（演示）",
        contact_phone="0994-0000000",
        area_code=delivery_area(),
        note=note,
    )
