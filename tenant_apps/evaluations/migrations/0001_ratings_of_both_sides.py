"""Ratings of both sides of an order, and the indicators they are given by."""

from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Evaluation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order_id', models.BigIntegerField()),
                ('order_number', models.CharField(max_length=22)),
                ('unit_id', models.BigIntegerField()),
                ('unit_name', models.CharField(max_length=120)),
                ('organisation_id', models.BigIntegerField()),
                ('supplier_id', models.BigIntegerField()),
                ('supplier_name', models.CharField(max_length=120)),
                ('supplier_organisation_id', models.BigIntegerField()),
                ('side', models.CharField(max_length=8)),
                ('marks', models.JSONField()),
                ('mean', models.DecimalField(decimal_places=1, max_digits=2)),
                ('comment', models.CharField(blank=True, max_length=300)),
                ('given_by_id', models.BigIntegerField()),
                ('given_by_name', models.CharField(max_length=40)),
                ('given_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('order_id', 'side'), name='evaluation_once_a_side'), models.CheckConstraint(condition=models.Q(('side__in', ['buyer', 'supplier'])), name='evaluation_side_known'), models.CheckConstraint(condition=models.Q(('mean__gte', 1), ('mean__lte', 5)), name='evaluation_mean_is_a_mark')],
            },
        ),
        migrations.CreateModel(
            name='IndicatorSet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(max_length=8)),
                ('names', models.JSONField()),
                ('reason', models.CharField(max_length=300)),
                ('decided_by_id', models.BigIntegerField()),
                ('decided_by_name', models.CharField(max_length=40)),
                ('decided_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['side', '-id'], name='indicator_set_last')],
                'constraints': [models.CheckConstraint(condition=models.Q(('side__in', ['buyer', 'supplier'])), name='indicator_set_side_known'), models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), _negated=True), models.Q(('names', []), _negated=True)), name='indicator_set_says_what_and_why')],
            },
        ),
    ]
