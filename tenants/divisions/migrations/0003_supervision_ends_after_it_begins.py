from django.db import migrations, models


class Migration(migrations.Migration):
    """The dates of an edge of the supervision tree are in order."""

    dependencies = [("divisions", "0002_successor_of_a_code")]

    operations = [
        migrations.AddConstraint(
            model_name="supervision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                ),
                name="supervision_ends_after_it_begins",
            ),
        ),
    ]
