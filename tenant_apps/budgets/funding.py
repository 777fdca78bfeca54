"""Budget lines as a step of an order reads them: one statement, which every submit and approval runs."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Any

from django.db import connections

from tenant_apps.budgets.rules import LineView
from tenants.database.context import TENANT_ALIAS

# In the order of LineView.
_LINES = """
SELECT line.id, line.unit_id, unit.code, unit.name, line.fiscal_year, line.plan_number, line.plan_filed_on,
       line.budget_item, line.fund_source, line.functional_class, line.economic_class, line.total, line.frozen,
       line.spent, line.is_open, line.item_id, line.quota_number, {beside}
  FROM budgets_budgetline line JOIN budgets_budgetunit unit ON unit.id = line.unit_id
 WHERE line.id = ANY(%s::bigint[])
"""


def lines_with(ids: Collection[int], *, beside: tuple[str, Sequence[Any]]) -> tuple[dict[int, LineView], Any]:
    """`selectors.lines_by_id`, and the JSON value of `beside`; None without a line.

    `beside` is an expression with its parameters that asks something else of the same room.
    """
    expression, parameters = beside
    with connections[TENANT_ALIAS].cursor() as cursor:
        cursor.execute(_LINES.replace("{beside}", expression), [*parameters, list(ids)])
        rows = cursor.fetchall()
    stored = rows[0][-1] if rows else None
    return {row[0]: LineView(*row[:-1]) for row in rows}, json.loads(stored) if isinstance(stored, str) else stored
