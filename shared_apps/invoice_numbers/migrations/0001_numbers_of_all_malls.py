"""Which mall uses which number of an invoice."""


from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='NumberUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fingerprint', models.CharField(max_length=64)),
                ('tenant_code', models.CharField(max_length=30)),
                ('counts', models.BooleanField()),
                ('invoice_id', models.BigIntegerField()),
                ('order_id', models.BigIntegerField()),
                ('order_number', models.CharField(max_length=40)),
                ('organisation_id', models.BigIntegerField()),
                ('unit_id', models.BigIntegerField(null=True)),
                ('epoch', models.PositiveIntegerField()),
                ('journal_id', models.BigIntegerField()),
            ],
            options={
                'indexes': [models.Index(fields=['tenant_code', 'id'], name='number_use_of_mall')],
                'constraints': [models.UniqueConstraint(fields=('fingerprint', 'tenant_code'), name='number_use_once_a_mall'), models.CheckConstraint(condition=models.Q(('fingerprint__regex', '^[0-9a-f]{64}$')), name='number_use_is_a_digest')],
            },
        ),
    ]
