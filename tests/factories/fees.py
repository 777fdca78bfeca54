"""Metered uses as the relay writes them, for tests of what becomes of them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from kernel.actor import SYSTEM, Actor, Belonging, HeldPost
from kernel.clock import local_date
from kernel.posts import Post
from shared_apps.fees.models import FeeDispute, FeeStatement, TariffLine, TariffVersion, UsageEvent
from shared_apps.fees.rules.terms import Price, PriceKind
from shared_apps.fees.services.disputes import file_dispute
from shared_apps.fees.services.statements import close_month, issue_statements
from shared_apps.rulebook.models import CalendarDay
from tenants.database.context import region_as
from tenants.database.logins import RELAY
from tenants.journaling.models import LostEntry, RelayCursor
from tests.factories.rules import shipped_rules

A, B = "990001", "990002"
PRICES = (
    Price("orders_placed", PriceKind.PER_UNIT, Decimal("2.0000"), Decimal(1)),
    Price("order_value", PriceKind.PER_MILLE, Decimal("0.5000"), Decimal(1000)),
)


def region_staff() -> Actor:
    place = Belonging(1, "财政厅", "region_finance", "R", None)
    return Actor(1, "区财政", None, (place,), (HeldPost(Post.REGION_SUPERVISOR, 1),))


def bureau(tenant: str = A) -> Actor:
    place = Belonging(2, "财政局", "finance_bureau", "F", tenant)
    return Actor(2, "县财政", None, (place,), (HeldPost(Post.TIER_SUPERVISOR, 2),))


def moment(day: date, hour: int = 12) -> datetime:
    """An hour of a Shanghai day."""
    return datetime(day.year, day.month, day.day, hour - 8, tzinfo=UTC)


def used(
    meter: str, at: datetime, quantity: str = "1", *, tenant: str = A, subject: str = "", epoch: int = 1
) -> UsageEvent:
    """A use, of a journal row of its own."""
    with region_as(RELAY):
        last = UsageEvent.objects.filter(room=tenant).order_by("-journal_id").values_list("journal_id", flat=True)
        return UsageEvent.objects.create(
            tenant_code=tenant,
            room=tenant,
            epoch=epoch,
            journal_id=(last.first() or 1_000_000) + 1,
            meter=meter,
            at=at,
            month=local_date(at).replace(day=1),
            quantity=Decimal(quantity),
            subject=subject,
            object_type="order",
            object_id="7",
            facts={"order_number": "DD990001", "unit_name": "第一中学（测试）", "supplier_name": "测试供应商"},
        )


def relayed_until(at: datetime, *tenants: str) -> None:
    """The relay has been through these malls (both when none is named) and the region at that moment."""
    with region_as(RELAY):
        for room in (*(tenants or (A, B)), "region"):
            RelayCursor.objects.update_or_create(room=room, defaults={"relayed_at": at, "error": ""})


def lose(use: UsageEvent, at: datetime) -> None:
    """A restore took the use's journal row back."""
    with region_as("yz_region"):
        LostEntry.objects.create(room=use.room, epoch=use.epoch, journal_id=use.journal_id, lost_at=at)


def give_back(use: UsageEvent) -> None:
    """A later restore brought it again; the owner alone may."""
    from tests.database import admin

    with admin() as connection, connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM journaling_lostentry WHERE room = %s AND epoch = %s AND journal_id = %s",
            [use.room, use.epoch, use.journal_id],
        )


def make_tariff(
    valid_from: date = date(2026, 1, 1), *, version: int = 1, prices: tuple[Price, ...] = (), **terms: Decimal
) -> TariffVersion:
    """A demonstration's tariff: orders at 2 yuan with one free, their value at half a thousandth above 1,000 yuan."""
    with region_as("yz_region"):
        row = TariffVersion.objects.create(
            version=version,
            name="测试费率",
            valid_from=valid_from,
            is_demo=True,
            created_at=moment(valid_from),
            **{f"monthly_{name}": amount for name, amount in terms.items()},
        )
        TariffLine.objects.bulk_create(
            TariffLine(
                tariff=row,
                meter=price.meter,
                kind=price.kind,
                unit_price=price.unit_price,
                allowance=price.allowance,
                tiers=[[None if tier.up_to is None else str(tier.up_to), str(tier.price)] for tier in price.tiers],
                package_size=price.package_size,
                minimum=price.minimum,
                cap=price.cap,
            )
            for price in prices or PRICES
        )
    return row


def issued_july(*tenants: str) -> dict[str, FeeDispute]:
    """Each mall's statement of July 2026, issued in August, with a dispute of its first line that waits."""
    now = datetime(2026, 8, 5, 3, tzinfo=UTC)
    if not CalendarDay.objects.exists():
        shipped_rules()
    if not TariffVersion.objects.exists():
        make_tariff()
    for tenant in tenants:
        for _ in range(3):
            used("orders_placed", moment(date(2026, 7, 3)), tenant=tenant)
        used("order_value", moment(date(2026, 7, 31), 23), "12000.00", tenant=tenant)
    relayed_until(now, *tenants)
    found = {}
    with region_as("yz_region"):
        close_month(actor=SYSTEM, month=date(2026, 7, 1), now=now, codes=tenants)
        for row in FeeStatement.objects.filter(month=date(2026, 7, 1), tenant_code__in=tenants):
            issue_statements(actor=region_staff(), statement_ids=[row.pk], now=now)
            found[row.tenant_code] = file_dispute(
                actor=bureau(row.tenant_code), statement_id=row.pk, position=1, uses=[], reason="一单重复计量", now=now
            )
    return found
