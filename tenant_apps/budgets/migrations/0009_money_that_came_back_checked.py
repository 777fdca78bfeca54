"""The rows there were are held to the constraints of the migration before; an index of what came back."""

from __future__ import annotations

from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("budgets", "0008_money_that_came_back")]

    operations = [
        ValidateConstraint(model_name="budgetentry", name="budget_entry_resolves_a_freeze"),
        ValidateConstraint(model_name="budgetentry", name="budget_entry_of_an_order_names_it"),
        AddIndexConcurrently(
            model_name="budgetentry",
            index=models.Index(condition=models.Q(("kind", "return")), fields=["order_id"], name="budget_entry_come_back"),
        ),
    ]
