"""Published contracts on their way to the designated medium, and the simulated medium's own book."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contracts', '0001_contracts_of_orders'),
    ]

    operations = [
        migrations.CreateModel(
            name='SimulatedNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('request', models.CharField(max_length=40, unique=True)),
                ('reference', models.CharField(max_length=64, unique=True)),
                ('ending', models.CharField(blank=True, max_length=2)),
                ('received_at', models.DateTimeField()),
                ('times_received', models.PositiveIntegerField(default=1)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Announcement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(max_length=10)),
                ('state_reason', models.CharField(blank=True, max_length=300)),
                ('round', models.PositiveSmallIntegerField(default=1)),
                ('provider', models.CharField(max_length=40)),
                ('reference', models.CharField(blank=True, max_length=64)),
                ('address', models.CharField(blank=True, max_length=300)),
                ('requested_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(null=True)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('last_error', models.CharField(blank=True, max_length=300)),
                ('next_due_at', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('contract_version', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='announcement', to='contracts.contractversion')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('next_due_at__isnull', False)), fields=['next_due_at'], name='announcement_due')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'sent', 'published', 'refused'])), name='announcement_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('next_due_at__isnull', False), ('settled_at__isnull', True), ('state__in', ['waiting', 'sent'])), models.Q(('next_due_at__isnull', True), ('settled_at__isnull', False), ('state__in', ['published', 'refused'])), _connector='OR'), name='announcement_waiting_is_due'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(('state_reason', ''), _negated=True), _connector='OR'), name='announcement_refusal_has_reason'), models.CheckConstraint(condition=models.Q(('state', 'waiting'), models.Q(('reference', ''), _negated=True), _connector='OR'), name='announcement_sent_has_reference')],
            },
        ),
    ]
