"""The demonstration's tariff. No tariff was found in any source: these prices are invented and never verified."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from kernel.actor import SYSTEM
from shared_apps.fees import meters
from shared_apps.fees.rules.terms import Bundle, Price, PriceKind, Tariff, Tier
from shared_apps.fees.selectors import current_tariff
from shared_apps.fees.services import add_tariff
from tenants.divisions.models import Level

VALID_FROM = date(2026, 1, 1)
# A proposal: the document would state it, and no law names a number.
NOTICE_DAYS = 30


def _tiers(*rows: tuple[str, str]) -> tuple[Tier, ...]:
    return tuple(Tier(Decimal(up_to) if up_to else None, Decimal(price)) for up_to, price in rows)


PRICES = (
    Price(meters.ORDERS_PLACED, PriceKind.PER_UNIT, Decimal("2.0000"), Decimal("1.0000")),
    Price(meters.ORDER_VALUE, PriceKind.PER_MILLE, Decimal("0.5000"), Decimal("1000.0000")),
    Price("inquiries", PriceKind.GRADUATED, tiers=_tiers(("10", "20"), ("50", "15"), ("", "10"))),
    Price("auctions", PriceKind.PER_UNIT, Decimal("30.0000"), cap=Decimal("900.00")),
    Price(meters.STORAGE, PriceKind.GRADUATED, allowance=Decimal(10), tiers=_tiers(("100", "1.5"), ("", "1"))),
    Price(
        meters.MESSAGES,
        PriceKind.PACKAGE,
        Decimal("5.0000"),
        allowance=Decimal(1000),
        package_size=Decimal(100),
    ),
    Price(
        meters.API_CALLS,
        PriceKind.VOLUME,
        allowance=Decimal(100000),
        tiers=_tiers(("1000000", "0.0020"), ("", "0.0010")),
    ),
    Price(meters.module_meter("reverse_auction"), PriceKind.FLAT, Decimal("60.0000")),
)
TERMS = Tariff(
    PRICES,
    bundles=(Bundle("询价竞价套餐", ("inquiries", "auctions"), Decimal(10)),),
    discounts={Level.PREFECTURE.value: Decimal(5)},
    cap=Decimal("50000.00"),
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
        terms=TERMS,
        notice_days=NOTICE_DAYS,
        is_demo=True,
        now=now,
    )
