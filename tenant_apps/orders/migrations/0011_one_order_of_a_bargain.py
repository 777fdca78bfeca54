"""An agreement is for one order; the orders there were are held to the constraints of the migration before."""

from __future__ import annotations

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations, models
from django.db.models import Q

GIVEN_UP = ["cancelled", "declined", "expired", "rejected", "terminated", "withdrawn"]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("orders", "0010_orders_of_bargains")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS order_once_of_a_bargain ON orders_order"
                    " (bargain_id) WHERE bargain_id IS NOT NULL AND NOT (state IN ('cancelled', 'declined',"
                    " 'expired', 'rejected', 'terminated', 'withdrawn'))",
                    "DROP INDEX CONCURRENTLY IF EXISTS order_once_of_a_bargain",
                ),
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name="order",
                    constraint=models.UniqueConstraint(
                        condition=Q(bargain_id__isnull=False) & ~Q(state__in=GIVEN_UP),
                        fields=("bargain_id",),
                        name="order_once_of_a_bargain",
                    ),
                ),
            ],
        ),
        ValidateConstraint(model_name="order", name="order_mode_known"),
        ValidateConstraint(model_name="order", name="order_bargain_fits_mode"),
    ]
