"""The ledger's statements, written by hand: every submission reads and writes it.

A writer takes the rows of its budget items first, in their order, and the months last; so writers of one budget item
follow each other, and no two wait for each other.
"""

from __future__ import annotations

# What a purchase reads beside its budget lines: the sums of the budget items that pay, the year's shares, accepted
# exceptions, canteen food. Asks nothing of the row it stands beside: the server works it out once a statement.
# Parameters: unit, fiscal year, budget lines.
READ = """(SELECT jsonb_build_object(
  'heads', (SELECT coalesce(jsonb_agg(jsonb_build_array(h.budget_item, h.version)), '[]')
              FROM commitments_budgetitemsum h
             WHERE h.unit_id = q.unit_id AND h.fiscal_year = q.fiscal_year AND h.budget_item = ANY(q.budget_items)),
  'items', (SELECT coalesce(jsonb_agg(jsonb_build_array(s.budget_item, s.item_code, s.amount::text)), '[]')
              FROM commitments_itemsum s
             WHERE s.unit_id = q.unit_id AND s.fiscal_year = q.fiscal_year AND s.budget_item = ANY(q.budget_items)),
  'exceptions', (SELECT coalesce(jsonb_agg(jsonb_build_array(e.budget_item, e.code, e.up_to::text, e.document_number)
                                           ORDER BY e.id), '[]')
                   FROM commitments_splitexception e
                  WHERE e.unit_id = q.unit_id AND e.fiscal_year = q.fiscal_year AND e.state = 'accepted'),
  'shares', (SELECT jsonb_build_array(sum(m.total)::text, sum(m.sme)::text, sum(m.small)::text,
                                      sum(m.green_due)::text, sum(m.green)::text)
               FROM commitments_monthshare m WHERE m.unit_id = q.unit_id AND m.fiscal_year = q.fiscal_year),
  'relief', (SELECT jsonb_build_array(d.has_canteen, d.food_planned::text,
                    (SELECT coalesce(sum(p.amount), 0)::text FROM commitments_reliefpurchase p
                      WHERE p.unit_id = d.unit_id AND p.fiscal_year = d.fiscal_year AND p.taken_back_at IS NULL))
               FROM commitments_reliefdeclaration d
              WHERE d.unit_id = q.unit_id AND d.fiscal_year = q.fiscal_year))
  FROM (SELECT %s::bigint AS unit_id, %s::int AS fiscal_year,
               (SELECT array_agg(DISTINCT budget_item) FROM budgets_budgetline WHERE id = ANY(%s::bigint[]))
               AS budget_items) q)"""

# `given` are the parts of an order; the answer is each budget item's version afterwards.
_WRITE = """
WITH given(unit_id, fiscal_year, month, supplier_size, budget_item, item_code, amount, green_due, green) AS (
  {given}
), kept AS (
  INSERT INTO commitments_commitment (order_id, unit_id, fiscal_year, month, budget_item, item_code, supplier_size,
                                      kind, amount, green_due, green, at)
  SELECT %(order)s, unit_id, fiscal_year, month, budget_item, item_code, supplier_size, '{kind}', amount, green_due,
         green, %(at)s
    FROM given
), heads AS (
  INSERT INTO commitments_budgetitemsum AS h (unit_id, fiscal_year, budget_item, amount, version)
  SELECT unit_id, fiscal_year, budget_item, sum(amount), 1 FROM given
   GROUP BY unit_id, fiscal_year, budget_item ORDER BY budget_item
  ON CONFLICT (unit_id, fiscal_year, budget_item)
  DO UPDATE SET amount = h.amount {sign} excluded.amount, version = h.version + 1
  RETURNING budget_item, version
), items AS (
  INSERT INTO commitments_itemsum AS s (unit_id, fiscal_year, budget_item, item_code, amount)
  SELECT unit_id, fiscal_year, budget_item, item_code, amount FROM given
   WHERE (SELECT count(*) FROM heads) > 0 ORDER BY budget_item, item_code
  ON CONFLICT (unit_id, fiscal_year, budget_item, item_code) DO UPDATE SET amount = s.amount {sign} excluded.amount
  RETURNING 1
), months AS (
  INSERT INTO commitments_monthshare AS m (unit_id, fiscal_year, month, total, sme, small, green_due, green)
  SELECT unit_id, fiscal_year, month, sum(amount),
         coalesce(sum(amount) FILTER (WHERE supplier_size IN ('micro', 'small', 'medium')), 0),
         coalesce(sum(amount) FILTER (WHERE supplier_size IN ('micro', 'small')), 0), sum(green_due), sum(green)
    FROM given
   WHERE (SELECT count(*) FROM items) > 0
   GROUP BY unit_id, fiscal_year, month
  ON CONFLICT (unit_id, fiscal_year, month)
  DO UPDATE SET total = m.total {sign} excluded.total, sme = m.sme {sign} excluded.sme,
                small = m.small {sign} excluded.small, green_due = m.green_due {sign} excluded.green_due,
                green = m.green {sign} excluded.green
)
SELECT budget_item, version FROM heads
"""


def _write(*, given: str, kind: str, sign: str) -> str:
    return _WRITE.replace("{given}", given).replace("{kind}", kind).replace("{sign}", sign)


COMMIT = _write(
    given="""SELECT %(unit)s::bigint, %(year)s::int, %(month)s::int, %(size)s::text, g.*
    FROM unnest(%(budget_items)s::text[], %(codes)s::text[], %(amounts)s::numeric[], %(green_due)s::numeric[],
                %(green)s::numeric[]) g""",
    kind="commit",
    sign="+",
)
# What is left of an order, as its entries say; the caller holds the order.
LEFT = """SELECT unit_id, fiscal_year, month, supplier_size, budget_item, item_code,
         sum(CASE kind WHEN 'commit' THEN amount ELSE -amount END),
         sum(CASE kind WHEN 'commit' THEN green_due ELSE -green_due END),
         sum(CASE kind WHEN 'commit' THEN green ELSE -green END)
    FROM commitments_commitment WHERE order_id = %(order)s
   GROUP BY unit_id, fiscal_year, month, supplier_size, budget_item, item_code
  HAVING sum(CASE kind WHEN 'commit' THEN amount ELSE -amount END) > 0"""
RELEASE_ALL = _write(given=LEFT, kind="release", sign="-")
RELEASE_PARTS = _write(
    given="""SELECT c.unit_id, c.fiscal_year, c.month, c.supplier_size, g.*
    FROM unnest(%(budget_items)s::text[], %(codes)s::text[], %(amounts)s::numeric[], %(green_due)s::numeric[],
                %(green)s::numeric[]) g(budget_item, item_code, amount, green_due, green)
    JOIN commitments_commitment c ON c.order_id = %(order)s AND c.kind = 'commit' AND c.budget_item = g.budget_item
         AND c.item_code = g.item_code""",
    kind="release",
    sign="-",
)
