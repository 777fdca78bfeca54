"""A month that is over becomes a statement: metered, priced, issued; sealed then, and made again to the cent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal as D

import pytest
from django.db import DatabaseError, IntegrityError, connections

from kernel.actor import SYSTEM
from kernel.problems import NotPermitted, WrongState
from shared_apps.fees.models import FeeStatement, StatementUse
from shared_apps.fees.selectors.composing import verify_statement
from shared_apps.fees.services import statements as services
from shared_apps.region_journal.models import RegionJournalEntry
from tenants.database.context import region_as, region_atomic
from tenants.database.logins import MALL, RELAY
from tests.factories.fees import A, B, bureau, give_back, lose, make_tariff, moment, region_staff, relayed_until, used
from tests.factories.rules import shipped_rules

JULY, AUGUST, SEPTEMBER = date(2026, 7, 1), date(2026, 8, 1), date(2026, 9, 1)
IN_AUGUST, IN_SEPTEMBER, IN_OCTOBER = (datetime(2026, month, 5, tzinfo=UTC) for month in (8, 9, 10))


@pytest.fixture(autouse=True, scope="module")
def tariff(kept_world: Callable[[], None]) -> None:
    shipped_rules()
    make_tariff()
    kept_world()


def closed(month: date, now: datetime, *codes: str) -> services.Closed:
    relayed_until(now)
    with region_as("yz_region"):
        return services.close_month(actor=SYSTEM, month=month, now=now, codes=codes or None)


def issued(month: date, now: datetime) -> list[FeeStatement]:
    ids = FeeStatement.objects.filter(month=month, state="priced").values_list("pk", flat=True)
    with region_as("yz_region"):
        return services.issue_statements(actor=region_staff(), statement_ids=list(ids), now=now)


def lines(month: date, code: str = A) -> list[tuple[str, str, str, str, int]]:
    row = FeeStatement.objects.get(tenant_code=code, month=month)
    return [
        (line.kind, line.item, f"{line.for_month:%m}", str(line.amount), line.event_count)
        for line in row.lines.order_by("position")
    ]


def sound(month: date, code: str = A) -> bool:
    with region_as("yz_region"):
        found = verify_statement(row=FeeStatement.objects.get(tenant_code=code, month=month))
    assert found.agrees, found.differences
    return True


def test_a_month_is_metered_priced_and_issued_once() -> None:
    for total in ("1234.50", "0.05", "8888.88"):
        used("orders_placed", moment(date(2026, 7, 31), 23))
        used("order_value", moment(date(2026, 7, 31), 23), total)
    used("orders_placed", moment(date(2026, 8, 1), 9))
    found = closed(JULY, IN_AUGUST)
    assert (found.metered, found.priced) == ((f"FY{A}202607",), (f"FY{A}202607",))
    assert closed(JULY, IN_AUGUST).metered == ()
    assert lines(JULY) == [("use", "orders_placed", "07", "4.00", 3), ("use", "order_value", "07", "4.56", 3)]
    (row,) = issued(JULY, IN_AUGUST)
    assert (row.total, row.dispute_until, row.pay_by) == (D("8.56"), date(2026, 8, 19), date(2026, 9, 4))
    assert [(share.payer_code, share.amount) for share in row.shares.all()] == [(A, D("8.56"))]
    assert sound(JULY)
    told = RegionJournalEntry.objects.filter(object_type="fee_statement").order_by("id")
    assert [one.event for one in told] == [f"fees.statement_{word}" for word in ("metered", "priced", "issued")]
    assert told[2].facts["seal"] == row.seal
    with pytest.raises(WrongState), region_as("yz_region"):
        services.issue_statements(actor=region_staff(), statement_ids=[row.pk], now=IN_AUGUST)


def test_a_month_waits_for_its_end_its_relay_and_the_month_before() -> None:
    used("orders_placed", moment(date(2026, 7, 3)))
    used("orders_placed", moment(date(2026, 8, 3)))
    with region_as("yz_region"):
        with pytest.raises(services.MonthNotOver):
            services.close_month(actor=SYSTEM, month=JULY, now=datetime(2026, 7, 31, 15, 59, 59, tzinfo=UTC))
        relayed_until(datetime(2026, 7, 31, 15, 59, 59, tzinfo=UTC))
        assert services.close_month(actor=SYSTEM, month=JULY, now=IN_AUGUST).waiting == ((A, "relay-behind"),)
        with pytest.raises(NotPermitted):
            services.close_month(actor=bureau(), month=JULY, now=IN_AUGUST)
    assert closed(AUGUST, IN_SEPTEMBER).waiting == ((A, "earlier-month-open"),)
    assert closed(JULY, IN_SEPTEMBER).priced == (f"FY{A}202607",)
    assert closed(AUGUST, IN_SEPTEMBER).priced == (f"FY{A}202608",)


def test_what_comes_late_or_is_taken_back_is_a_correction_of_the_next_statement() -> None:
    first = used("orders_placed", moment(date(2026, 7, 3)))
    for _ in range(2):
        used("orders_placed", moment(date(2026, 7, 4)))
    closed(JULY, IN_AUGUST)
    issued(JULY, IN_AUGUST)
    assert lines(JULY) == [("use", "orders_placed", "07", "4.00", 3)]
    used("orders_placed", moment(date(2026, 7, 31)))
    used("orders_placed", moment(date(2026, 8, 4)))
    closed(AUGUST, IN_SEPTEMBER)
    issued(AUGUST, IN_SEPTEMBER)
    assert lines(AUGUST) == [
        ("use", "orders_placed", "08", "0.00", 1),
        ("correction", "orders_placed", "07", "2.00", 1),
    ]
    lose(first, IN_SEPTEMBER)
    closed(SEPTEMBER, IN_OCTOBER)
    issued(SEPTEMBER, IN_OCTOBER)
    assert lines(SEPTEMBER) == [("correction", "orders_placed", "07", "-2.00", 1)]
    assert FeeStatement.objects.get(month=SEPTEMBER).shares.get().amount == D("-2.00")
    give_back(first)
    closed(date(2026, 10, 1), datetime(2026, 11, 5, tzinfo=UTC))
    assert lines(date(2026, 10, 1)) == [("correction", "orders_placed", "07", "2.00", 1)]
    turns = StatementUse.objects.filter(usage=first).order_by("turn").values_list("turn", "line__statement__month")
    assert list(turns) == [(0, JULY), (1, SEPTEMBER), (2, date(2026, 10, 1))]
    assert all(sound(month) for month in (JULY, AUGUST, SEPTEMBER, date(2026, 10, 1)))


def test_an_issued_statement_is_closed_to_every_login() -> None:
    used("orders_placed", moment(date(2026, 7, 3)))
    used("orders_placed", moment(date(2026, 7, 3)), tenant=B)
    closed(JULY, IN_AUGUST)
    issued(JULY, IN_AUGUST)
    refused = "permission denied"
    for login in ("yz_region", RELAY, MALL):
        for table in ("statementline", "statementuse", "statementshare"):
            for statement in (f"UPDATE fees_{table} SET id = id", f"DELETE FROM fees_{table}"):
                with region_as(login), pytest.raises(DatabaseError, match=refused):
                    execute(statement)
    sealed = "issued statement is sealed|never deleted"
    for statement in (
        "UPDATE fees_feestatement SET total = total + 1",
        "UPDATE fees_feestatement SET seal = ''",
        "UPDATE fees_feestatement SET state = 'priced', seal = '', issued_at = NULL",
        "UPDATE fees_feestatement SET upto_use = upto_use + 1",
        "UPDATE fees_feestatement SET dispute_until = dispute_until + 1",
        "DELETE FROM fees_feestatement",
        "INSERT INTO fees_statementline (statement_id, position, kind, item, corrects, for_month, amount, event_count)"
        " SELECT statement_id, 99, kind, 'more', '', for_month, 1, 0 FROM fees_statementline",
        "INSERT INTO fees_statementshare (statement_id, payer_code, payer_name, percent, amount)"
        " SELECT id, 'region', 'x', 1, 1 FROM fees_feestatement",
        "INSERT INTO fees_statementuse (line_id, usage_id, turn) SELECT line_id, usage_id, 1 FROM fees_statementuse",
    ):
        with region_as("yz_region"), pytest.raises(IntegrityError, match=sealed):
            execute(statement)
    assert sound(JULY)


def execute(statement: str) -> None:
    with region_atomic(), connections["default"].cursor() as cursor:
        cursor.execute(statement)


def test_a_changed_use_breaks_the_seal_and_is_named() -> None:
    from tests.database import admin

    use = used("orders_placed", moment(date(2026, 7, 3)))
    used("orders_placed", moment(date(2026, 7, 3)))
    closed(JULY, IN_AUGUST)
    issued(JULY, IN_AUGUST)
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute("UPDATE fees_usageevent SET quantity = 2 WHERE id = %s", [use.pk])
    with region_as("yz_region"):
        found = verify_statement(row=FeeStatement.objects.get())
    assert [where for where, _stored, _computed in found.differences] == [
        "use orders_placed 2026-07",
        "total",
        "seal",
        "shares",
    ]
