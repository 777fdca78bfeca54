"""Plans, transfers, a year being closed and reports, for tests that look at every page or every address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from kernel.actor import Actor
from kernel.clock import local_date, utc_now
from tenant_apps.budget_system.models import BudgetReport, SimulatedQuota
from tenant_apps.budget_system.services import send_due
from tenant_apps.budgets import adjusting, plans, years
from tenant_apps.budgets.models import BudgetLine
from tenant_apps.budgets.services import create_line, freeze
from tenants.database.context import tenant_atomic, tenant_selected
from tests.factories.orders import Shop


@dataclass(frozen=True)
class Made:
    """Ids by what they are of."""

    line_id: int
    plan_id: int
    returned_plan_id: int
    adjustment_id: int
    year: int
    carried_line_id: int
    told_line_id: int
    report_id: int


def make_budget_papers(*, clerk: Actor, bureau: Actor, unit_id: int, marker: str = "") -> Made:
    """In the selected tenant: two plans, a transfer that waits, last year being closed, a report."""
    now = utc_now()
    today = local_date(now)

    def line(number: str, year: int, quota: str = "") -> int:
        return create_line(
            actor=bureau, unit_id=unit_id, fiscal_year=year, plan_number=number, plan_filed_on=None,
            budget_item=f"{marker}专用设备", fund_source="fiscal", functional_class="2050203", economic_class="30201",
            total=Decimal("5000.00"), quota_number=quota, now=now,
        ).pk  # fmt: skip

    ids = []
    for number in ("JH-81", "JH-82"):
        plan = plans.draft_plan(
            actor=clerk, line_id=line(number, today.year), subject=f"{marker}教学电脑", amount=Decimal("4000.00"),
            expected_on=today + timedelta(days=30), note="", now=now,
        )  # fmt: skip
        plans.submit_plan(actor=clerk, plan_id=plan.pk, now=now)
        ids.append(plan)
    plans.return_plan(actor=bureau, plan_id=ids[1].pk, comment=f"{marker}请细化数量", now=now)
    asked = adjusting.ask_transfer(
        actor=bureau, line_id=ids[0].line_id, to_line_id=ids[1].line_id, amount=Decimal("100.00"),
        reason=f"{marker}调剂", document="", now=now,
    )  # fmt: skip
    carried = line("JH-83", today.year - 1)
    years.begin_closing(actor=bureau, year=today.year - 1, now=now)
    told = line("JH-84", today.year, "ZB-84-11")
    SimulatedQuota.objects.create(
        number="ZB-84-11", unit_code="001001", fiscal_year=today.year, name=f"{marker}专用设备",
        functional_class="2050203", economic_class="30201", fund_source="fiscal", total=Decimal("5000.00"),
    )  # fmt: skip
    with tenant_atomic():
        freeze(actor=bureau, order_id=900_001, claims={told: Decimal("10.00")}, now=now)
    send_due(now=now)
    return Made(
        line_id=ids[0].line_id,
        plan_id=ids[0].pk,
        returned_plan_id=ids[1].pk,
        adjustment_id=asked.pk,
        year=today.year - 1,
        carried_line_id=carried,
        told_line_id=told,
        report_id=BudgetReport.objects.order_by("-pk")[0].pk,
    )


def pages_of(made: Made) -> dict[str, list[str]]:
    """Addresses by route name."""
    year = made.year + 1
    return {
        "budgets:draft_plan": [f"/budgets/{made.told_line_id}/plan/"],
        "budgets:plans": ["/budgets/plans/", "/budgets/plans/?search=没有"],
        "budgets:plan": [f"/budgets/plans/{pk}/" for pk in (made.plan_id, made.returned_plan_id)],
        "budgets:amend_plan": [f"/budgets/plans/{made.returned_plan_id}/amend/"],
        "budgets:adjustments": ["/budgets/adjustments/", "/budgets/adjustments/?state=refused"],
        "budgets:adjustment": [f"/budgets/adjustments/{made.adjustment_id}/"],
        "budgets:year": [f"/budgets/years/{made.year}/", f"/budgets/years/{year}/"],
        "budgets:carry_over": [f"/budgets/{made.carried_line_id}/carry-over/"],
        "budget_system:reports": ["/bureau/budget-system/", "/bureau/budget-system/?search=NONE"],
    }


def known_there(shop: Shop, line: BudgetLine, number: str) -> None:
    """The budget-management system knows the shop's line under this number, whose end decides what it does."""
    with tenant_selected(shop.tenant):
        BudgetLine.objects.filter(pk=line.pk).update(quota_number=number)
        unit_code = BudgetLine.objects.select_related("unit").get(pk=line.pk).unit.code
        SimulatedQuota.objects.create(
            number=number, unit_code=unit_code, fiscal_year=line.fiscal_year, name="公用经费", fund_source="fiscal",
            functional_class="2050203", economic_class="30201", total=line.total,
        )  # fmt: skip
