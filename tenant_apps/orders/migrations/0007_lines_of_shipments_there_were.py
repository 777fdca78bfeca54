"""Until now each shipment held every line in full, and was accepted or refused whole: the counts follow from that."""

from __future__ import annotations

from django.db import migrations

LINES = """
UPDATE orders_shipment AS shipment
   SET lines = (SELECT jsonb_agg(jsonb_build_object('line', line.position, 'quantity', line.quantity)
                                 ORDER BY line.position)
                  FROM orders_orderline AS line WHERE line.order_id = shipment.order_id)
 WHERE lines = '[]'
"""
COUNTS = """
INSERT INTO orders_lineprogress (order_line_id, ordered, shipped, accepted, refused, returned, cancelled)
SELECT line.id, line.quantity, line.quantity * sent.number,
       CASE WHEN orders.goods_accepted_at IS NULL THEN 0 ELSE line.quantity END,
       line.quantity * refusals.number,
       line.quantity * (refusals.number - CASE WHEN orders.state = 'goods_refused' THEN 1 ELSE 0 END), 0
  FROM orders_orderline AS line
  JOIN orders_order AS orders ON orders.id = line.order_id
 CROSS JOIN LATERAL (SELECT count(*) AS number FROM orders_shipment WHERE order_id = orders.id) AS sent
 CROSS JOIN LATERAL (SELECT count(*) AS number FROM orders_acceptancecertificate
                      WHERE order_id = orders.id AND conclusion = 'refused') AS refusals
 WHERE sent.number > 0
    ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0006_cancelled_amounts_checked")]

    operations = [
        migrations.RunSQL(LINES, migrations.RunSQL.noop),
        migrations.RunSQL(COUNTS, migrations.RunSQL.noop),
    ]
