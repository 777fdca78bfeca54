"""Spent money that came back is an entry of its own: it resolves the spending and is pending anew."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('budgets', '0007_index_of_trimmed_and_carried'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='budgetentry',
            name='budget_entry_resolves_a_freeze',
        ),
        migrations.RemoveConstraint(
            model_name='budgetentry',
            name='budget_entry_of_an_order_names_it',
        ),
        migrations.AlterField(
            model_name='budgetentry',
            name='kind',
            field=models.CharField(choices=[('allot', 'allot'), ('increase', 'increase'), ('reduce', 'reduce'), ('transfer_in', 'transfer_in'), ('transfer_out', 'transfer_out'), ('freeze', 'freeze'), ('spend', 'spend'), ('release', 'release'), ('return', 'return'), ('trim', 'trim'), ('lapse', 'lapse'), ('carry_out', 'carry_out'), ('carry_in', 'carry_in'), ('freeze_out', 'freeze_out'), ('freeze_in', 'freeze_in')], max_length=16),
        ),
        AddConstraintNotValid(
            model_name='budgetentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ('spend', 'release', 'freeze_out', 'return')), ('resolves__isnull', False)), models.Q(models.Q(('kind__in', ('spend', 'release', 'freeze_out', 'return')), _negated=True), ('resolves__isnull', True)), _connector='OR'), name='budget_entry_resolves_a_freeze'),
        ),
        AddConstraintNotValid(
            model_name='budgetentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ('allot', 'increase', 'reduce', 'transfer_in', 'transfer_out', 'lapse', 'carry_out', 'carry_in')), ('order_id__isnull', True)), models.Q(('kind__in', ('freeze', 'freeze_in', 'return', 'spend', 'release', 'freeze_out', 'trim')), ('order_id__isnull', False)), _connector='OR'), name='budget_entry_of_an_order_names_it'),
        ),
    ]
