"""An issued statement is disputed, answered, confirmed and paid; what is upheld is credited by the next one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal as D

import pytest

from kernel.actor import SYSTEM
from kernel.problems import DomainError, InvalidInput, NotFound, NotPermitted, WrongState
from kernel.spreadsheets import write
from shared_apps.fees.models import FeeDispute, FeeReceipt, FeeStatement
from shared_apps.fees.receipt_table import COLUMNS
from shared_apps.fees.selectors.composing import verify_statement
from shared_apps.fees.selectors.issued import collection
from shared_apps.fees.services import disputes, settling, statements
from tenants.database.context import leave_rooms, region_as
from tests.database import close_all
from tests.factories.fees import A, B, bureau, make_tariff, moment, region_staff, relayed_until, used
from tests.factories.rules import shipped_rules

JULY, AUGUST = date(2026, 7, 1), date(2026, 8, 1)
ISSUED_AT, LATER = datetime(2026, 8, 5, 3, tzinfo=UTC), datetime(2026, 9, 5, 3, tzinfo=UTC)


@pytest.fixture(autouse=True, scope="module")
def july(kept_world: Callable[[], None]) -> None:
    """Eight yuan of orders and five of their value, issued."""
    shipped_rules()
    make_tariff()
    for _ in range(5):
        used("orders_placed", moment(date(2026, 7, 3)))
    used("order_value", moment(date(2026, 7, 3)), "11000.00")
    issue(JULY, ISSUED_AT)
    kept_world()


def issue(month: date, now: datetime) -> None:
    relayed_until(now)
    with region_as("yz_region"):
        statements.close_month(actor=SYSTEM, month=month, now=now)
        ids = FeeStatement.objects.filter(month=month).values_list("pk", flat=True)
        statements.issue_statements(actor=region_staff(), statement_ids=list(ids), now=now)


def disputed(position: int = 1, now: datetime = ISSUED_AT, tenant: str = A, **values: object) -> FeeDispute:
    given = {"uses": [], "reason": "一单重复计量", **values}
    with region_as("yz_region"):
        pk = FeeStatement.objects.get(month=JULY).pk
        return disputes.file_dispute(actor=bureau(tenant), statement_id=pk, position=position, now=now, **given)  # type: ignore[arg-type]


def answered(dispute: FeeDispute, credit: str | None = None, now: datetime = ISSUED_AT) -> FeeDispute:
    with region_as("yz_region"):
        return disputes.answer_dispute(
            actor=region_staff(), dispute_id=dispute.pk, uphold=credit is not None, answer="已核对",
            credit=D(credit) if credit else None, now=now,
        )  # fmt: skip


def confirmed(now: datetime = ISSUED_AT) -> FeeStatement:
    with region_as("yz_region"):
        pk = FeeStatement.objects.get(month=JULY).pk
        return disputes.confirm_statement(actor=bureau(), statement_id=pk, now=now)


def paid(amount: str, number: str = "PJ-1", payer: str = A, now: datetime = ISSUED_AT) -> FeeReceipt:
    with region_as("yz_region"):
        return settling.record_receipt(
            actor=region_staff(), statement_id=FeeStatement.objects.get(month=JULY).pk, payer_code=payer,
            receipt_number=number, amount=D(amount), paid_on=date(2026, 8, 5), budget_reference="2026-预-1", now=now,
        )  # fmt: skip


def state() -> str:
    return FeeStatement.objects.get(month=JULY).state


def test_a_dispute_down_to_the_events_is_credited_once_by_the_next_statement() -> None:
    use = FeeStatement.objects.get().lines.get(position=1).uses.order_by("id").first()
    assert use is not None
    with pytest.raises(InvalidInput):
        disputed(uses=[use.usage_id, 1])
    with pytest.raises(NotFound):
        disputed(tenant=B)
    with pytest.raises(NotFound):
        disputed(position=9)
    dispute = disputed(uses=[use.usage_id])
    assert (state(), dispute.answer_due_on) == ("disputed", date(2026, 8, 19))
    with pytest.raises(disputes.LineDisputed):
        disputed()
    with pytest.raises(disputes.DisputeOpen):
        confirmed()
    with pytest.raises(disputes.NothingToCredit):
        answered(dispute, "8.01")
    answered(dispute, "2.00")
    with pytest.raises(WrongState):
        answered(dispute, "2.00")
    second = disputed()
    with pytest.raises(disputes.NothingToCredit):
        answered(second, "6.01")
    answered(second)
    assert confirmed().state == "confirmed"
    issue(AUGUST, LATER)
    row = FeeStatement.objects.get(month=AUGUST)
    assert [(line.kind, line.corrects, str(line.amount)) for line in row.lines.all()] == [("credit", "use", "-2.00")]
    issue(date(2026, 9, 1), datetime(2026, 10, 9, tzinfo=UTC))
    assert FeeStatement.objects.count() == 2, "nothing is owed for September, nothing credited twice"
    with region_as("yz_region"):
        assert verify_statement(row=row).agrees


def test_a_dispute_has_its_period_and_may_be_taken_back() -> None:
    with pytest.raises(disputes.DisputeTooLate):
        disputed(now=moment(date(2026, 8, 20), 9))
    with region_as("yz_region"), pytest.raises(NotPermitted):
        disputes.confirm_statement(actor=region_staff(), statement_id=FeeStatement.objects.get().pk, now=ISSUED_AT)
    dispute = disputed(now=moment(date(2026, 8, 19), 23))
    with region_as("yz_region"):
        with pytest.raises(NotFound):
            disputes.withdraw_dispute(actor=bureau(B), dispute_id=dispute.pk, now=ISSUED_AT)
        disputes.withdraw_dispute(actor=bureau(), dispute_id=dispute.pk, now=ISSUED_AT)
    assert confirmed().state == "confirmed"
    with pytest.raises(WrongState):
        disputed()


def test_receipts_settle_a_confirmed_statement() -> None:
    with pytest.raises(settling.Overpaid):
        paid("13.01")
    with pytest.raises(NotFound):
        paid("1.00", payer="region")
    paid("3.00")
    with pytest.raises(settling.ReceiptExists):
        paid("1.00")
    with pytest.raises(settling.Overpaid):
        paid("10.01", "PJ-2")
    with region_as("yz_region"):
        found = collection(actor=region_staff(), year=2026, on=date(2026, 9, 5))
        assert (found.issued, found.confirmed, found.paid, found.overdue) == (D(13), D(0), D(3), D(10))
        assert collection(actor=bureau(B), year=2026, on=date(2026, 9, 5)).issued == 0
    paid("10.00", "PJ-2")
    assert state() == "issued", "paid, and not confirmed yet"
    assert confirmed().state == "settled"
    with pytest.raises(WrongState):
        paid("1.00", "PJ-3")


def test_a_table_of_receipts_records_each_right_row_and_says_what_is_wrong_with_the_others() -> None:
    number = FeeStatement.objects.get().number
    rows = [
        (number, A, "PJ-1", "3.00", "2026-08-05", "2026-预-1"),
        (number, A, "PJ-1", "1.00", "2026-08-05", "2026-预-1"),
        (number, A, "PJ-2", "10.01", "2026-08-05", "2026-预-1"),
        (number, B, "PJ-3", "1.00", "2026-08-05", "2026-预-1"),
        ("FY0", A, "PJ-4", "1.00", "2026-08-05", "2026-预-1"),
        (number, A, "PJ-5", "1.005", "2026-08-05", "2026-预-1"),
        (number, A, "PJ-6", "10.00", "2026-08-06", "2026-预-1"),
        (number, A, "PJ-7", "10.00", "2026-08-05", "2026-预-1"),
    ]
    content = write(title="receipts", columns=COLUMNS, rows=rows)
    with region_as("yz_region"):
        before = settling.preview_receipts(actor=region_staff(), content=content, now=ISSUED_AT)
        assert FeeReceipt.objects.count() == 0
        found = settling.import_receipts(actor=region_staff(), content=content, now=ISSUED_AT)
        again = settling.import_receipts(actor=region_staff(), content=content, now=ISSUED_AT)
    assert before == found
    assert [row.receipt_number for row in found.rows] == ["PJ-1", "PJ-7"]
    assert [(one.row, bool(one.reason)) for one in found.errors] == [(row, True) for row in (3, 4, 5, 6, 7, 8)]
    assert (again.rows, len(again.errors)) == ((), 8)


def side_by_side(*calls: Callable[[], object]) -> list[object]:
    """What each call gave or raised; they begin at once, in threads with connections of their own."""
    barrier, answers = threading.Barrier(len(calls)), [None] * len(calls)

    def run(place: int, call: Callable[[], object]) -> None:
        try:
            barrier.wait(20)
            answers[place] = call()
        except DomainError as error:
            answers[place] = error.code
        finally:
            leave_rooms()
            close_all()

    threads = [threading.Thread(target=run, args=one, daemon=True) for one in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def test_two_receipts_at_once_are_not_more_than_is_owed() -> None:
    answers = side_by_side(lambda: paid("10.00", "PJ-1").receipt_number, lambda: paid("10.00", "PJ-2").receipt_number)
    assert sorted(map(str, answers))[-1] == "overpaid"
    assert FeeReceipt.objects.count() == 1


def test_two_receipts_at_once_are_too_much_without_the_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: what the lock of the statement's row keeps away."""
    gate = threading.Barrier(2)
    left_of = settling.left_of

    def slowly(share: object) -> D:
        left = left_of(share)  # type: ignore[arg-type]
        gate.wait(20)
        return left

    monkeypatch.setattr(settling, "locked", lambda pk: FeeStatement.objects.get(pk=pk))
    monkeypatch.setattr(settling, "left_of", slowly)
    side_by_side(lambda: paid("10.00", "PJ-1"), lambda: paid("10.00", "PJ-2"))
    assert FeeReceipt.objects.count() == 2


def test_a_statement_is_issued_once_by_two_at_once() -> None:
    used("orders_placed", moment(date(2026, 8, 3)))
    relayed_until(LATER)

    def close() -> int:
        with region_as("yz_region"):
            return len(statements.close_month(actor=SYSTEM, month=AUGUST, now=LATER).metered)

    def send() -> int:
        with region_as("yz_region"):
            ids = list(FeeStatement.objects.filter(month=AUGUST).values_list("pk", flat=True))
            return len(statements.issue_statements(actor=region_staff(), statement_ids=ids, now=LATER))

    assert sorted(map(str, side_by_side(close, close))) == ["0", "1"]
    assert sorted(map(str, side_by_side(send, send))) == ["1", "wrong-state"]
