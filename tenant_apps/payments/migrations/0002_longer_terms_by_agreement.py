"""A longer term of payment, asked of the supplier and answered by it."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='PaymentTerm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order_id', models.BigIntegerField()),
                ('days', models.PositiveSmallIntegerField()),
                ('reason', models.CharField(max_length=300)),
                ('state', models.CharField(max_length=8)),
                ('asked_by_id', models.BigIntegerField()),
                ('asked_by_name', models.CharField(max_length=40)),
                ('asked_at', models.DateTimeField()),
                ('answered_by_id', models.BigIntegerField(null=True)),
                ('answered_by_name', models.CharField(blank=True, max_length=40)),
                ('answered_at', models.DateTimeField(null=True)),
                ('answer_reason', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'indexes': [models.Index(fields=['order_id', '-id'], name='payment_term_by_order')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'agreed', 'refused'])), name='payment_term_state_known'), models.CheckConstraint(condition=models.Q(('days__gt', 30), ('days__lte', 60)), name='payment_term_longer_and_lawful'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='payment_term_has_reason'), models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('state', 'asked')), models.Q(models.Q(('state', 'asked'), _negated=True), ('answered_at__isnull', False), ('answered_by_id__isnull', False)), _connector='OR'), name='payment_term_answered_fits_state'), models.UniqueConstraint(condition=models.Q(('state__in', ['agreed', 'asked'])), fields=('order_id',), name='payment_term_one_live_per_order')],
            },
        ),
    ]
