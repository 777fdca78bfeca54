"""The demonstration's disputes in 652301: one decided, after which the order went on; one that is being mediated."""

from __future__ import annotations

from datetime import datetime

from tenant_apps.disputes import services
from tenant_apps.disputes.models import Dispute
from tenant_apps.orders.demo import READY_TENANT, demo_actor
from tenant_apps.orders.dispute_rules import outcomes
from tenant_apps.orders.rules import OrderState
from tenant_apps.orders.selectors import orders_for
from tenants.database.context import region_as, tenant_selected

CLERK, SELLER, MEDIATOR = "cj-jingban", "gys-kunlun-xs", "cj-jicai"


def load(now: datetime) -> None:
    """After the orders' demonstration; nothing is done where a dispute exists already."""
    with tenant_selected(READY_TENANT):
        if Dispute.objects.exists():
            return
        with region_as("yz_region"):
            clerk, seller, mediator = (demo_actor(name) for name in (CLERK, SELLER, MEDIATOR))
        with region_as("yz_mall"):
            shipped = sorted(order.pk for order in orders_for(actor=clerk, state=OrderState.SHIPPED).orders)
            for order_id in shipped[:2]:
                dispute = services.open_dispute(
                    actor=clerk, order_id=order_id, text="到货的签字笔笔芯规格与订单不一致", now=now
                )
                services.state(
                    actor=seller, dispute_id=dispute.pk, text="外箱标签印刷有误，笔芯为订单所列规格", now=now
                )
                services.take_up(actor=mediator, dispute_id=dispute.pk, now=now)
                if order_id == shipped[0]:
                    goes_on, _ends = outcomes(OrderState.SHIPPED)
                    services.decide(
                        actor=mediator,
                        dispute_id=dispute.pk,
                        outcome=goes_on,
                        conclusion="经双方现场开箱核对，笔芯规格与订单一致，请采购单位继续验收",
                        now=now,
                    )
