"""The ledger's statements, written by hand: every submission reads and writes it.

Every writer takes the heads of its budget items first, in their order: so writers of one budget item follow each
other, and no two wait for each other.
"""

from __future__ import annotations

# What a purchase reads beside its budget lines: the sums of the budget items that pay, the year's shares, accepted
# exceptions, canteen food. Asks nothing of the row it stands beside: the server works it out once a statement.
# Parameters: unit, fiscal year, budget lines.
READ = """(SELECT jsonb_build_object(
  'sums', (SELECT coalesce(jsonb_agg(jsonb_build_array(s.budget_item, s.item_code, s.amount::text, s.version)), '[]')
             FROM commitments_ledgerrow s
            WHERE s.unit_id = q.unit_id AND s.fiscal_year = q.fiscal_year AND s.order_id = 0 AND s.month = 0
              AND s.budget_item = ANY(q.budget_items)),
  'exceptions', (SELECT coalesce(jsonb_agg(jsonb_build_array(e.budget_item, e.code, e.up_to::text, e.document_number)
                                           ORDER BY e.id), '[]')
                   FROM commitments_splitexception e
                  WHERE e.unit_id = q.unit_id AND e.fiscal_year = q.fiscal_year AND e.state = 'accepted'),
  'shares', (SELECT jsonb_build_array(sum(m.amount)::text, sum(m.sme)::text, sum(m.small)::text,
                                      sum(m.green_due)::text, sum(m.green)::text)
               FROM commitments_ledgerrow m
              WHERE m.unit_id = q.unit_id AND m.fiscal_year = q.fiscal_year AND m.order_id = 0 AND m.month > 0),
  'relief', (SELECT jsonb_build_array(d.has_canteen, d.food_planned::text,
                    (SELECT coalesce(sum(p.amount), 0)::text FROM commitments_reliefpurchase p
                      WHERE p.unit_id = d.unit_id AND p.fiscal_year = d.fiscal_year AND p.taken_back_at IS NULL))
               FROM commitments_reliefdeclaration d
              WHERE d.unit_id = q.unit_id AND d.fiscal_year = q.fiscal_year))
  FROM (SELECT %s::bigint AS unit_id, %s::int AS fiscal_year,
               (SELECT array_agg(DISTINCT budget_item) FROM budgets_budgetline WHERE id = ANY(%s::bigint[]))
               AS budget_items) q)"""

_GIVEN = """SELECT * FROM unnest(%(orders)s::bigint[], %(months)s::int[], %(budget_items)s::text[], %(codes)s::text[],
                     %(amount)s::numeric[], %(sme)s::numeric[], %(small)s::numeric[], %(green_due)s::numeric[],
                     %(green)s::numeric[])"""
# Takes the rows in the order in which they are given; the answer tells each head's version afterwards.
COMMIT = f"""
INSERT INTO commitments_ledgerrow AS s (unit_id, fiscal_year, since, version, order_id, month, budget_item, item_code,
                                           amount, sme, small, green_due, green)
SELECT %(unit)s, %(year)s, %(at)s, 1, given.* FROM ({_GIVEN}) given
ON CONFLICT (unit_id, fiscal_year, order_id, month, budget_item, item_code)
DO UPDATE SET amount = s.amount + excluded.amount, sme = s.sme + excluded.sme, small = s.small + excluded.small,
              green_due = s.green_due + excluded.green_due, green = s.green + excluded.green, version = s.version + 1
RETURNING budget_item, item_code, month, version
"""  # noqa: S608 - our own texts
_OWN = """own.unit_id, own.fiscal_year, own.month, own.budget_item, own.item_code,
       own.amount, own.green_due, own.green, own.sme, own.small"""
# What is left of an order.
LEFT = f"""
SELECT {_OWN} FROM commitments_ledgerrow own
 WHERE own.order_id = %(order)s AND own.order_id > 0 AND own.amount > 0 ORDER BY own.budget_item, own.item_code
"""  # noqa: S608 - our own texts
# The same for one who lowers it: with the heads taken, and the budget items of budget lines named. The caller holds
# the order, so that its rows are the same after waiting for a head.
TAKE_LEFT = f"""
SELECT {_OWN}, (SELECT jsonb_object_agg(line.id, line.budget_item)::text FROM budgets_budgetline line
                 WHERE line.id = ANY(%(lines)s::bigint[]))
  FROM commitments_ledgerrow own
  JOIN commitments_ledgerrow head ON head.unit_id = own.unit_id AND head.fiscal_year = own.fiscal_year
   AND head.order_id = 0 AND head.month = 0 AND head.item_code = '' AND head.budget_item = own.budget_item
 WHERE own.order_id = %(order)s AND own.order_id > 0 AND own.amount > 0
 ORDER BY own.budget_item COLLATE "C", own.item_code FOR UPDATE OF head
"""  # noqa: S608 - our own texts
GIVE_BACK = f"""
UPDATE commitments_ledgerrow s
   SET amount = s.amount - given.amount, sme = s.sme - given.sme, small = s.small - given.small,
       green_due = s.green_due - given.green_due, green = s.green - given.green, version = s.version + 1
  FROM ({_GIVEN}) given(order_id, month, budget_item, item_code, amount, sme, small, green_due, green)
 WHERE s.unit_id = %(unit)s AND s.fiscal_year = %(year)s AND s.order_id = given.order_id AND s.month = given.month
   AND s.budget_item = given.budget_item AND s.item_code = given.item_code
"""  # noqa: S608 - our own texts
