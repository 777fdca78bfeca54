"""Money that came back after payment is reported."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('budget_system', '0001_reports_and_the_simulated_book'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='budgetreport',
            name='budget_report_kind_known',
        ),
        AddConstraintNotValid(
            model_name='budgetreport',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['freeze', 'spend', 'release', 'return'])), name='budget_report_kind_known'),
        ),
    ]
