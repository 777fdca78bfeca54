"""The rows there were are held to the constraints of the migration before."""

from __future__ import annotations

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("budget_system", "0002_reports_of_money_that_came_back")]

    operations = [
        ValidateConstraint(model_name="budgetreport", name="budget_report_kind_known"),
    ]
