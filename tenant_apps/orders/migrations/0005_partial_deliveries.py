"""What a shipment holds, what became of each line, and what an order no longer owes."""

import django.db.models.deletion
import django.db.models.expressions
import kernel.fields
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0004_orders_sent_back_checked'),
    ]

    operations = [
        migrations.CreateModel(
            name='LineProgress',
            fields=[
                ('order_line', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='progress', serialize=False, to='orders.orderline')),
                ('ordered', models.PositiveIntegerField()),
                ('shipped', models.PositiveIntegerField(default=0)),
                ('accepted', models.PositiveIntegerField(default=0)),
                ('refused', models.PositiveIntegerField(default=0)),
                ('returned', models.PositiveIntegerField(default=0)),
                ('cancelled', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.AddField(
            model_name='order',
            name='cancelled_amount',
            field=kernel.fields.MoneyField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='order',
            name='promised_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='shipment',
            name='lines',
            field=models.JSONField(db_default=models.Value([], models.JSONField()), default=list),
        ),
        AddConstraintNotValid(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('cancelled_amount__gte', 0), ('cancelled_amount__lt', models.Func(output_field=models.DecimalField(), template="'Infinity'::numeric")), ('cancelled_amount__lt', models.F('total_amount'))), name='order_cancelled_is_a_part'),
        ),
        migrations.AddConstraint(
            model_name='lineprogress',
            constraint=models.CheckConstraint(condition=models.Q(('ordered__gte', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('shipped'), '-', models.F('refused')), '+', models.F('cancelled')))), name='progress_shipped_within_ordered'),
        ),
        migrations.AddConstraint(
            model_name='lineprogress',
            constraint=models.CheckConstraint(condition=models.Q(('shipped__gte', django.db.models.expressions.CombinedExpression(models.F('accepted'), '+', models.F('refused')))), name='progress_judged_within_shipped'),
        ),
        migrations.AddConstraint(
            model_name='lineprogress',
            constraint=models.CheckConstraint(condition=models.Q(('refused__gte', models.F('returned'))), name='progress_returned_within_refused'),
        ),
    ]
