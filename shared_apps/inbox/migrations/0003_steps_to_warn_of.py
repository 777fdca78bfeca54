"""Steps whose time runs to another percentage are found without reading the others. Nobody waits for the index."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("inbox", "0002_whom_steps_ask_and_time_that_runs")]
    operations = [
        AddIndexConcurrently(
            model_name="inboxitem",
            index=models.Index(
                condition=models.Q(("next_warning_at__isnull", False), ("state", "open")),
                fields=["next_warning_at"],
                name="inbox_to_warn",
            ),
        ),
    ]
