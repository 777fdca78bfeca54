"""Orders that were there before the ledger are entered in it; what they carried of green labels nobody wrote down.

The size of their suppliers was kept only as small-or-medium or not: none of them counts as small.
"""

from django.db import migrations

_INTO = """
INSERT INTO commitments_ledgerrow (unit_id, fiscal_year, order_id, month, budget_item, item_code, amount, sme, small,
                                   green_due, green, since, version)
"""
ENTRIES = (
    _INTO
    + """
SELECT o.unit_id, o.fiscal_year, o.id, extract(month FROM o.submitted_at AT TIME ZONE 'Asia/Shanghai')::int,
       b.budget_item, l.category_code, sum(f.amount), CASE WHEN o.supplier_is_sme THEN sum(f.amount) ELSE 0 END, 0, 0, 0,
       o.submitted_at, 1
  FROM orders_order o
  JOIN orders_orderline l ON l.order_id = o.id
  JOIN orders_orderfunding f ON f.order_line_id = l.id
  JOIN budgets_budgetline b ON b.id = f.budget_line_id
 WHERE o.state NOT IN ('rejected', 'withdrawn', 'declined', 'expired', 'cancelled', 'terminated') AND l.kind <> 'works'
 GROUP BY o.id, b.budget_item, l.category_code
"""
)
_ADDED = "sum(amount), sum(sme), 0, 0, 0, min(since), 1 FROM commitments_ledgerrow WHERE order_id > 0 GROUP BY"
HEADS = f"{_INTO} SELECT unit_id, fiscal_year, 0, 0, budget_item, '', {_ADDED} unit_id, fiscal_year, budget_item"
ITEMS = (
    f"{_INTO} SELECT unit_id, fiscal_year, 0, 0, budget_item, item_code, {_ADDED} "
    "unit_id, fiscal_year, budget_item, item_code"
)
MONTHS = f"{_INTO} SELECT unit_id, fiscal_year, 0, month, '', '', {_ADDED} unit_id, fiscal_year, month"


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0001_initial"),
        ("orders", "0002_indexes_that_another_begins_with"),
        ("budgets", "0003_indexes_that_another_begins_with"),
    ]

    operations = [migrations.RunSQL(text, migrations.RunSQL.noop) for text in (ENTRIES, HEADS, ITEMS, MONTHS)]
