"""An order, and each payment of its late interest, has one live instruction."""

from __future__ import annotations

from django.db import migrations, models

LIVE = ["confirmed", "requested", "sent"]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("payments", "0005_late_interest")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS payment_one_live_of_order"
                    " ON payments_paymentinstruction (order_id)"
                    " WHERE interest_id IS NULL AND state IN ('confirmed', 'requested', 'sent')",
                    "DROP INDEX CONCURRENTLY IF EXISTS payment_one_live_of_order",
                ),
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS payment_one_live_of_interest"
                    " ON payments_paymentinstruction (interest_id)"
                    " WHERE interest_id IS NOT NULL AND state IN ('confirmed', 'requested', 'sent')",
                    "DROP INDEX CONCURRENTLY IF EXISTS payment_one_live_of_interest",
                ),
                migrations.RunSQL(
                    "DROP INDEX CONCURRENTLY IF EXISTS payment_one_live_per_order",
                    "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS payment_one_live_per_order"
                    " ON payments_paymentinstruction (order_id) WHERE state IN ('confirmed', 'requested', 'sent')",
                ),
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name="paymentinstruction",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("interest_id__isnull", True), ("state__in", LIVE)),
                        fields=("order_id",),
                        name="payment_one_live_of_order",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="paymentinstruction",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("interest_id__isnull", False), ("state__in", LIVE)),
                        fields=("interest_id",),
                        name="payment_one_live_of_interest",
                    ),
                ),
                migrations.RemoveConstraint(model_name="paymentinstruction", name="payment_one_live_per_order"),
            ],
        ),
    ]
