"""The demonstration's contracts in 652301: one offered for both to sign, one signed, published and filed."""

from __future__ import annotations

from datetime import datetime, timedelta

from tenant_apps.contracts.models import Contract
from tenant_apps.contracts.rules import POLL_EVERY
from tenant_apps.contracts.services import drafting, publishing, signing
from tenant_apps.contracts.simulator import SimulatedSigner
from tenant_apps.orders.demo import READY_TENANT, demo_actor
from tenant_apps.orders.rules import OrderState
from tenant_apps.orders.selectors import orders_for
from tenants.database.context import region_as, tenant_selected

CLERK, APPROVER, SELLER = "cj-jingban", "cj-shenpi", "gys-kunlun-xs"
CERTIFICATE = "6523010000000088"


def load(now: datetime) -> None:
    """After the orders' demonstration; nothing is done where a contract exists already."""
    with tenant_selected(READY_TENANT):
        if Contract.objects.exists():
            return
        with region_as("yz_region"):
            clerk, approver, seller = (demo_actor(name) for name in (CLERK, APPROVER, SELLER))
        with region_as("yz_mall"):
            offered = []
            for order in orders_for(actor=clerk, state=OrderState.ACCEPTED).orders:
                row = drafting.draft_contract(actor=clerk, order_id=order.pk, now=now)
                offered.append(drafting.offer(actor=clerk, version_id=row.pk, now=now))
            for row in offered[:1]:
                for signer in (approver, seller):
                    signing.ask_to_sign(actor=signer, version_id=row.pk, certificate=CERTIFICATE, now=now)
                _both_signed(now)
                publishing.publish(actor=clerk, version_id=row.pk, withheld=(), reason="", now=now)
                publishing.file(actor=clerk, version_id=row.pk, now=now)


def _both_signed(now: datetime) -> None:
    """The signature service's clock is ahead, so that it has its answers ready."""
    ahead = SimulatedSigner(clock=lambda: now + timedelta(minutes=1))
    signing.follow_due(now=now, provider=SimulatedSigner(clock=lambda: now))
    signing.follow_due(now=now + POLL_EVERY, provider=ahead)
