"""Days to pay that both parties agreed on, where they agreed on a longer term than the law's."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0007_lines_of_shipments_there_were")]

    operations = [
        migrations.AddField("order", "payment_days", models.PositiveSmallIntegerField(null=True)),
        AddConstraintNotValid(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(payment_days__isnull=True) | models.Q(payment_days__gte=1, payment_days__lte=60),
                name="order_payment_term_lawful",
            ),
        ),
    ]
