"""Units and lines of the demonstration's two counties; a second loading changes nothing.

Functional and economic classes are example codes of the demonstration; no official list was at hand.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from kernel.actor import SYSTEM
from kernel.clock import fiscal_year, local_date
from shared_apps.accounts.roster import DEMO_TENANTS, DEMO_UNITS
from shared_apps.accounts.rules import OrganisationKind
from shared_apps.accounts.selectors import organisations_of_tenant
from tenant_apps.budgets.models import BudgetLine
from tenant_apps.budgets.rules import FundSource
from tenant_apps.budgets.selectors import units
from tenant_apps.budgets.services import create_line, create_unit
from tenants.database.context import tenant_selected

# Item, fund source, total, whether the plan is filed (that of the last line is left to be), and what the simulated
# budget-management system does with the quota, by the last digits of its number.
LINES = (
    ("日常公用经费（演示）", FundSource.FISCAL, Decimal("500000.00"), True, "11"),
    ("信息化设备购置（演示）", FundSource.FISCAL, Decimal("200000.00"), True, "04"),
    ("办公家具购置（演示）", FundSource.OWN_INCOME, Decimal("80000.00"), False, "02"),
)
FUNCTIONAL_CLASS = "DEMO-F01"
ECONOMIC_CLASS = "DEMO-E01"


def load(now: datetime) -> None:
    """After the demonstration's organisations, before its posts."""
    year = fiscal_year(local_date(now))
    for code in DEMO_TENANTS:
        with tenant_selected(code):
            _units(code, now)
            _lines(year, now)


def _units(tenant_code: str, now: datetime) -> None:
    known = {unit.code for unit in units()}
    for organisation in organisations_of_tenant(tenant_code=tenant_code, kind=OrganisationKind.BUDGET_UNIT):
        if organisation.code in DEMO_UNITS and organisation.code not in known:
            create_unit(
                actor=SYSTEM,
                code=organisation.code,
                name=organisation.name,
                organisation_id=organisation.pk,
                now=now,
            )


def _lines(year: int, now: datetime) -> None:
    known = set(BudgetLine.objects.filter(fiscal_year=year).values_list("unit_id", "plan_number"))
    for unit in units():
        for number, (item, source, total, filed, ending) in enumerate(LINES, start=1):
            plan_number = f"DEMO-{year}-{unit.code}-{number:02}"
            if unit.code in DEMO_UNITS and (unit.id, plan_number) not in known:
                create_line(
                    actor=SYSTEM,
                    unit_id=unit.id,
                    fiscal_year=year,
                    plan_number=plan_number,
                    plan_filed_on=date(year, 1, 1) if filed else None,
                    budget_item=item,
                    fund_source=source,
                    functional_class=FUNCTIONAL_CLASS,
                    economic_class=ECONOMIC_CLASS,
                    quota_number=f"DEMO-ZB-{year}-{unit.code}-{ending}",
                    total=total,
                    now=now,
                )
