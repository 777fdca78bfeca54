"""Each line there was gets its budget item, one for the lines that are of the same."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("budgets", "0005_entries_of_year_ends_checked")]

    operations = [
        migrations.RunSQL(
            "INSERT INTO budgets_budgetitem (unit_id, name, project_code, project_name, functional_class,"
            " economic_class, fund_source) SELECT DISTINCT unit_id, budget_item, '', '', functional_class,"
            " economic_class, fund_source FROM budgets_budgetline WHERE item_id IS NULL ON CONFLICT DO NOTHING",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            "UPDATE budgets_budgetline line SET item_id = item.id FROM budgets_budgetitem item"
            " WHERE line.item_id IS NULL AND item.unit_id = line.unit_id AND item.name = line.budget_item"
            " AND item.project_code = '' AND item.functional_class = line.functional_class"
            " AND item.economic_class = line.economic_class AND item.fund_source = line.fund_source",
            migrations.RunSQL.noop,
        ),
    ]
