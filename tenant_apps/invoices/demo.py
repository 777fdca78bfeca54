"""The demonstration's invoices in 652301: one refused by the verification service, the right one verified after it."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from kernel.clock import local_date
from tenant_apps.invoices import services
from tenant_apps.invoices.models import Invoice
from tenant_apps.invoices.simulator import DIFFERS, SimulatedVerifier
from tenant_apps.orders.demo import READY_TENANT, demo_actor
from tenant_apps.orders.rules import OrderState
from tenant_apps.orders.selectors import orders_for
from tenants.database.context import region_as, tenant_selected

SELLER = "gys-kunlun-xs"
# The last two of twenty digits say what the simulated service answers.
NUMBER = "266523010000000000"


def load(now: datetime) -> None:
    """After the payments' demonstration; nothing is done where an invoice exists already."""
    with tenant_selected(READY_TENANT):
        if Invoice.objects.exists():
            return
        with region_as("yz_region"):
            seller = demo_actor(SELLER)
        with region_as("yz_mall"):
            # The oldest: the newest is the old mall's, which is overdue.
            for order in orders_for(actor=seller, state=OrderState.GOODS_ACCEPTED).orders[-1:]:
                buyer = services.buyer_of(organisation_id=order.organisation_id, unit_name=order.unit_name)
                for ending in (DIFFERS, "00"):
                    services.record_invoice(
                        actor=seller,
                        order_id=order.pk,
                        number=NUMBER + ending,
                        issued_on=local_date(now),
                        net=order.payable_amount,
                        tax=Decimal("0.00"),
                        seller_name=order.supplier_name,
                        seller_code=order.supplier_code,
                        buyer_name=buyer.name,
                        buyer_code=buyer.code,
                        now=now,
                    )
                    _verified(now)


def _verified(now: datetime) -> None:
    """The service's clock is ahead, so that it has its answer ready."""
    ahead = now + timedelta(minutes=1)
    services.verify_due(now=ahead, provider=SimulatedVerifier(clock=lambda: ahead))
