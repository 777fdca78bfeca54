"""Late interest of an order is frozen and resolved apart from the order's own money."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

KINDS = (
    'allot', 'increase', 'reduce', 'transfer_in', 'transfer_out', 'freeze', 'freeze_interest', 'spend', 'release',
    'return', 'trim', 'lapse', 'carry_out', 'carry_in', 'freeze_out', 'freeze_in',
)


class Migration(migrations.Migration):

    dependencies = [
        ('budgets', '0009_money_that_came_back_checked'),
    ]

    operations = [
        migrations.AddField(
            model_name='budgetentry',
            name='interest_id',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name='budgetentry',
            name='kind',
            field=models.CharField(choices=[(kind, kind) for kind in KINDS], max_length=16),
        ),
        migrations.RemoveConstraint(
            model_name='budgetentry',
            name='budget_entry_of_an_order_names_it',
        ),
        AddConstraintNotValid(
            model_name='budgetentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ('allot', 'increase', 'reduce', 'transfer_in', 'transfer_out', 'lapse', 'carry_out', 'carry_in')), ('order_id__isnull', True)), models.Q(('kind__in', ('freeze', 'freeze_interest', 'freeze_in', 'return', 'spend', 'release', 'freeze_out', 'trim')), ('order_id__isnull', False)), _connector='OR'), name='budget_entry_of_an_order_names_it'),
        ),
        AddConstraintNotValid(
            model_name='budgetentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('interest_id__isnull', False), ('kind', 'freeze_interest')), models.Q(models.Q(('kind', 'freeze_interest'), _negated=True), models.Q(('interest_id__isnull', True), ('order_id__isnull', False), _connector='OR')), _connector='OR'), name='budget_entry_interest_names_it'),
        ),
    ]
