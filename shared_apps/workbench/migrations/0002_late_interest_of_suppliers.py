"""When an order was paid, and what its supplier got of late interest."""

import kernel.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('workbench', '0001_orders_of_suppliers'),
    ]

    operations = [
        migrations.AddField(
            model_name='supplierorder',
            name='interest_epoch',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='supplierorder',
            name='interest_journal_id',
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='supplierorder',
            name='interest_paid',
            field=kernel.fields.MoneyField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='supplierorder',
            name='paid_at',
            field=models.DateTimeField(null=True),
        ),
    ]
