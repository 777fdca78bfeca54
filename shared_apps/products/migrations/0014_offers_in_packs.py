"""Offers may be sold in whole packs; what is there is sold by the piece."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("products", "0013_merged_names")]
    operations = [
        migrations.AddField(
            model_name="offer",
            name="pack_quantity",
            field=models.PositiveIntegerField(db_default=1, default=1),
        ),
        AddConstraintNotValid(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=models.Q(("pack_quantity__gte", 1), ("pack_quantity__lte", 999999)),
                name="offer_pack_quantity",
            ),
        ),
    ]
