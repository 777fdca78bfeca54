"""The rows there were are held to the constraints of the migration before."""

from __future__ import annotations

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("budgets", "0004_years_items_plans_adjustments")]

    operations = [
        ValidateConstraint(model_name="budgetentry", name="budget_entry_resolves_a_freeze"),
        ValidateConstraint(model_name="budgetentry", name="budget_entry_of_an_order_names_it"),
    ]
