"""Journals, uses and statements compared: a seeded error of each kind is found and named, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal as D
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from kernel.actor import SYSTEM, Actor
from kernel.clock import utc_now
from kernel.problems import NotFound, NotPermitted
from shared_apps.fees.models import FeeDifference, FeeReconciliation, FeeStatement, UsageEvent
from shared_apps.fees.rules.differences import Difference, DifferenceKind
from shared_apps.fees.services.reconciling import make_reconciliation, order_reconciliation, steps
from shared_apps.fees.services.statements import close_month, issue_statements
from shared_apps.region_journal.services import record as record_in_region
from tenant_apps.journal.services import record
from tenants.database.context import region_as, region_atomic, tenant_atomic, tenant_selected
from tests.database import admin
from tests.factories.fees import A, B, bureau, make_tariff, region_staff
from tests.factories.relayed import relay_region, relay_tenant, write_order_event
from tests.factories.rules import shipped_rules

OCTOBER = date(2026, 10, 1)
IN_OCTOBER, IN_NOVEMBER = (datetime(2026, month, 5, 4, tzinfo=UTC) for month in (10, 11))
FILE = {"kind": "pdf", "size_bytes": 5 * 10**9, "sm3": "0" * 64, "purpose": "test"}
Kind = DifferenceKind


def happenings(at: datetime) -> None:
    for number, total in enumerate(("1234.50", "0.05", "88.88"), start=1):
        placed = {"state": "placed", "next_post": "supplier_sales", "total": D(total)}
        write_order_event(A, "approved", order_id=number, now=at, **placed)
    with tenant_selected(A), tenant_atomic():
        for who in (7, 7, 8):
            record(
                actor=Actor(who, "某人", A), event="files.stored", object_type="file", object_id=1,
                facts={"key": f"{A}-{'0' * 40}", **FILE}, now=at,
            )  # fmt: skip
    with region_as("yz_region"), region_atomic():
        for tenant in (A, B):
            record_in_region(
                actor=SYSTEM, event="messaging.delivery_sent", object_type="message_delivery", object_id=1,
                facts={"number": "M1", "channel": "sms", "tenant_code": tenant}, now=at,
            )  # fmt: skip


@pytest.fixture(autouse=True, scope="module")
def malls(kept_world: Callable[[], None]) -> None:
    """October issued, November running; of each meter something."""
    shipped_rules()
    make_tariff()
    happenings(IN_OCTOBER)
    happenings(IN_NOVEMBER)
    for code in (A, B):
        relay_tenant(code)
    relay_region()
    with region_as("yz_region"):
        close_month(actor=SYSTEM, month=OCTOBER, now=utc_now())
        ids = FeeStatement.objects.values_list("pk", flat=True)
        issue_statements(actor=region_staff(), statement_ids=list(ids), now=utc_now())
    kept_world()


def found(*codes: str) -> list[Difference]:
    with region_as("yz_region"):
        return [one for step in steps(codes=codes or None) for one in step.differences]


def behind_everybody(statement: str) -> None:
    """What no login may do and triggers refuse: so that each comparison has something to find."""
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement)
        assert cursor.rowcount == 1, "the seeded error changed one row"


def one(table: str, condition: str) -> str:
    return f"id = (SELECT min(id) FROM {table} WHERE {condition})"


NEW_USE = one("fees_usageevent", "meter = 'orders_placed' AND month = '2026-11-01'")
PERSON = one("fees_usageevent", "meter = 'active_users' AND month = '2026-11-01'")
NAMED = "fees_statementuse", "turn = 0"
ISSUED = f"tenant_code = '{A}'"
ROW = f"(SELECT min(id) FROM t{A}.journal_journalentry WHERE event = 'orders.approved')"

SEEDED = [
    (f"DELETE FROM fees_usageevent WHERE {NEW_USE}", {Kind.ROW_WITHOUT_USE}),
    (f"DELETE FROM fees_usageevent WHERE {PERSON}", {Kind.ROW_WITHOUT_USE}),
    (f"DELETE FROM t{A}.journal_journalentry WHERE id = {ROW}", {Kind.USE_WITHOUT_ROW}),
    (
        "DELETE FROM region_journal_regionjournalentry WHERE "
        + one("region_journal_regionjournalentry", "event = 'messaging.delivery_sent'"),
        {Kind.USE_WITHOUT_ROW},
    ),
    (
        "INSERT INTO journaling_lostentry (room, epoch, journal_id, lost_at) SELECT room, epoch, journal_id, now()"
        f" FROM fees_usageevent WHERE {one('fees_usageevent', '''meter = 'storage' AND month = '2026-11-01' ''')}",
        {Kind.ROW_MARKED_LOST},
    ),
    (f"UPDATE fees_usageevent SET tenant_code = '{B}' WHERE {NEW_USE}", {Kind.WRONG_MALL}),
    (f"UPDATE fees_usageevent SET at = at + interval '1 s' WHERE {NEW_USE}", {Kind.WRONG_MOMENT}),
    (f"UPDATE fees_usageevent SET month = '2026-12-01' WHERE {NEW_USE}", {Kind.WRONG_MONTH}),
    (f"UPDATE fees_usageevent SET quantity = quantity + 0.0001 WHERE {NEW_USE}", {Kind.WRONG_QUANTITY}),
    (f"UPDATE fees_usageevent SET subject = '9' WHERE {PERSON}", {Kind.WRONG_PERSON}),
    (f"UPDATE fees_usageevent SET meter = 'nobodys' WHERE {NEW_USE}", {Kind.UNKNOWN_METER, Kind.ROW_WITHOUT_USE}),
    (f"DELETE FROM fees_statementuse WHERE {one(*NAMED)}", {Kind.USE_IN_NO_LINE, Kind.LINE_DIFFERS, Kind.SEAL_BROKEN}),
    (
        "INSERT INTO fees_statementuse (line_id, usage_id, turn) SELECT line_id, usage_id, 2 FROM fees_statementuse"
        f" WHERE {one(*NAMED)}",
        {Kind.USE_NAMED_TWICE, Kind.LINE_DIFFERS, Kind.SEAL_BROKEN},
    ),
    (
        "UPDATE fees_statementuse SET line_id = (SELECT max(l.id) FROM fees_statementline l) WHERE "
        + one(*NAMED),
        {Kind.USE_IN_WRONG_LINE, Kind.LINE_DIFFERS, Kind.SEAL_BROKEN},
    ),
    (
        f"UPDATE fees_statementline SET quantity = quantity + 1 WHERE {one('fees_statementline', 'quantity > 0')}",
        {Kind.LINE_DIFFERS, Kind.SEAL_BROKEN},
    ),
    (
        f"UPDATE fees_statementline SET amount = amount + 0.01 WHERE {one('fees_statementline', 'amount > 0')}",
        {Kind.LINE_DIFFERS, Kind.TOTAL_DIFFERS, Kind.SEAL_BROKEN},
    ),
    (
        f"UPDATE fees_feestatement SET total = total + 0.01 WHERE {ISSUED}",
        {Kind.TOTAL_DIFFERS, Kind.SEAL_BROKEN},
    ),
    (
        f"UPDATE fees_statementshare SET amount = amount - 0.01 WHERE {one('fees_statementshare', 'amount > 0')}",
        {Kind.SHARES_DIFFER, Kind.SEAL_BROKEN},
    ),
    (f"UPDATE fees_feestatement SET tenant_name = '别县' WHERE {ISSUED}", {Kind.SEAL_BROKEN}),
    (
        "UPDATE region_journal_regionjournalentry SET facts = facts || '{\"seal\": \"0\"}' WHERE event ="
        f" 'fees.statement_issued' AND object_id = 'FY{A}202610'",
        {Kind.SEAL_NOT_TOLD},
    ),
]  # fmt: skip


def test_nothing_differs_otherwise() -> None:
    with region_as("yz_region"):
        done = list(steps())
    assert [one for step in done for one in step.differences] == []
    rows, uses = sum(step.rows for step in done), sum(step.uses for step in done)
    # 2 months x (3 orders on 2 meters + 3 files + 2 people) of A, and 2 x 2 messages
    assert rows == uses == UsageEvent.objects.count() == 2 * (6 + 3 + 2) + 4
    assert sum(step.statements for step in done) == FeeStatement.objects.count() == 2


@pytest.mark.parametrize(("statement", "kinds"), SEEDED, ids=range(len(SEEDED)))
def test_a_seeded_error_is_found_and_named(statement: str, kinds: set[DifferenceKind]) -> None:
    behind_everybody(statement)
    assert {one.kind for one in found()} == kinds


def test_every_kind_is_seeded() -> None:
    # USE_TWICE stands against a constraint: see test_fees_killed.
    assert set().union(*(kinds for _, kinds in SEEDED)) == set(Kind) - {Kind.USE_TWICE}


def test_what_the_relay_has_not_reached_is_no_difference() -> None:
    write_order_event(A, "approved", order_id=9, state="placed", next_post="supplier_sales")
    assert found() == []
    relay_tenant(A)
    assert found(A) == []


def test_a_run_is_kept_and_the_command_says_what_differs() -> None:
    behind_everybody(f"UPDATE fees_usageevent SET quantity = 7 WHERE {NEW_USE}")
    with region_as("yz_region"):
        with pytest.raises(NotPermitted):
            order_reconciliation(actor=bureau(), now=utc_now())
        run_id = order_reconciliation(actor=region_staff(), now=utc_now())
        assert make_reconciliation(run_id=run_id) == 1
        with pytest.raises(NotFound):
            make_reconciliation(run_id=run_id)
        row = FeeReconciliation.objects.get(pk=run_id)
        kept = FeeDifference.objects.get()
    assert (row.malls, row.journal_rows, row.uses, row.statements, row.differences) == (2, 26, 26, 2, 1)
    assert row.finished_at is not None
    assert (kept.tenant_code, kept.kind, kept.meter, kept.expected, kept.found) == (
        A, "wrong_quantity", "orders_placed", "1", "7",
    )  # fmt: skip
    out, err = StringIO(), StringIO()
    call_command("fees_reconcile", B, stdout=out)
    assert "1 malls, 2 counting journal rows, 2 uses, 1 statements, 0 differences" in out.getvalue()
    with pytest.raises(SystemExit):
        call_command("fees_reconcile", stderr=err)
    assert f"{A} wrong_quantity orders_placed {A}/1/" in err.getvalue()
    with pytest.raises(CommandError, match="999999"):
        call_command("fees_reconcile", "999999")
