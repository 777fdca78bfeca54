"""Products of a brand are found without reading the library."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("products", "0009_bounds_of_shelves")]

    operations = [
        AddIndexConcurrently(model_name="product", index=models.Index(fields=["brand"], name="product_brand")),
    ]
