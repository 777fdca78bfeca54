"""From journal rows to a statement: counted once, in the right month, to the cent."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal as D

import pytest
from django.db import DatabaseError, IntegrityError, connections

from kernel.actor import Actor, Belonging, HeldPost
from kernel.clock import utc_now
from kernel.posts import Post
from kernel.problems import InvalidInput, NotFound, NotPermitted
from shared_apps.fees import demo, selectors, services
from shared_apps.fees.models import TariffVersion, UsageEvent
from shared_apps.fees.rules.pricing import charge
from tenants.database.context import region_as, region_atomic
from tenants.database.logins import MALL, RELAY
from tenants.journaling.models import RelayCursor
from tenants.registry.models import Tenant
from tests.factories.relayed import relay_tenant, write_order_event

A, B = "990001", "990002"
NOVEMBER = date(2026, 11, 1)
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def region_staff() -> Actor:
    return Actor(
        1,
        "区财政",
        None,
        (Belonging(1, "财政厅", "region_finance", "R", None),),
        (HeldPost(Post.REGION_SUPERVISOR, 1),),
    )


def bureau(tenant: str) -> Actor:
    return Actor(
        2,
        "县财政",
        None,
        (Belonging(2, "财政局", "finance_bureau", "F", tenant),),
        (HeldPost(Post.TIER_SUPERVISOR, 2),),
    )


def november(actor: Actor, tenant: str = A) -> selectors.Statement:
    with region_as("yz_region"):
        return selectors.statement(actor=actor, tenant_code=tenant, month=NOVEMBER, now=NOON)


def placed(tenant: str, total: str, at: datetime = NOON, order_id: int = 7) -> None:
    write_order_event(
        tenant, "approved", order_id=order_id, now=at, total=D(total), state="placed", next_post="supplier_sales"
    )


def with_tariff() -> None:
    with region_as("yz_region"):
        demo.load(utc_now())


def test_a_statement_lists_the_events_it_sums() -> None:
    with_tariff()
    for number, total in enumerate(("1234.50", "0.05", "8888.88"), start=1):
        placed(A, total, order_id=number)
    placed(B, "5.00")
    relay_tenant(A)
    relay_tenant(B)
    found = november(bureau(A))
    assert [
        (line.meter.code, line.event_count, line.charge.quantity, line.charge.amount)
        for line in found.lines
        if line.event_count
    ] == [
        ("orders_placed", 3, D(3), D("4.00")),
        ("order_value", 3, D("10123.43"), D("4.56")),
    ]
    assert found.total == D("8.56")
    assert found.tariff is not None
    assert (found.tariff.is_demo, found.tariff.is_verified, found.is_open) == (True, False, True)
    for line in found.lines[:2]:
        again = charge(meter=line.meter.code, quantities=[use.quantity for use in line.events], price=line.charge.price)
        assert again == line.charge
    assert november(bureau(B), B).total == D("0.00")


def test_a_month_is_shanghais() -> None:
    """The last second of November in Xinjiang's offices, and the first of December."""
    with_tariff()
    placed(A, "1.00", datetime(2026, 10, 31, 15, 59, 59, tzinfo=UTC), 1)
    placed(A, "10.00", datetime(2026, 10, 31, 16, 0, tzinfo=UTC), 2)
    placed(A, "100.00", datetime(2026, 11, 30, 15, 59, 59, tzinfo=UTC), 3)
    placed(A, "1000.00", datetime(2026, 11, 30, 16, 0, tzinfo=UTC), 4)
    relay_tenant(A)
    assert november(bureau(A)).lines[1].charge.quantity == D("110.00")


def test_a_row_is_counted_once_whatever_the_cursor_says() -> None:
    placed(A, "5.00")
    relay_tenant(A)
    with region_as(RELAY):
        RelayCursor.objects.update(cut_off=0)
        relay_tenant(A)
    assert UsageEvent.objects.count() == 2
    row = UsageEvent.objects.filter(meter="order_value").get()
    row.pk = None
    with region_as(RELAY), pytest.raises(IntegrityError), region_atomic():
        row.save(force_insert=True)


def test_practice_is_never_metered() -> None:
    with region_as("yz_region"):
        Tenant.objects.filter(code=A).update(kind="practice")
    placed(A, "5.00")
    relay_tenant(A)
    assert UsageEvent.objects.count() == 0


def test_only_placing_is_metered() -> None:
    write_order_event(A, "submitted")
    write_order_event(A, "rejected", state="rejected", next_post=None)
    relay_tenant(A)
    assert UsageEvent.objects.count() == 0


def test_who_reads_whose_statement() -> None:
    placed(A, "5.00")
    relay_tenant(A)
    assert november(region_staff()).lines[0].event_count == 1
    with pytest.raises(NotFound):
        november(bureau(B), A)
    with pytest.raises(NotFound):
        november(region_staff(), "999999")
    with region_as("yz_region"):
        assert [row.tenant_code for row in selectors.month_of_all(actor=bureau(A), month=NOVEMBER)[1]] == [A]
        assert len(selectors.month_of_all(actor=region_staff(), month=NOVEMBER)[1]) == 2


