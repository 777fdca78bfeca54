"""A procurement plan and a transfer of the demonstration that wait for the finance bureau of 652301."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from kernel.clock import fiscal_year, local_date
from tenant_apps.budgets import adjusting, plans
from tenant_apps.budgets.models import ProcurementPlan
from tenant_apps.budgets.selectors import open_lines
from tenant_apps.orders.demo import READY_TENANT, demo_actor
from tenants.database.context import region_as, tenant_selected

CLERK, CHIEF = "cj-jingban", "cj-danwei"


def load(now: datetime) -> None:
    """After the demonstration's posts and orders; nothing is done where a plan exists already."""
    with tenant_selected(READY_TENANT):
        if ProcurementPlan.objects.exists():
            return
        with region_as("yz_region"):
            clerk, chief = demo_actor(CLERK), demo_actor(CHIEF)
        unit_id = min(plans.planning_units(clerk))
        lines = open_lines(unit_id=unit_id, fiscal_year=fiscal_year(local_date(now)))
        with region_as("yz_mall"):
            for line in (one for one in lines if not one.plan_filed):
                plan = plans.draft_plan(
                    actor=clerk, line_id=line.id, subject="办公桌椅四十套（演示）", amount=Decimal("76000.00"),
                    expected_on=local_date(now) + timedelta(days=30), note="", now=now,
                )  # fmt: skip
                plans.submit_plan(actor=clerk, plan_id=plan.pk, now=now)
            adjusting.ask_transfer(
                actor=chief, line_id=lines[0].id, to_line_id=lines[1].id, amount=Decimal("20000.00"),
                reason="信息化设备增加（演示）", document="", now=now,
            )  # fmt: skip
