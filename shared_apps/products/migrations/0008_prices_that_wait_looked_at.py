"""What 0007 added is looked at, and what waits is found without reading every offer: nobody waits for it."""

from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("products", "0007_prices_that_wait")]
    operations = [
        AddIndexConcurrently(
            model_name="offer",
            index=models.Index(
                condition=models.Q(("pending_since__isnull", False)), fields=["pending_since"], name="offer_pending"
            ),
        ),
        AddIndexConcurrently(
            model_name="offer",
            index=models.Index(condition=models.Q(("state", "submitted")), fields=["id"], name="offer_to_check"),
        ),
        ValidateConstraint(model_name="offer", name="offer_vat_is_a_rate"),
        ValidateConstraint(model_name="offer", name="offer_pending_is_whole"),
    ]
