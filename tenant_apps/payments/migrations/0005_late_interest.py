"""Payments of late interest, and the instructions that are theirs."""

import kernel.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0004_confirmed_payments_checked'),
    ]

    operations = [
        migrations.CreateModel(
            name='InterestPayment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order_id', models.BigIntegerField()),
                ('order_number', models.CharField(max_length=22)),
                ('unit_id', models.BigIntegerField()),
                ('organisation_id', models.BigIntegerField()),
                ('supplier_organisation_id', models.BigIntegerField()),
                ('principal', kernel.fields.MoneyField()),
                ('last_on', models.DateField()),
                ('paid_on', models.DateField()),
                ('days_late', models.PositiveIntegerField()),
                ('paid_before', kernel.fields.MoneyField()),
                ('amount', kernel.fields.MoneyField()),
                ('budget_line_id', models.BigIntegerField()),
                ('payee_bank', models.CharField(max_length=80)),
                ('payee_account', models.CharField(max_length=32)),
                ('state', models.CharField(max_length=10)),
                ('state_reason', models.CharField(blank=True, max_length=300)),
                ('asked_by_id', models.BigIntegerField()),
                ('asked_by_name', models.CharField(max_length=40)),
                ('asked_at', models.DateTimeField()),
                ('approved_by_id', models.BigIntegerField(null=True)),
                ('approved_by_name', models.CharField(blank=True, max_length=40)),
                ('approved_at', models.DateTimeField(null=True)),
                ('paid_at', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
            ],
        ),
        migrations.AddIndex(
            model_name='interestpayment',
            index=models.Index(fields=['order_id', '-id'], name='interest_by_order'),
        ),
        migrations.AddConstraint(
            model_name='interestpayment',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'rejected', 'withdrawn', 'paying', 'failed', 'paid'])), name='interest_state_known'),
        ),
        migrations.AddConstraint(
            model_name='interestpayment',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gte', 0), ('amount__lt', models.Func(output_field=models.DecimalField(), template="'Infinity'::numeric")), ('amount__gt', 0)), name='interest_is_positive'),
        ),
        migrations.AddConstraint(
            model_name='interestpayment',
            constraint=models.CheckConstraint(condition=models.Q(('paid_before__gte', 0), ('paid_before__lt', models.Func(output_field=models.DecimalField(), template="'Infinity'::numeric")), ('principal__gte', 0), ('principal__lt', models.Func(output_field=models.DecimalField(), template="'Infinity'::numeric"))), name='interest_counted_from_money'),
        ),
        migrations.AddConstraint(
            model_name='interestpayment',
            constraint=models.CheckConstraint(condition=models.Q(('days_late__gt', 0)), name='interest_of_late_days'),
        ),
        migrations.AddConstraint(
            model_name='interestpayment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['rejected', 'failed']), _negated=True), models.Q(('state_reason', ''), _negated=True), _connector='OR'), name='interest_failure_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='interestpayment',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by_id__isnull', True), models.Q(('approved_by_id', models.F('asked_by_id')), _negated=True), _connector='OR'), name='interest_by_four_eyes'),
        ),
        migrations.AddConstraint(
            model_name='interestpayment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['paying', 'failed', 'paid']), _negated=True), models.Q(('approved_at__isnull', False), ('approved_by_id__isnull', False)), _connector='OR'), name='interest_approved_before_paying'),
        ),
        migrations.AddConstraint(
            model_name='interestpayment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('paid_at__isnull', False), ('state', 'paid')), models.Q(models.Q(('state', 'paid'), _negated=True), ('paid_at__isnull', True)), _connector='OR'), name='interest_paid_has_moment'),
        ),
        migrations.AddConstraint(
            model_name='interestpayment',
            constraint=models.CheckConstraint(condition=models.Q(('payee_account__regex', '^[0-9]{8,32}$')), name='interest_account_digits'),
        ),
        migrations.AddConstraint(
            model_name='interestpayment',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['asked', 'failed', 'paying'])), fields=('order_id',), name='interest_one_open_per_order'),
        ),
        migrations.AddField(
            model_name='paymentinstruction',
            name='interest_id',
            field=models.BigIntegerField(null=True),
        ),
    ]
