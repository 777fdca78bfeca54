"""Disputes made through the services; the caller has the tenant selected."""

from __future__ import annotations

from kernel.actor import Actor
from kernel.clock import utc_now
from kernel.posts import Post
from shared_apps.accounts.models import User
from tenant_apps.disputes import services
from tenant_apps.disputes.models import Dispute
from tenant_apps.orders.models import Order
from tenants.database.context import region_as
from tests.factories.orders import Shop
from tests.factories.people import actor_of, join, make_organisation, make_user


def mediator_user(tenant: str) -> User:
    """Somebody of the mall's own central purchasing body."""
    with region_as("yz_region"):
        user = make_user(name="测试癸")
        body = make_organisation("central_purchasing_body", f"C{tenant}M", "测试集中采购中心", tenant)
        join(user, body, [Post.CPB_OPERATOR])
    return user


def mediator(shop: Shop) -> Actor:
    return actor_of(mediator_user(shop.tenant), shop.tenant)


def dispute(shop: Shop, order: Order, *, by: Actor | None = None) -> Dispute:
    return services.open_dispute(actor=by or shop.clerk, order_id=order.pk, text="规格与约定不符", now=utc_now())


def in_mediation(shop: Shop, order: Order) -> tuple[Dispute, Actor]:
    opened, judge = dispute(shop, order), mediator(shop)
    return services.take_up(actor=judge, dispute_id=opened.pk, now=utc_now()), judge
