"""The meters. An order is metered once, when it is placed: approved, with its budget frozen."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from shared_apps.fees.rules import METERS, Meter

ORDERS_PLACED = "orders_placed"
ORDER_VALUE = "order_value"


def _one(facts: Mapping[str, Any]) -> Decimal:
    return Decimal(1)


def _total(facts: Mapping[str, Any]) -> Decimal:
    return Decimal(str(facts["total"]))


METERS.register(ORDERS_PLACED, Meter(ORDERS_PLACED, "orders.approved", _("Orders placed"), _("orders"), _one))
METERS.register(
    ORDER_VALUE, Meter(ORDER_VALUE, "orders.approved", _("Value of orders placed"), _("yuan"), _total, is_money=True)
)
