"""Orders that were there before the ledger are entered in it; what they carried of green labels nobody wrote down.

The size of their suppliers was kept only as small-or-medium or not: those that were count as medium, the least.
"""

from django.db import migrations

ENTRIES = """
INSERT INTO commitments_commitment (order_id, unit_id, fiscal_year, month, budget_item, item_code, supplier_size, kind,
                                    amount, green_due, green, at)
SELECT o.id, o.unit_id, o.fiscal_year, extract(month FROM o.submitted_at AT TIME ZONE 'Asia/Shanghai')::int,
       b.budget_item, l.category_code, CASE WHEN o.supplier_is_sme THEN 'medium' ELSE 'large' END, 'commit',
       sum(f.amount), 0, 0, o.submitted_at
  FROM orders_order o
  JOIN orders_orderline l ON l.order_id = o.id
  JOIN orders_orderfunding f ON f.order_line_id = l.id
  JOIN budgets_budgetline b ON b.id = f.budget_line_id
 WHERE o.state NOT IN ('rejected', 'withdrawn', 'declined', 'expired', 'cancelled', 'terminated') AND l.kind <> 'works'
 GROUP BY o.id, b.budget_item, l.category_code
"""
HEADS = """
INSERT INTO commitments_budgetitemsum (unit_id, fiscal_year, budget_item, amount, version)
SELECT unit_id, fiscal_year, budget_item, sum(amount), 1 FROM commitments_commitment
 GROUP BY unit_id, fiscal_year, budget_item
"""
ITEMS = """
INSERT INTO commitments_itemsum (unit_id, fiscal_year, budget_item, item_code, amount)
SELECT unit_id, fiscal_year, budget_item, item_code, sum(amount) FROM commitments_commitment
 GROUP BY unit_id, fiscal_year, budget_item, item_code
"""
MONTHS = """
INSERT INTO commitments_monthshare (unit_id, fiscal_year, month, total, sme, small, green_due, green)
SELECT unit_id, fiscal_year, month, sum(amount), coalesce(sum(amount) FILTER (WHERE supplier_size = 'medium'), 0), 0, 0, 0
  FROM commitments_commitment GROUP BY unit_id, fiscal_year, month
"""


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0001_initial"),
        ("orders", "0002_indexes_that_another_begins_with"),
        ("budgets", "0003_indexes_that_another_begins_with"),
    ]

    operations = [migrations.RunSQL(text, migrations.RunSQL.noop) for text in (ENTRIES, HEADS, ITEMS, MONTHS)]
