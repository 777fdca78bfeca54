"""An order may have the prices of a bargain."""

from __future__ import annotations

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("orders", "0009_agreed_payment_terms_checked")]

    operations = [
        migrations.AddField("order", "bargain_id", models.BigIntegerField(null=True)),
        migrations.RemoveConstraint("order", "order_mode_known"),
        AddConstraintNotValid(
            "order",
            models.CheckConstraint(condition=Q(mode__in=["direct", "compare", "bargain"]), name="order_mode_known"),
        ),
        AddConstraintNotValid(
            "order",
            models.CheckConstraint(
                condition=Q(bargain_id__isnull=True) | Q(mode="bargain"), name="order_bargain_fits_mode"
            ),
        ),
    ]
