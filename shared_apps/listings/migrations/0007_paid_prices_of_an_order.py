"""The paid prices of one order are found by it."""

from __future__ import annotations

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("listings", "0006_paid_prices_taken_back")]

    operations = [
        AddIndexConcurrently(
            model_name="paidprice",
            index=models.Index(fields=["tenant_code", "order_id"], name="paid_price_of_order"),
        ),
    ]
