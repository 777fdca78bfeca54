"""The demonstration's payments in 652301: one order closed, one paid, one refused by the treasury; of the two that came
from an old mall the last is paid, late. The others are left.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from tenant_apps.orders.demo import READY_TENANT, demo_actor
from tenant_apps.orders.rules import OrderState
from tenant_apps.orders.selectors import orders_for
from tenant_apps.orders.services import ending
from tenant_apps.payments import services
from tenant_apps.payments.models import PaymentInstruction
from tenant_apps.payments.rules import POLL_EVERY
from tenant_apps.payments.simulator import SimulatedTreasury
from tenants.database.context import region_as, tenant_selected

BANK = "演示银行昌吉分行"
GOOD_ACCOUNT, WRONG_ACCOUNT = "6523010000008800", "6523010000008801"
CLERK, PAYER = "cj-jingban", "cj-zhifu"


def load(now: datetime) -> None:
    """After the orders' demonstration; nothing is done where a payment exists already."""
    with tenant_selected(READY_TENANT):
        if PaymentInstruction.objects.exists():
            return
        with region_as("yz_region"):
            clerk, payer = demo_actor(CLERK), demo_actor(PAYER)
        with region_as("yz_mall"):
            waiting = sorted(order.pk for order in orders_for(actor=payer, state=OrderState.GOODS_ACCEPTED).orders)
            chosen = list(zip(waiting[1:], (GOOD_ACCOUNT, GOOD_ACCOUNT, WRONG_ACCOUNT), strict=False))
            if len(waiting) > len(chosen) + 1:
                chosen.append((waiting[-1], GOOD_ACCOUNT))
            for order_id, account in chosen:
                services.request_payment(
                    actor=payer, order_id=order_id, payee_bank=BANK, payee_account=account, now=now
                )
            # The treasury's clock is ahead, so that it has its answers ready.
            ahead = SimulatedTreasury(clock=lambda: now + timedelta(hours=1))
            services.send_due(now=now, provider=SimulatedTreasury(clock=lambda: now))
            services.poll_due(now=now + POLL_EVERY, provider=ahead)
            paid = sorted(order.pk for order in orders_for(actor=payer, state=OrderState.PAID).orders)
            if paid:
                ending.close(actor=clerk, order_id=paid[0], now=now + POLL_EVERY)
