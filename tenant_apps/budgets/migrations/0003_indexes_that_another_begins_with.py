"""Drops two indexes of one column whose table has another index that begins with that column.

By the index alone: an AlterField would take the foreign key off and put it on again, which reads the whole table.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("budgets", "0002_units_awaiting_their_organisation")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "DROP INDEX IF EXISTS budgets_budgetentry_line_id_24245ac6",
                    "CREATE INDEX IF NOT EXISTS budgets_budgetentry_line_id_24245ac6 ON budgets_budgetentry (line_id)",
                ),
                migrations.RunSQL(
                    "DROP INDEX IF EXISTS budgets_budgetline_unit_id_f89d3503",
                    "CREATE INDEX IF NOT EXISTS budgets_budgetline_unit_id_f89d3503 ON budgets_budgetline (unit_id)",
                ),
            ],
            state_operations=[
                migrations.AlterField(
                    "budgetentry",
                    "line",
                    models.ForeignKey(
                        "budgets.budgetline", db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="entries"
                    ),
                ),
                migrations.AlterField(
                    "budgetline",
                    "unit",
                    models.ForeignKey(
                        "budgets.budgetunit", db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="lines"
                    ),
                ),
            ],
        )
    ]
