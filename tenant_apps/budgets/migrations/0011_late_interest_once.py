"""A payment of late interest freezes a line once; the rows there were are held to the constraints before."""

from __future__ import annotations

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("budgets", "0010_late_interest")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS budget_entry_interest_freezes_once"
                    " ON budgets_budgetentry (interest_id, line_id) WHERE kind = 'freeze_interest'",
                    "DROP INDEX CONCURRENTLY IF EXISTS budget_entry_interest_freezes_once",
                ),
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name="budgetentry",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("kind", "freeze_interest")),
                        fields=("interest_id", "line"),
                        name="budget_entry_interest_freezes_once",
                    ),
                ),
            ],
        ),
        ValidateConstraint(model_name="budgetentry", name="budget_entry_of_an_order_names_it"),
        ValidateConstraint(model_name="budgetentry", name="budget_entry_interest_names_it"),
    ]
