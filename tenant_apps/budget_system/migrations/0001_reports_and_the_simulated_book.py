"""Reports to the budget-management system, and the book of the simulated one."""

from __future__ import annotations

import kernel.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='BudgetReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entry_id', models.BigIntegerField()),
                ('number', models.CharField(max_length=40)),
                ('kind', models.CharField(max_length=8)),
                ('line_id', models.BigIntegerField()),
                ('order_id', models.BigIntegerField()),
                ('quota_number', models.CharField(max_length=40)),
                ('unit_code', models.CharField(max_length=20)),
                ('fiscal_year', models.PositiveSmallIntegerField()),
                ('amount', kernel.fields.MoneyField()),
                ('state', models.CharField(max_length=12)),
                ('state_reason', models.CharField(blank=True, max_length=300)),
                ('reference', models.CharField(blank=True, max_length=64)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('last_error', models.CharField(blank=True, max_length=300)),
                ('created_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(null=True)),
                ('next_due_at', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('next_due_at__isnull', False)), fields=['next_due_at'], name='budget_report_due'), models.Index(fields=['line_id', 'id'], name='budget_report_by_line'), models.Index(fields=['order_id', 'id'], name='budget_report_by_order')],
                'constraints': [models.UniqueConstraint(fields=('entry_id',), name='budget_report_of_an_entry_once'), models.UniqueConstraint(fields=('number',), name='budget_report_number_once'), models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'sent', 'accepted', 'refused'])), name='budget_report_state_known'), models.CheckConstraint(condition=models.Q(('kind__in', ['freeze', 'spend', 'release'])), name='budget_report_kind_known'), models.CheckConstraint(condition=models.Q(('amount__gte', 0), ('amount__lt', models.Func(output_field=models.DecimalField(), template="'Infinity'::numeric")), ('amount__gt', 0)), name='budget_report_amount_positive'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(('state_reason', ''), _negated=True), _connector='OR'), name='budget_report_refusal_has_reason'), models.CheckConstraint(condition=models.Q(models.Q(('next_due_at__isnull', False), ('settled_at__isnull', True), ('state__in', ['sent', 'waiting'])), models.Q(models.Q(('state__in', ['sent', 'waiting']), _negated=True), ('next_due_at__isnull', True), ('settled_at__isnull', False)), _connector='OR'), name='budget_report_open_is_due')],
            },
        ),
        migrations.CreateModel(
            name='SimulatedQuota',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=40, unique=True)),
                ('unit_code', models.CharField(max_length=20)),
                ('fiscal_year', models.PositiveSmallIntegerField()),
                ('name', models.CharField(max_length=120)),
                ('functional_class', models.CharField(max_length=20)),
                ('economic_class', models.CharField(max_length=20)),
                ('fund_source', models.CharField(max_length=16)),
                ('project_code', models.CharField(blank=True, max_length=40)),
                ('project_name', models.CharField(blank=True, max_length=120)),
                ('total', kernel.fields.MoneyField()),
            ],
            options={
                'indexes': [models.Index(fields=['unit_code', 'fiscal_year'], name='simquota_by_unit')],
            },
        ),
        migrations.CreateModel(
            name='SimulatedQuotaEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=40, unique=True)),
                ('reference', models.CharField(max_length=64)),
                ('quota_number', models.CharField(max_length=40)),
                ('kind', models.CharField(max_length=8)),
                ('amount', kernel.fields.MoneyField()),
                ('scenario', models.CharField(max_length=20)),
                ('received_at', models.DateTimeField()),
                ('times_received', models.PositiveIntegerField(default=1)),
            ],
            options={
                'indexes': [models.Index(fields=['quota_number'], name='simquotaentry_by_quota')],
            },
        ),
    ]
