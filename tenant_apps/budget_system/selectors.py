"""Reading reports, and the quotas of both sides beside each other."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from kernel.actor import Actor
from kernel.problems import NotPermitted
from tenant_apps.budget_system.models import BudgetReport
from tenant_apps.budget_system.rules import Compared, ReportState
from tenant_apps.budget_system.services import fetch
from tenant_apps.budgets.selectors import OVERSEERS, lines_of, unit_by_id


def reports_for(*, actor: Actor, state: str | None = None, search: str = "") -> QuerySet[BudgetReport]:
    """Reports, the newest first, for who oversees the tenant. Raises NotPermitted for others."""
    _require_overseer(actor)
    rows = BudgetReport.objects.order_by("-id")
    if state:
        rows = rows.filter(state=state)
    if search:
        rows = rows.filter(Q(number__icontains=search) | Q(quota_number__icontains=search))
    return rows


def counts() -> dict[str, int]:
    """How many reports there are in each state. One statement."""
    found = dict(BudgetReport.objects.values_list("state").annotate(count=Count("id")))
    return {str(state): found.get(str(state), 0) for state in ReportState}


def compared(*, actor: Actor, unit_id: int, fiscal_year: int) -> list[Compared]:
    """The quotas of a unit and year as both sides have them, differences first. Raises BudgetSystemAway, NotFound."""
    _require_overseer(actor)
    unit = unit_by_id(unit_id=unit_id)
    theirs = {quota.number: quota for quota in fetch(unit_code=unit.code, fiscal_year=fiscal_year)}
    ours = {
        line.quota_number: line
        for line in lines_of(actor=actor, unit_id=unit_id, fiscal_year=fiscal_year)
        if line.quota_number
    }
    unsettled = dict(
        BudgetReport.objects.filter(quota_number__in=list(ours), fiscal_year=fiscal_year)
        .exclude(state=ReportState.ACCEPTED)
        .values_list("quota_number")
        .annotate(count=Count("id"))
    )
    rows = []
    for number in sorted({*ours, *theirs}):
        line, quota = ours.get(number), theirs.get(number)
        rows.append(
            Compared(
                quota_number=number,
                name=line.budget_item if line else quota.name if quota else "",
                line_id=line.id if line else None,
                ours=(line.total, line.frozen, line.spent) if line else None,
                theirs=(quota.total, quota.frozen, quota.spent) if quota else None,
                unsettled=unsettled.get(number, 0),
            )
        )
    return sorted(rows, key=lambda row: not row.differs)


def _require_overseer(actor: Actor) -> None:
    if not any(actor.has(post) for post in OVERSEERS):
        raise NotPermitted
