"""The demonstration's tariff. No tariff was found in any source: these prices are invented and never verified."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from kernel.actor import SYSTEM
from shared_apps.fees.meters import ORDER_VALUE, ORDERS_PLACED
from shared_apps.fees.rules.pricing import Price, PriceKind
from shared_apps.fees.selectors import current_tariff
from shared_apps.fees.services import add_tariff

VALID_FROM = date(2026, 1, 1)
PRICES = (
    Price(ORDERS_PLACED, PriceKind.PER_UNIT, Decimal("2.0000"), Decimal("1.0000")),
    Price(ORDER_VALUE, PriceKind.PER_MILLE, Decimal("0.5000"), Decimal("1000.0000")),
)


def load(now: datetime) -> None:
    """Adds the tariff unless there is one. Idempotent."""
    if current_tariff(on=VALID_FROM) is not None:
        return
    add_tariff(
        actor=SYSTEM,
        version=1,
        name="演示费率（虚构，未经核定）",
        valid_from=VALID_FROM,
        prices=PRICES,
        is_demo=True,
        now=now,
    )
