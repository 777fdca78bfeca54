"""Money that came back to a line whose year is closed goes on, as frozen money does when a year is closed.

The line of the first later year that is not closed takes it: the same unit and plan number, entered where there is
none. The closed year keeps what was spent of it for good. At most five statements, one where no year is closed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connections

from kernel.actor import Actor
from tenants.database.context import TENANT_ALIAS

_CLOSED = """
SELECT line.id,
       (SELECT min(candidate) FROM generate_series(line.fiscal_year + 1, 2199) candidate
         WHERE NOT EXISTS (SELECT FROM budgets_fiscalyear later
                            WHERE later.year = candidate AND later.closed_at IS NOT NULL))
  FROM budgets_budgetline line
  JOIN budgets_fiscalyear year ON year.year = line.fiscal_year AND year.closed_at IS NOT NULL
 WHERE line.id = ANY(%(lines)s)
 ORDER BY line.id
"""
_SUCCESSORS = """
INSERT INTO budgets_budgetline (unit_id, item_id, fiscal_year, plan_number, plan_filed_on, budget_item, fund_source,
                                functional_class, economic_class, total, frozen, spent, is_open, created_at)
SELECT old.unit_id, old.item_id, wanted.year, old.plan_number, old.plan_filed_on, old.budget_item, old.fund_source,
       old.functional_class, old.economic_class, 0, 0, 0,
       NOT EXISTS (SELECT FROM budgets_fiscalyear year WHERE year.year = wanted.year AND year.closing_at IS NOT NULL),
       %(now)s
  FROM unnest(%(lines)s::bigint[], %(years)s::int[]) AS wanted (line_id, year)
  JOIN budgets_budgetline old ON old.id = wanted.line_id
 ORDER BY old.id
    ON CONFLICT (unit_id, fiscal_year, plan_number) DO NOTHING
"""
_ENTRIES = """
WITH pending AS (
    SELECT entry.id, entry.line_id AS old_id, new.id AS new_id, entry.amount
      FROM unnest(%(lines)s::bigint[], %(years)s::int[]) AS wanted (line_id, year)
      JOIN budgets_budgetline old ON old.id = wanted.line_id
      JOIN budgets_budgetline new ON new.unit_id = old.unit_id AND new.fiscal_year = wanted.year
                                 AND new.plan_number = old.plan_number
      JOIN budgets_budgetentry entry ON entry.line_id = old.id AND entry.order_id = %(order)s
                                    AND entry.kind = 'return'
                                    AND entry.interest_id IS NOT DISTINCT FROM %(interest)s::bigint
     WHERE NOT EXISTS (SELECT FROM budgets_budgetentry done WHERE done.resolves_id = entry.id)
), wanted (line_id, kind, amount, resolves_id, other_line_id) AS (
    SELECT old_id, 'freeze_out', amount, id, new_id FROM pending
    UNION ALL
    SELECT new_id, 'freeze_in', amount, NULL, old_id FROM pending
)
INSERT INTO budgets_budgetentry
       (line_id, kind, amount, order_id, interest_id, resolves_id, other_line_id, reason, actor_id, actor_name, at)
SELECT line_id, kind, amount, %(order)s, %(interest)s::bigint, resolves_id, other_line_id, '', %(actor_id)s,
       %(actor_name)s, %(now)s
  FROM wanted ORDER BY line_id, kind DESC
RETURNING line_id, kind, amount
"""
_LOCKED = "SELECT id FROM budgets_budgetline WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
_BALANCES = """
UPDATE budgets_budgetline line SET total = line.total + moved.amount, frozen = line.frozen + moved.amount
  FROM (SELECT line_id, sum(amount) AS amount FROM unnest(%(lines)s::bigint[], %(amounts)s::numeric[])
            AS one (line_id, amount) GROUP BY line_id) moved
 WHERE moved.line_id = line.id
"""


def out_of_closed_years(
    *, actor: Actor, order_id: int, interest_id: int | None, line_ids: Sequence[int], now: datetime
) -> None:
    """Moves what has just come back to lines of closed years on. Inside the caller's transaction, which shares the
    lock of the years.
    """
    with connections[TENANT_ALIAS].cursor() as cursor:
        cursor.execute(_CLOSED, {"lines": list(line_ids)})
        found = cursor.fetchall()
        if not found:
            return
        values: dict[str, Any] = {
            "lines": [line for line, _year in found],
            "years": [year for _line, year in found],
            "order": order_id,
            "interest": interest_id,
            "actor_id": actor.user_id,
            "actor_name": actor.name,
            "now": now,
        }
        cursor.execute(_SUCCESSORS, values)
        cursor.execute(_ENTRIES, values)
        moved = cursor.fetchall()
        cursor.execute(_LOCKED, [[line for line, _kind, _amount in moved]])
        cursor.execute(
            _BALANCES,
            {
                "lines": [line for line, _kind, _amount in moved],
                "amounts": [amount if kind == "freeze_in" else -amount for _line, kind, amount in moved],
            },
        )
