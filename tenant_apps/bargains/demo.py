"""The demonstration's bargains in 652301: one agreed, one that waits for its clerk, one that waits for the supplier."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from kernel.actor import Actor
from kernel.money import round_half_up
from shared_apps.products.read_models import OfferView
from shared_apps.rulebook.rules import ONLINE_SUPERMARKET
from tenant_apps.bargains import services
from tenant_apps.bargains.models import Bargain
from tenant_apps.orders.demo import PAPER, PENS, READY_TENANT, demo_actor, demo_offers
from tenant_apps.policies.selectors import module_open
from tenant_apps.storefront.services import add_to_cart
from tenants.database.context import region_as, tenant_selected

SCHOOL_CLERK, HEALTH_CLERK, SELLER = "cj-jingban", "cj-wj-jingban", "gys-kunlun-xs"
# The clerk bargains with this one now, and is free to begin with the other.
OTHER_CODE, OTHER_SELLER = "91650104DEM000022A", "gys-tianshan"


def load(now: datetime) -> None:
    """After the orders' demonstration; nothing is done where a bargain exists already or the supermarket is closed."""
    with tenant_selected(READY_TENANT):
        if Bargain.objects.exists() or not module_open(ONLINE_SUPERMARKET):
            return
        with region_as("yz_region"):
            school, health = demo_actor(SCHOOL_CLERK), demo_actor(HEALTH_CLERK)
            seller, other = demo_actor(SELLER), demo_actor(OTHER_SELLER)
        with region_as("yz_mall"):
            offers, of_other = demo_offers(), demo_offers(OTHER_CODE)
            agreed = _asked(school, {PENS: 120}, offers, "0.92", "全年用量一次采购（演示）", now)
            services.accept(actor=seller, bargain_id=agreed.pk, now=now)
            goods = dict(zip(of_other, (200, 60), strict=False))
            talked = _asked(school, goods, of_other, "0.90", "量大，请给优惠（演示）", now)
            services.counter(
                actor=other,
                bargain_id=talked.pk,
                prices=_prices(goods, of_other, "0.96"),
                note="纸张成本上涨，最多优惠百分之四（演示）",
                now=now,
            )
            _asked(health, {PAPER: 150}, offers, "0.93", "请按批量供货价报（演示）", now)


def _asked(
    clerk: Actor, goods: Mapping[str, int], offers: Mapping[str, OfferView], part: str, note: str, now: datetime
) -> Bargain:
    """The clerk of one unit puts the goods into the cart and asks for `part` of their prices."""
    unit_id = min(held.unit_id for held in clerk.held if held.unit_id is not None)
    for code, quantity in goods.items():
        add_to_cart(actor=clerk, unit_id=unit_id, offer_id=offers[code].offer_id, quantity=quantity, now=now)
    return services.propose(
        actor=clerk,
        unit_id=unit_id,
        supplier_id=next(offers[code].supplier_id for code in goods),
        prices=_prices(goods, offers, part),
        note=note,
        now=now,
    )


def _prices(goods: Iterable[str], offers: Mapping[str, OfferView], part: str) -> dict[int, Decimal]:
    return {offers[code].offer_id: round_half_up(offers[code].price * Decimal(part)) for code in goods}
