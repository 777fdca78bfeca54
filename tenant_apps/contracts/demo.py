"""The demonstration's contract in 652301: of the order its supplier has accepted, offered for both to sign."""

from __future__ import annotations

from datetime import datetime

from tenant_apps.contracts.models import Contract
from tenant_apps.contracts.services import drafting
from tenant_apps.orders.demo import READY_TENANT, demo_actor
from tenant_apps.orders.rules import OrderState
from tenant_apps.orders.selectors import orders_for
from tenants.database.context import region_as, tenant_selected

CLERK = "cj-jingban"


def load(now: datetime) -> None:
    """After the orders' demonstration; nothing is done where a contract exists already."""
    with tenant_selected(READY_TENANT):
        if Contract.objects.exists():
            return
        with region_as("yz_region"):
            clerk = demo_actor(CLERK)
        with region_as("yz_mall"):
            for order in orders_for(actor=clerk, state=OrderState.ACCEPTED).orders[:1]:
                row = drafting.draft_contract(actor=clerk, order_id=order.pk, now=now)
                drafting.offer(actor=clerk, version_id=row.pk, now=now)
