"""Reports to the budget-management system: told after the commit, once, in order, whatever the other side does."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connections

from kernel.actor import SYSTEM, Actor, HeldPost
from kernel.clock import utc_now
from kernel.posts import Post
from kernel.problems import InvalidInput, NotFound, NotPermitted, WrongState
from tenant_apps.budget_system import selectors, services
from tenant_apps.budget_system.models import BudgetReport, SimulatedQuota, SimulatedQuotaEntry
from tenant_apps.budget_system.simulator import SimulatedBudgetSystem
from tenant_apps.budgets.models import BudgetLine
from tenant_apps.budgets.services import freeze, release, release_part, spend
from tenant_apps.journal.models import JournalEntry
from tenants.database.context import tenant_atomic, tenant_selected
from tests.factories.budgets import make_line, make_unit
from tests.factories.rules import bureau_of

A = "990001"
NOW = utc_now()


@pytest.fixture
def unit_id() -> int:
    return make_unit(A).pk


def _line(unit_id: int, ending: str, *, total: str = "1000.00") -> int:
    number = f"ZB-{ending}"
    line = make_line(A, unit_id, total=total, plan_number=f"JH-{ending}", quota_number=number)
    with tenant_selected(A):
        SimulatedQuota.objects.create(
            number=number, unit_code="001001", fiscal_year=line.fiscal_year, name="公用经费", functional_class="1",
            economic_class="1", fund_source="fiscal", total=Decimal(total),
        )  # fmt: skip
    return line.pk


def _freeze(order_id: int, line_id: int, amount: str = "100.00") -> None:
    with tenant_atomic():
        freeze(actor=SYSTEM, order_id=order_id, claims={line_id: Decimal(amount)}, now=NOW)


def _round(at: datetime = NOW) -> services.Worked:
    return services.send_due(now=at, provider=SimulatedBudgetSystem(clock=lambda: at))


def _states() -> list[tuple[str, str]]:
    return list(BudgetReport.objects.order_by("id").values_list("kind", "state"))


def test_a_freeze_and_its_payment_are_told_in_order_and_both_sides_agree(unit_id: int) -> None:
    line = _line(unit_id, "11")
    with tenant_selected(A):
        _freeze(1, line)
        with tenant_atomic():
            release_part(actor=SYSTEM, order_id=1, amounts={line: Decimal("30.00")}, now=NOW)
        with tenant_atomic():
            spend(actor=SYSTEM, order_id=1, now=NOW)
        assert _round() == services.Worked(accepted=3)
        assert _states() == [("freeze", "accepted"), ("release", "accepted"), ("spend", "accepted")]
        assert _round() == services.Worked()
        (row,) = selectors.compared(actor=bureau_of(A), unit_id=unit_id, fiscal_year=NOW.year)
        assert row.theirs == (Decimal("1000.00"), Decimal("0.00"), Decimal("70.00"))
        assert not row.differs
        assert JournalEntry.objects.filter(event="budget_system.report_accepted").count() == 3


def test_what_is_rolled_back_and_what_has_no_quota_is_not_told(unit_id: int) -> None:
    line, unknown = _line(unit_id, "11"), make_line(A, unit_id).pk
    with tenant_selected(A):
        _freeze(1, unknown)
        with tenant_atomic():
            freeze(actor=SYSTEM, order_id=2, claims={line: Decimal("1.00")}, now=NOW)
            connections["tenant"].set_rollback(True)
        assert _states() == []


@pytest.mark.parametrize(
    ("ending", "reason"), [("01", "指标不存在"), ("02", "指标可用余额不足"), ("03", "该年度已关账")]
)
def test_a_refusal_is_kept_and_can_be_sent_again(unit_id: int, ending: str, reason: str) -> None:
    line = _line(unit_id, ending)
    clerk = Actor(user_id=5, name="经办", tenant=A, held=(HeldPost(Post.BUYER_CLERK, 11),))
    with tenant_selected(A):
        _freeze(1, line)
        assert _round() == services.Worked(refused=1)
        report = BudgetReport.objects.get()
        assert (report.state, report.state_reason) == ("refused", reason)
        (row,) = selectors.compared(actor=bureau_of(A), unit_id=unit_id, fiscal_year=NOW.year)
        assert (row.differs, row.unsettled, row.differences[1]) == (True, 1, Decimal("100.00"))
        with pytest.raises(NotPermitted):
            services.resend(actor=clerk, report_id=report.pk, now=NOW)
        services.resend(actor=bureau_of(A), report_id=report.pk, now=NOW)
        with pytest.raises(WrongState):
            services.resend(actor=bureau_of(A), report_id=report.pk, now=NOW)
        assert _round() == services.Worked(refused=1)
        with pytest.raises(NotFound):
            services.resend(actor=bureau_of(A), report_id=10**9, now=NOW)


def test_a_delayed_report_holds_the_later_one_back(unit_id: int) -> None:
    line = _line(unit_id, "04")
    with tenant_selected(A):
        _freeze(1, line)
        with tenant_atomic():
            release(actor=SYSTEM, order_id=1, now=NOW)
        assert _round() == services.Worked(waiting=2)
        assert _states() == [("freeze", "sent"), ("release", "waiting")]
        assert _round(NOW + timedelta(minutes=2)) == services.Worked(accepted=1, waiting=1)
        assert _round(NOW + timedelta(minutes=3)) == services.Worked(accepted=1)


@pytest.mark.parametrize(("ending", "rounds"), [("05", (1, 180)), ("06", (1, 20))])
def test_a_lost_answer_is_asked_again_and_entered_once(unit_id: int, ending: str, rounds: tuple[int, int]) -> None:
    line = _line(unit_id, ending)
    with tenant_selected(A):
        _freeze(1, line)
        assert _round(NOW + timedelta(seconds=rounds[0])) == services.Worked(waiting=1)
        assert BudgetReport.objects.get().last_error
        assert _round(NOW + timedelta(seconds=rounds[1])) == services.Worked(accepted=1)
        entry = SimulatedQuotaEntry.objects.get()
        assert (entry.amount, entry.times_received) == (Decimal("100.00"), 2)


def test_an_answer_written_twice_counts_once(unit_id: int) -> None:
    line = _line(unit_id, "11")
    with tenant_selected(A):
        _freeze(1, line)
        first, _early = services._claim(NOW) or pytest.fail("nothing is due")
        assert _round(NOW + timedelta(minutes=2)) == services.Worked(accepted=1)
        assert services._told(first, False, SimulatedBudgetSystem(clock=lambda: NOW), NOW) == "waiting"
        assert JournalEntry.objects.filter(event="budget_system.report_accepted").count() == 1
        assert SimulatedQuotaEntry.objects.get().times_received == 2


def test_missing_quotas_are_taken_over_as_lines(unit_id: int) -> None:
    with tenant_selected(A):
        for number, total in (("ZB-21", "500.00"), ("ZB-22", "700.00")):
            SimulatedQuota.objects.create(
                number=number, unit_code="001001", fiscal_year=NOW.year, name="图书购置", functional_class="2050203",
                economic_class="30201", fund_source="fiscal", total=Decimal(total), project_code="X1",
            )  # fmt: skip
        SimulatedQuotaEntry.objects.create(
            number="YS1", reference="R", quota_number="ZB-22", kind="freeze", amount=1, scenario="accepts",
            received_at=NOW,
        )  # fmt: skip
        rows = selectors.compared(actor=bureau_of(A), unit_id=unit_id, fiscal_year=NOW.year)
        assert [(row.quota_number, row.is_missing_here) for row in rows] == [("ZB-21", True), ("ZB-22", True)]
        wanted = {"unit_id": unit_id, "fiscal_year": NOW.year, "now": NOW}
        with pytest.raises(InvalidInput):
            services.take_over(actor=bureau_of(A), numbers=["ZB-21", "ZB-22"], **wanted)
        with pytest.raises(NotFound):
            services.take_over(actor=bureau_of(A), numbers=["ZB-29"], **wanted)
        services.take_over(actor=bureau_of(A), numbers=["ZB-21"], **wanted)
        line = BudgetLine.objects.select_related("item").get()
        assert (line.total, line.quota_number, line.item and line.item.project_code) == (Decimal(500), "ZB-21", "X1")
        (same, _other) = sorted(
            selectors.compared(actor=bureau_of(A), unit_id=unit_id, fiscal_year=NOW.year), key=lambda r: r.quota_number
        )
        assert not same.differs
