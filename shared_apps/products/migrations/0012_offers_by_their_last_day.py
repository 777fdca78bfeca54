"""What ends is found without reading every offer: nobody waits for the index."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("products", "0011_requirement_sets")]
    operations = [
        AddIndexConcurrently(
            model_name="offer",
            index=models.Index(
                condition=models.Q(("state__in", ["listed", "frozen", "suspended"]), ("valid_to__isnull", False)),
                fields=["valid_to", "id"],
                name="offer_ends",
            ),
        ),
    ]
