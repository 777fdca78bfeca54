"""Invoices made through the services; the caller has the tenant selected."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from kernel.clock import local_date, utc_now
from tenant_apps.invoices import services
from tenant_apps.invoices.models import Invoice
from tenant_apps.invoices.simulator import SimulatedVerifier
from tenant_apps.orders.models import Order
from tests.factories.orders import Shop

# Eighteen of the twenty digits; the last two say what the simulated verifier answers.
NUMBER = "265010000000000012"


def as_written(shop: Shop, order: Order) -> dict[str, Any]:
    """What a right invoice of the whole order says."""
    return {
        "number": NUMBER + "00",
        "issued_on": local_date(utc_now()),
        "net": order.payable_amount,
        "tax": Decimal("0.00"),
        "seller_name": order.supplier_name,
        "seller_code": order.supplier_code,
        "buyer_name": order.unit_name,
    }


def record(shop: Shop, order: Order, **changes: Any) -> Invoice:
    values = {**as_written(shop, order), **changes}
    values |= {name: Decimal(values[name]) for name in ("net", "tax")}
    return services.record_invoice(actor=shop.seller, order_id=order.pk, now=utc_now(), **values)


def verify(*, minutes: int = 0) -> services.Verified:
    """Asks once, some minutes from now; the verifier's clock goes along."""
    moment = utc_now() + timedelta(minutes=minutes, seconds=1)
    return services.verify_due(now=moment, provider=SimulatedVerifier(clock=lambda: moment))
