"""The simulated system's quotas of the demonstration: the mall's lines, and one not entered here yet."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from kernel.clock import fiscal_year, local_date
from shared_apps.accounts.roster import DEMO_TENANTS
from tenant_apps.budget_system.models import SimulatedQuota
from tenant_apps.budgets.selectors import open_lines, units
from tenants.database.context import tenant_selected


def load(now: datetime) -> None:
    """After the demonstration's budget lines; a second loading changes nothing."""
    year = fiscal_year(local_date(now))
    for code in DEMO_TENANTS:
        with tenant_selected(code):
            _quotas(year)


def _quotas(year: int) -> None:
    lines = [line for unit in units() for line in open_lines(unit_id=unit.id, fiscal_year=year) if line.quota_number]
    quotas = [
        SimulatedQuota(
            number=line.quota_number,
            unit_code=line.unit_code,
            fiscal_year=year,
            name=line.budget_item,
            functional_class=line.functional_class,
            economic_class=line.economic_class,
            fund_source=line.fund_source,
            total=line.total,
        )
        for line in lines
    ]
    quotas += [
        SimulatedQuota(
            number=f"DEMO-ZB-{year}-{unit_code}-99",
            unit_code=unit_code,
            fiscal_year=year,
            name="图书购置（演示）",
            functional_class="DEMO-F01",
            economic_class="DEMO-E01",
            fund_source="fiscal",
            total=Decimal("60000.00"),
        )
        for unit_code in sorted({line.unit_code for line in lines})
    ]
    SimulatedQuota.objects.bulk_create(quotas, ignore_conflicts=True)
