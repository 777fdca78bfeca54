"""Lists of plans, transfers, years and unspent money, each starting from who reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from kernel.actor import Actor
from kernel.money import ZERO
from kernel.posts import Post
from kernel.problems import NotFound
from tenant_apps.budgets.models import Adjustment, BudgetLine, CarryOver, FiscalYear, ProcurementPlan
from tenant_apps.budgets.rules import PlanState, YearState, year_state
from tenant_apps.budgets.selectors import OVERSEERS, units_of


def _reach(actor: Actor) -> Q:
    """A condition on lines: everything for who oversees the tenant, else the units the actor reads."""
    if any(actor.has(post) for post in OVERSEERS):
        return Q()
    return Q(line__unit_id__in=[unit.id for unit in units_of(actor)])


def plans_of(*, actor: Actor, state: str | None = None, search: str = "") -> QuerySet[ProcurementPlan]:
    """Procurement plans of the units the actor reads, the newest first; the bureau sees no drafts."""
    rows = ProcurementPlan.objects.select_related("line__unit").filter(_reach(actor)).order_by("-id")
    if any(actor.has(post) for post in OVERSEERS):
        rows = rows.exclude(state=PlanState.DRAFT)
    if state:
        rows = rows.filter(state=state)
    if search:
        rows = rows.filter(
            Q(subject__icontains=search)
            | Q(line__plan_number__icontains=search)
            | Q(line__unit__name__icontains=search)
        )
    return rows


def plan_for(*, actor: Actor, plan_id: int) -> ProcurementPlan:
    """Raises NotFound for strangers."""
    plan = plans_of(actor=actor).filter(pk=plan_id).first()
    if plan is None:
        raise NotFound(plan_id=plan_id)
    return plan


def adjustments_of(*, actor: Actor, state: str | None = None, line_id: int | None = None) -> QuerySet[Adjustment]:
    """Changes of totals, the newest first: those of lines the actor reads, at either end."""
    rows = Adjustment.objects.select_related("line__unit", "to_line__unit").order_by("-id")
    if not any(actor.has(post) for post in OVERSEERS):
        own = [unit.id for unit in units_of(actor)]
        rows = rows.filter(Q(line__unit_id__in=own) | Q(to_line__unit_id__in=own))
    if state:
        rows = rows.filter(state=state)
    if line_id is not None:
        rows = rows.filter(Q(line_id=line_id) | Q(to_line_id=line_id))
    return rows


def adjustment_for(*, actor: Actor, adjustment_id: int) -> Adjustment:
    """Raises NotFound for strangers."""
    found = adjustments_of(actor=actor).filter(pk=adjustment_id).first()
    if found is None:
        raise NotFound(adjustment_id=adjustment_id)
    return found


@dataclass(frozen=True, slots=True)
class YearView:
    """A fiscal year with the sums of its lines; moments are None for a year nobody has touched."""

    year: int
    state: YearState
    opened_at: datetime | None
    closing_at: datetime | None
    closed_at: datetime | None
    lines: int
    total: Decimal
    frozen: Decimal
    spent: Decimal
    undecided: int


def years() -> list[YearView]:
    """Every year that is entered or has lines, the latest first. Three statements."""
    rows = {row.year: row for row in FiscalYear.objects.all()}
    sums: dict[int, dict[str, Any]] = {
        one["fiscal_year"]: dict(one)
        for one in BudgetLine.objects.values("fiscal_year").annotate(
            lines=Count("id"), sum_total=Sum("total"), sum_frozen=Sum("frozen"), sum_spent=Sum("spent")
        )
    }
    undecided = dict(CarryOver.objects.filter(decision="").values_list("line__fiscal_year").annotate(count=Count("id")))
    found = []
    for year in sorted({*rows, *sums}, reverse=True):
        row = rows.get(year)
        one: dict[str, Any] = sums.get(year, {})
        closing_at, closed_at = (row.closing_at, row.closed_at) if row else (None, None)
        found.append(
            YearView(
                year=year,
                state=year_state(closing_at=closing_at, closed_at=closed_at),
                opened_at=row.opened_at if row else None,
                closing_at=closing_at,
                closed_at=closed_at,
                lines=one.get("lines", 0),
                total=one.get("sum_total", ZERO),
                frozen=one.get("sum_frozen", ZERO),
                spent=one.get("sum_spent", ZERO),
                undecided=undecided.get(year, 0),
            )
        )
    return found


def year_view(*, year: int) -> YearView:
    """Raises NotFound for a year that is neither entered nor has lines."""
    found = next((one for one in years() if one.year == year), None)
    if found is None:
        raise NotFound(year=year)
    return found


def carry_overs(*, actor: Actor, year: int) -> QuerySet[CarryOver]:
    """The list of unspent money of a year, by unit: for the bureau all of it, for a unit its own.

    Raises NotFound for a year that is neither entered nor has lines.
    """
    lines, entered = BudgetLine.objects.filter(fiscal_year=year), FiscalYear.objects.filter(year=year)
    if not (lines.exists() or entered.exists()):
        raise NotFound(year=year)
    rows = CarryOver.objects.select_related("line__unit").filter(_reach(actor), line__fiscal_year=year)
    return rows.order_by("line__unit__code", "line__plan_number")


def carry_over_for(*, actor: Actor, line_id: int) -> CarryOver:
    """Raises NotFound for strangers and lines without unspent money."""
    row = CarryOver.objects.select_related("line__unit").filter(_reach(actor), line_id=line_id).first()
    if row is None:
        raise NotFound(line_id=line_id)
    return row


def may_decide(actor: Actor) -> bool:
    return actor.has(Post.TIER_SUPERVISOR)
