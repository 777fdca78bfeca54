"""Drops four indexes of one column whose table has another index that begins with that column.

By the index alone: an AlterField would take the foreign key off and put it on again, which reads the whole table.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "DROP INDEX IF EXISTS orders_orderline_order_id_17f8f3ef",
                    "CREATE INDEX IF NOT EXISTS orders_orderline_order_id_17f8f3ef ON orders_orderline (order_id)",
                ),
                migrations.RunSQL(
                    "DROP INDEX IF EXISTS orders_orderfunding_order_line_id_e3e40901",
                    "CREATE INDEX IF NOT EXISTS orders_orderfunding_order_line_id_e3e40901 ON orders_orderfunding (order_line_id)",
                ),
                migrations.RunSQL(
                    "DROP INDEX IF EXISTS orders_shipment_order_id_661ed8ed",
                    "CREATE INDEX IF NOT EXISTS orders_shipment_order_id_661ed8ed ON orders_shipment (order_id)",
                ),
                migrations.RunSQL(
                    "DROP INDEX IF EXISTS orders_acceptancecertificate_order_id_517c6237",
                    "CREATE INDEX IF NOT EXISTS orders_acceptancecertificate_order_id_517c6237 ON orders_acceptancecertificate (order_id)",
                ),
            ],
            state_operations=[
                migrations.AlterField(
                    "orderline",
                    "order",
                    models.ForeignKey(
                        "orders.order", db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="lines"
                    ),
                ),
                migrations.AlterField(
                    "orderfunding",
                    "order_line",
                    models.ForeignKey(
                        "orders.orderline", db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="fundings"
                    ),
                ),
                migrations.AlterField(
                    "shipment",
                    "order",
                    models.ForeignKey(
                        "orders.order", db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="shipments"
                    ),
                ),
                migrations.AlterField(
                    "acceptancecertificate",
                    "order",
                    models.ForeignKey(
                        "orders.order", db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="certificates"
                    ),
                ),
            ],
        )
    ]
