"""Flows of approval for a shop's unit, and the people they ask."""

from __future__ import annotations

from decimal import Decimal

from kernel.actor import SYSTEM, Actor
from kernel.clock import local_date, utc_now
from kernel.posts import Post
from tenant_apps.access import deputies
from tenant_apps.access.models import PostHolding
from tenant_apps.approvals import flows
from tenant_apps.approvals.models import ApprovalFlow
from tenant_apps.approvals.rules import Band, Flow, FlowStep, Stage
from tenant_apps.orders.models import Order
from tenant_apps.orders.services import approving
from tenants.database.context import region_as, tenant_selected
from tests.factories.orders import Shop
from tests.factories.people import actor_of

LAST = FlowStep("负责人审批", Post.BUYER_APPROVER)
MONEY = FlowStep("财务审核", Post.BUYER_PAYER)


def flow_of(*stages: Stage, above: str = "0") -> Flow:
    """These stages from `above` yuan on, a single approval below."""
    bands = [Band(Decimal(above), tuple(stages))]
    if Decimal(above) > 0:
        bands.insert(0, Band(Decimal(0), ((LAST,),)))
    return Flow(tuple(bands))


def set_flow(shop: Shop, flow: Flow, *, mall: bool = False) -> ApprovalFlow:
    with tenant_selected(shop.tenant), region_as("yz_mall"):
        return flows.set_flow(
            actor=SYSTEM, unit_id=None if mall else shop.unit_id, flow=flow, reason="测试流程", now=utc_now()
        )


def approver(shop: Shop, name: str) -> Actor:
    return actor_of(shop.hire(name, Post.BUYER_APPROVER), shop.tenant)


def shown(shop: Shop) -> tuple[dict[str, Order], dict[str, list[str]]]:
    """A flow with an order half through it and one sent back, somebody standing in; and the pages that show them."""
    set_flow(shop, flow_of((MONEY,), (LAST,), above="60.00"))
    payer, now = shop.actor(Post.BUYER_PAYER), utc_now()
    half, back = shop.submit(quantity=3), shop.submit(quantity=3)
    approving.approve(actor=payer, order_id=half.pk, comment="资金已落实", now=now)
    approving.send_back(actor=payer, order_id=back.pk, reason="请补充收货联系人", now=now)
    own = PostHolding.objects.get(user_id=shop.approver.user_id, post=Post.BUYER_APPROVER)
    deputies.lend(
        actor=shop.approver, holding_id=own.pk, to_user_id=shop.people[Post.BUYER_ACCEPTOR].pk,
        last_day=local_date(now), now=now,
    )  # fmt: skip
    unit = f"?unit_id={shop.unit_id}"
    return {"half": half, "back": back}, {
        "approvals:flows": ["/bureau/approvals/", f"/bureau/approvals/{unit}"],
        "approvals:flow": [f"/bureau/approvals/flow/{unit}"],
        "orders:send_back": [f"/orders/{half.pk}/send-back/"],
        "orders:resubmit": [f"/orders/{back.pk}/resubmit/"],
    }
