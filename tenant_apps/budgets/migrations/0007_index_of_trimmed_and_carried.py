"""An index of the few entries by which an order's frozen money is found beside its freezes."""

from __future__ import annotations

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("budgets", "0006_items_of_the_lines_there_were")]

    operations = [
        AddIndexConcurrently(
            model_name="budgetentry",
            index=models.Index(
                condition=models.Q(("kind__in", ["freeze_in", "trim"])),
                fields=["order_id"],
                name="budget_entry_of_order_later",
            ),
        )
    ]