def test_without_a_tariff_uses_are_counted_and_nothing_is_owed() -> None:
    placed(A, "5.00")
    relay_tenant(A)
    found = november(bureau(A))
    assert (found.tariff, found.lines[0].event_count, found.lines[0].charge.amount, found.total) == (
        None,
        1,
        None,
        D(0),
    )


def test_a_demo_tariff_is_never_verified() -> None:
    with_tariff()
    with region_as("yz_region"):
        with pytest.raises(services.DemoTariff):
            services.verify_tariff(actor=region_staff(), version=1, document_number="新财〔2026〕1号", now=utc_now())
        with pytest.raises(IntegrityError, match="tariff_demo_is_never_verified"), region_atomic():
            TariffVersion.objects.update(verified_at=utc_now(), verified_by=1, document_number="x")


NUMBER = "新财〔2026〕1号"


def enter(valid_from: date, *, now: datetime, actor: Actor | None = None) -> int:
    row = services.enter_tariff(
        actor=actor or region_staff(), name="费率", valid_from=valid_from, document_number=NUMBER, terms=demo.TERMS,
        now=now,
    )  # fmt: skip
    return row.version


def test_a_real_tariff_charges_once_region_staff_have_verified_it_with_its_document() -> None:
    october = datetime(2026, 10, 20, tzinfo=UTC)
    with region_as("yz_region"):
        with pytest.raises(NotPermitted):
            enter(date(2026, 11, 1), now=october, actor=bureau(A))
        number = enter(date(2026, 11, 1), now=october)
        assert selectors.current_tariff(on=NOVEMBER) is None, "an entry charges nothing"
        with pytest.raises(NotPermitted):
            services.verify_tariff(actor=bureau(A), version=number, document_number=NUMBER, now=october)
        with pytest.raises(services.TariffDocumentMismatch):
            services.verify_tariff(actor=region_staff(), version=number, document_number="新财〔2026〕2号", now=october)
        with pytest.raises(IntegrityError, match="tariff_verified_names_its_document"), region_atomic():
            TariffVersion.objects.update(verified_at=utc_now(), verified_by=1, document_number="")
        services.verify_tariff(actor=region_staff(), version=number, document_number=NUMBER, now=october)
        tariff = selectors.current_tariff(on=NOVEMBER)
        assert tariff is not None
        assert (tariff.version, tariff.is_verified, tariff.is_demo) == (number, True, False)
        with pytest.raises(services.TariffNotWaiting):
            services.verify_tariff(actor=region_staff(), version=number, document_number=NUMBER, now=october)
        with pytest.raises(services.TariffNotWaiting):
            services.withdraw_tariff(actor=region_staff(), version=number, reason="错", now=october)
        with pytest.raises(services.TariffExists):
            enter(date(2026, 11, 1), now=datetime(2026, 11, 1, tzinfo=UTC))


def test_statements_of_months_that_are_over_do_not_change() -> None:
    october, december = datetime(2026, 10, 20, tzinfo=UTC), datetime(2026, 12, 2, tzinfo=UTC)
    with region_as("yz_region"):
        for day, when in ((date(2026, 9, 1), october), (date(2026, 11, 2), october)):
            with pytest.raises(InvalidInput) as refused:
                enter(day, now=when)
            assert list(refused.value.errors) == ["valid_from"]
        number = enter(date(2026, 11, 1), now=october)
        with pytest.raises(services.TariffTooLate):
            services.verify_tariff(actor=region_staff(), version=number, document_number=NUMBER, now=december)
        services.withdraw_tariff(actor=region_staff(), version=number, reason="录入有误", now=december)
        assert selectors.tariff(actor=region_staff(), version=number).state == "withdrawn"
        assert selectors.current_tariff(on=date(2026, 12, 1)) is None
        with pytest.raises(services.TariffNotWaiting):
            services.verify_tariff(actor=region_staff(), version=number, document_number=NUMBER, now=december)
        with pytest.raises(IntegrityError, match="tariff_withdrawn_was_never_verified"), region_atomic():
            TariffVersion.objects.update(verified_at=utc_now(), verified_by=1)
        assert enter(date(2026, 12, 1), now=december) == number + 1


def test_a_mall_reads_the_tariff_and_no_use() -> None:
    with_tariff()
    with region_as(MALL):
        tariff = selectors.current_tariff(on=NOVEMBER)
        assert tariff is not None
        assert tariff.terms == demo.TERMS
        with pytest.raises(DatabaseError, match="permission denied"), connections["default"].cursor() as cursor:
            cursor.execute("SELECT 1 FROM fees_usageevent")


@pytest.mark.parametrize("login", ["yz_region", RELAY])
def test_uses_are_append_only(login: str) -> None:
    placed(A, "5.00")
    relay_tenant(A)
    for statement in ("UPDATE fees_usageevent SET quantity = 0", "DELETE FROM fees_usageevent"):
        with (
            region_as(login),
            pytest.raises(DatabaseError, match="permission denied"),
            connections["default"].cursor() as cursor,
        ):
            cursor.execute(statement)
