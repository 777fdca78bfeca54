"""Budget lines by what other systems call them: unit, fiscal year and plan number."""

from __future__ import annotations

from collections.abc import Collection

from tenant_apps.budgets.models import BudgetLine
from tenant_apps.budgets.rules import LineView
from tenant_apps.budgets.selectors import line_view

LineName = tuple[int, int, str]


def lines_named(*, keys: Collection[LineName]) -> dict[LineName, LineView]:
    """The lines there are of these names. One statement."""
    rows = BudgetLine.objects.select_related("unit").filter(
        unit_id__in={unit_id for unit_id, _year, _plan in keys}, plan_number__in={plan for _unit, _year, plan in keys}
    )
    found = {(row.unit_id, row.fiscal_year, row.plan_number): row for row in rows.order_by("id")}
    return {key: line_view(row) for key, row in found.items() if key in keys}
