"""The demonstration's ratings in 652301: both sides of the closed order, the supplier's of one that was paid late."""

from __future__ import annotations

from datetime import datetime

from tenant_apps.evaluations.models import Evaluation
from tenant_apps.evaluations.services import evaluate
from tenant_apps.orders.demo import READY_TENANT, demo_actor
from tenant_apps.orders.rules import OrderState
from tenant_apps.orders.selectors import orders_for
from tenants.database.context import region_as, tenant_selected

CLERK, SELLER = "cj-jingban", "gys-kunlun-xs"


def load(now: datetime) -> None:
    """After the payments' demonstration; nothing is done where a rating exists already."""
    with tenant_selected(READY_TENANT):
        if Evaluation.objects.exists():
            return
        with region_as("yz_region"):
            clerk, seller = demo_actor(CLERK), demo_actor(SELLER)
        with region_as("yz_mall"):
            for order in orders_for(actor=clerk, state=OrderState.CLOSED).orders[:1]:
                evaluate(actor=clerk, order_id=order.pk, marks=(5, 4, 5), comment="按期到货，包装完好", now=now)
                evaluate(actor=seller, order_id=order.pk, marks=(5, 5, 5), comment="验收及时", now=now)
            for order in orders_for(actor=clerk, state=OrderState.PAID).orders[:1]:
                evaluate(actor=seller, order_id=order.pk, marks=(4, 2, 5), comment="付款已逾期", now=now)
