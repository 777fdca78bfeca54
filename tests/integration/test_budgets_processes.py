"""Plans, transfers and the end of a year, by their services."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from kernel.actor import SYSTEM, Actor, HeldPost
from kernel.clock import utc_now
from kernel.posts import Post
from kernel.problems import InvalidInput, NotFound, NotPermitted, WrongState
from tenant_apps.budgets import adjusting, overviews, plans, rules, services, years
from tenant_apps.budgets.models import Adjustment, BudgetEntry, BudgetLine, BudgetUnit
from tenant_apps.budgets.selectors import lines_of, open_lines, statement, units_of
from tenant_apps.journal.models import JournalEntry
from tenants.database.context import tenant_atomic, tenant_selected
from tests.factories.budgets import make_line, make_unit
from tests.factories.rules import bureau_of

A = "990001"
NOW = utc_now()
YEAR = NOW.year
PLAN = {"subject": "教学电脑二十台", "amount": Decimal("90000.00"), "expected_on": date(2026, 12, 1), "note": ""}


def _of(unit: BudgetUnit, *posts: Post, user_id: int = 51) -> Actor:
    held = tuple(HeldPost(post, unit.organisation_id, unit.pk) for post in posts)
    return Actor(user_id=user_id, name="单位人员", tenant=A, held=held)


@pytest.fixture
def unit() -> BudgetUnit:
    return make_unit(A, code="001")


@pytest.fixture
def lines(unit: BudgetUnit) -> tuple[int, int]:
    return (
        make_line(A, unit.pk, total="100000.00", plan_filed=False).pk,
        make_line(A, unit.pk, total="50000.00", plan_number="JH-2026-002").pk,
    )


def _balance(line_id: int) -> tuple[Decimal, Decimal, Decimal]:
    line = BudgetLine.objects.get(pk=line_id)
    return line.total, line.frozen, line.spent


def _freeze(order_id: int, line_id: int, amount: str) -> None:
    with tenant_atomic():
        services.freeze(actor=SYSTEM, order_id=order_id, claims={line_id: Decimal(amount)}, now=NOW)


@pytest.mark.parametrize(
    ("code", "codes", "parent"),
    [
        ("001001001", {"001", "001001"}, "001001"),
        ("001001001", {"001"}, "001"),
        ("001001", {"002"}, None),
        ("001", {"001"}, None),
    ],
)
def test_the_unit_above_is_the_nearest_by_its_code(code: str, codes: set[str], parent: str | None) -> None:
    assert rules.parent_code(code, codes) == parent


def test_an_administrator_sees_the_units_below_and_acts_for_none_of_them(unit: BudgetUnit) -> None:
    below = make_unit(A, code="001001", name="下属小学")
    make_unit(A, code="002001", name="别的单位")
    line = make_line(A, below.pk, plan_filed=False)
    chief, clerk = _of(unit, Post.UNIT_ADMINISTRATOR), _of(unit, Post.BUYER_CLERK)
    with tenant_selected(A):
        assert [one.code for one in units_of(chief)] == ["001", "001001"]
        assert [one.code for one in units_of(chief, Post.UNIT_ADMINISTRATOR)] == ["001"]
        assert [one.code for one in units_of(clerk)] == ["001"]
        assert [one.id for one in lines_of(actor=chief)] == [line.pk]
        with pytest.raises(NotFound):
            plans.draft_plan(actor=chief, line_id=line.pk, now=NOW, **PLAN)
        with pytest.raises(NotFound):
            statement(actor=clerk, line_id=line.pk)


def test_a_plan_is_drafted_returned_amended_and_filed_and_changed(unit: BudgetUnit, lines: tuple[int, int]) -> None:
    clerk, bureau = _of(unit, Post.BUYER_CLERK), bureau_of(A)
    with tenant_selected(A):
        plan = plans.draft_plan(actor=clerk, line_id=lines[0], now=NOW, **PLAN)
        assert list(overviews.plans_of(actor=bureau)) == []
        with pytest.raises(plans.PlanOpen):
            plans.draft_plan(actor=clerk, line_id=lines[0], now=NOW, **PLAN)
        with pytest.raises(WrongState):
            plans.accept_plan(actor=bureau, plan_id=plan.pk, comment="", now=NOW)
        plans.submit_plan(actor=clerk, plan_id=plan.pk, now=NOW)
        with pytest.raises(WrongState):
            plans.amend_plan(actor=clerk, plan_id=plan.pk, now=NOW, **PLAN)
        with pytest.raises(InvalidInput):
            plans.return_plan(actor=bureau, plan_id=plan.pk, comment=" ", now=NOW)
        plans.return_plan(actor=bureau, plan_id=plan.pk, comment="请细化数量", now=NOW)
        with pytest.raises(InvalidInput):
            plans.amend_plan(actor=clerk, plan_id=plan.pk, now=NOW, **{**PLAN, "amount": Decimal("100000.01")})
        plans.amend_plan(actor=clerk, plan_id=plan.pk, now=NOW, **{**PLAN, "subject": "教学电脑十八台"})
        plans.submit_plan(actor=clerk, plan_id=plan.pk, now=NOW)
        with pytest.raises(NotPermitted):
            plans.accept_plan(actor=clerk, plan_id=plan.pk, comment="", now=NOW)
        assert not open_lines(unit_id=unit.pk, fiscal_year=YEAR)[0].plan_filed
        plans.accept_plan(actor=bureau, plan_id=plan.pk, comment="", now=NOW)
        assert open_lines(unit_id=unit.pk, fiscal_year=YEAR)[0].plan_filed
        change = plans.draft_plan(actor=clerk, line_id=lines[0], now=NOW, **PLAN)
        # What was filed stands while its change is drafted.
        assert (change.version, open_lines(unit_id=unit.pk, fiscal_year=YEAR)[0].plan_filed) == (2, True)
        told = JournalEntry.objects.filter(object_type="procurement_plan").order_by("id")
        assert [event.rpartition("_")[2] for event in told.values_list("event", flat=True)] == [
            "drafted", "submitted", "returned", "amended", "submitted", "accepted", "drafted",
        ]  # fmt: skip


def test_money_moves_between_lines_by_two_people(unit: BudgetUnit, lines: tuple[int, int]) -> None:
    chief, first, second = _of(unit, Post.UNIT_ADMINISTRATOR), bureau_of(A), bureau_of(A, user_id=7)
    asked = {"line_id": lines[0], "to_line_id": lines[1], "reason": "调剂", "document": "昌财〔2026〕1号", "now": NOW}
    with tenant_selected(A):
        _freeze(1, lines[0], "40000.00")
        with pytest.raises(services.BudgetInsufficient):
            adjusting.ask_transfer(actor=chief, amount=Decimal("60000.01"), **asked)
        with pytest.raises(NotFound):
            adjusting.ask_transfer(actor=_of(unit, Post.BUYER_CLERK), amount=Decimal("1.00"), **asked)
        own = adjusting.ask_transfer(actor=first, amount=Decimal("10000.00"), **asked)
        with pytest.raises(adjusting.FourEyes):
            adjusting.apply_transfer(actor=first, adjustment_id=own.pk, comment="", now=NOW)
        adjusting.apply_transfer(actor=second, adjustment_id=own.pk, comment="", now=NOW)
        with pytest.raises(adjusting.AdjustmentDecided):
            adjusting.refuse_transfer(actor=second, adjustment_id=own.pk, comment="重复", now=NOW)
        late = adjusting.ask_transfer(actor=chief, amount=Decimal("50000.00"), **asked)
        services.allot(actor=first, line_id=lines[0], change=Decimal("-1.00"), reason="核减", now=NOW)
        with pytest.raises(services.BudgetInsufficient):
            adjusting.apply_transfer(actor=first, adjustment_id=late.pk, comment="", now=NOW)
        adjusting.refuse_transfer(actor=first, adjustment_id=late.pk, comment="余额不足", now=NOW)
        assert [_balance(line)[0] for line in lines] == [Decimal("89999.00"), Decimal("60000.00")]
        assert all(statement(actor=first, line_id=line).adds_up for line in lines)
        kinds = [entry.kind for entry, _after in statement(actor=first, line_id=lines[0]).rows]
        assert kinds == ["allot", "freeze", "transfer_out", "reduce"]
        assert {one.state for one in Adjustment.objects.filter(kind="transfer")} == {"applied", "refused"}
        assert [one.document for one in overviews.adjustments_of(actor=chief, line_id=lines[1])][
            -1
        ] == "昌财〔2026〕1号"


def test_a_year_ends_with_what_was_spent(unit: BudgetUnit, lines: tuple[int, int]) -> None:
    """The first line: 20,000 spent, 30,000 frozen, 15,000 carried on, the rest lapses. The second lapses whole."""
    bureau, chief = bureau_of(A), _of(unit, Post.UNIT_ADMINISTRATOR)
    with tenant_selected(A):
        _freeze(1, lines[0], "20000.00")
        _freeze(2, lines[0], "30000.00")
        with tenant_atomic():
            services.spend(actor=SYSTEM, order_id=1, now=NOW)
        for number in (0, 1999, 2200, 2**63):
            with pytest.raises(NotFound):
                years.begin_closing(actor=bureau, year=number, now=NOW)
        with pytest.raises(years.WrongYearState):
            years.close_year(actor=bureau, year=YEAR, now=NOW)
        years.begin_closing(actor=bureau, year=YEAR, now=NOW)
        with pytest.raises(services.BudgetInsufficient):
            _freeze(3, lines[1], "1.00")
        with pytest.raises(services.LineClosed):
            services.allot(actor=bureau, line_id=lines[0], change=Decimal("1.00"), reason="追加", now=NOW)
        years.ask_carry_over(actor=chief, line_id=lines[0], amount=Decimal("15000.00"), reason="跨年项目", now=NOW)
        with pytest.raises(years.CarryOverUndecided):
            years.close_year(actor=bureau, year=YEAR, now=NOW)
        for amount in ("50000.01", "0"):
            with pytest.raises(InvalidInput):
                years.decide_carry_over(
                    actor=bureau, line_id=lines[0], decision="carry", amount=Decimal(amount), reason="同意", now=NOW
                )
        decide: Callable[..., Any] = years.decide_carry_over
        decide(actor=bureau, line_id=lines[0], decision="carry", amount=Decimal(15000), reason="同意", now=NOW)
        decide(actor=bureau, line_id=lines[1], decision="lapse", amount=Decimal(0), reason="", now=NOW)
        years.close_year(actor=bureau, year=YEAR, now=NOW)

        assert [_balance(line) for line in lines] == [(Decimal(20000), 0, Decimal(20000)), (0, 0, 0)]
        (new,) = BudgetLine.objects.filter(fiscal_year=YEAR + 1)
        assert (new.total, new.frozen, new.spent, new.is_open) == (Decimal(45000), Decimal(30000), 0, True)
        # The order's money is spent where it went, once.
        with tenant_atomic():
            assert services.spend(actor=SYSTEM, order_id=2, now=NOW) == Decimal(30000)
        assert _balance(new.pk) == (Decimal(45000), 0, Decimal(30000))
        with tenant_atomic(), pytest.raises(services.NothingFrozen):
            services.release(actor=SYSTEM, order_id=2, now=NOW)
        assert all(statement(actor=bureau, line_id=line).adds_up for line in (*lines, new.pk))
        assert [one.state for one in overviews.years()] == ["open", "closed"]
        facts = JournalEntry.objects.get(event="budgets.year_closed").facts
        assert (facts["carried"], facts["lapsed"], facts["frozen"]) == ("15000.00", "85000.00", "30000.00")
        with pytest.raises(years.WrongYearState):
            decide(actor=bureau, line_id=lines[1], decision="lapse", amount=Decimal(0), reason="", now=NOW)
        with pytest.raises(services.LineClosed):
            make_line(A, unit.pk, plan_number="JH-2026-009")
        assert BudgetEntry.objects.filter(kind="freeze_out").count() == 1


def test_a_statement_of_a_time_opens_with_what_was_before(unit: BudgetUnit, lines: tuple[int, int]) -> None:
    with tenant_selected(A):
        _freeze(1, lines[0], "40000.00")
        tomorrow = date.fromordinal(rules.date.today().toordinal() + 2)
        found = statement(actor=bureau_of(A), line_id=lines[0], since=tomorrow)
        assert (found.opening.frozen, len(found.rows), found.closing.frozen) == (Decimal(40000), 0, Decimal(40000))
        found = statement(actor=bureau_of(A), line_id=lines[0], until=date(2020, 1, 1))
        assert (found.opening.total, found.closing.total, found.adds_up) == (0, 0, True)
