"""Budget units and lines for tests, through the services."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from kernel.clock import local_date, utc_now
from shared_apps.accounts.rules import OrganisationKind
from tenant_apps.budgets.models import BudgetLine, BudgetUnit
from tenant_apps.budgets.services import create_line, create_unit
from tenants.database.context import tenant_selected
from tests.factories.people import make_organisation
from tests.factories.rules import bureau_of


def make_unit(
    tenant: str, *, code: str = "001001", name: str = "测试中学", organisation_id: int | None = None
) -> BudgetUnit:
    """A unit, with an organisation of its own unless one is named."""
    if organisation_id is None:
        organisation_id = make_organisation(OrganisationKind.BUDGET_UNIT, name=name, tenant_code=tenant).pk
    with tenant_selected(tenant):
        return create_unit(
            actor=bureau_of(tenant), code=code, name=name, organisation_id=organisation_id, now=utc_now()
        )


def make_line(
    tenant: str,
    unit_id: int,
    *,
    total: str = "500000.00",
    plan_number: str = "JH-2026-001",
    fiscal_year: int | None = None,
    plan_filed: bool = True,
    quota_number: str = "",
) -> BudgetLine:
    today = local_date(utc_now())
    with tenant_selected(tenant):
        return create_line(
            actor=bureau_of(tenant),
            unit_id=unit_id,
            fiscal_year=fiscal_year or today.year,
            plan_number=plan_number,
            plan_filed_on=date(today.year, 1, 15) if plan_filed else None,
            budget_item="公用经费",
            fund_source="fiscal",
            functional_class="2050203",
            economic_class="30201",
            total=Decimal(total),
            quota_number=quota_number,
            now=utc_now(),
        )
