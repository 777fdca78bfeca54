"""Delivery areas beside the mall's own, and the one a cart is for."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("storefront", "0002_local_approval")]
    operations = [
        migrations.AddField(model_name="shelf", name="more_areas", field=models.JSONField(null=True)),
        migrations.AddField(
            model_name="cart",
            name="area_code",
            field=models.CharField(blank=True, db_default="", default="", max_length=6),
        ),
    ]
