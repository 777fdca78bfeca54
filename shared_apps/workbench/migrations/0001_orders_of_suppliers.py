"""Orders of suppliers in all malls, as the journals tell them."""

import kernel.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='SupplierOrder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tenant_code', models.CharField(max_length=30)),
                ('order_id', models.BigIntegerField()),
                ('order_number', models.CharField(max_length=40)),
                ('unit_name', models.CharField(max_length=120)),
                ('supplier_id', models.BigIntegerField()),
                ('supplier_organisation_id', models.BigIntegerField()),
                ('total', kernel.fields.MoneyField()),
                ('state', models.CharField(max_length=24)),
                ('placed_at', models.DateTimeField(null=True)),
                ('answer_due_at', models.DateTimeField(null=True)),
                ('promised_on', models.DateField(null=True)),
                ('shipped_at', models.DateTimeField(null=True)),
                ('delivered_at', models.DateTimeField(null=True)),
                ('late_from', models.DateTimeField(null=True)),
                ('changed_at', models.DateTimeField()),
                ('epoch', models.PositiveIntegerField()),
                ('journal_id', models.BigIntegerField()),
            ],
            options={
                'indexes': [models.Index(fields=['supplier_organisation_id', 'state', 'id'], name='supplier_order_by_state'), models.Index(fields=['supplier_organisation_id', 'delivered_at'], name='supplier_order_delivered')],
                'constraints': [models.UniqueConstraint(fields=('tenant_code', 'order_id'), name='supplier_order_once'), models.CheckConstraint(condition=models.Q(('total__gte', 0), ('total__lt', models.Func(output_field=models.DecimalField(), template="'Infinity'::numeric"))), name='supplier_order_total_is_money')],
            },
        ),
    ]
