"""The demonstration's fee budget and share rule. No document says either: both are invented, for malls marked 演示."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from kernel.actor import SYSTEM
from kernel.clock import fiscal_year, local_date
from shared_apps.fees.selectors.budgets import payers_for, share_rules
from shared_apps.fees.selectors.years import budget_history
from shared_apps.fees.services.budgets import set_budget
from shared_apps.fees.services.shares import enter_share_rule
from tenants.registry.selectors import tenant_names

AMOUNT = Decimal("1200.00")
REFERENCE = "演示指标-2010650"
DOCUMENT = "演示文件（虚构）"
OWN_PERCENT = Decimal(80)


def load(now: datetime) -> None:
    """Sets this year's budget and who bears it, unless there is one. Idempotent."""
    year = fiscal_year(local_date(now))
    for code, tenant in tenant_names().items():
        if not tenant.is_demo or tenant.is_practice:
            continue
        if not budget_history(tenant_code=code, year=year):
            set_budget(
                actor=SYSTEM, tenant_code=code, year=year, amount=AMOUNT, budget_reference=REFERENCE, now=now
            )  # fmt: skip
        if not share_rules(tenant_codes=[code]):
            above = payers_for(tenant_code=code)[1][0]
            enter_share_rule(
                actor=SYSTEM,
                tenant_code=code,
                valid_from=date(year, 1, 1),
                document_number=DOCUMENT,
                parts={code: OWN_PERCENT, above: 100 - OWN_PERCENT},
                now=now,
            )
