import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A code that gives way to another, and the document that says so."""

    dependencies = [("divisions", "0001_initial")]

    lint_exempt = {"add-not-null": "older than the first release: no running process inserts rows without the column"}

    operations = [
        migrations.AddField(
            model_name="division",
            name="document_number",
            field=models.CharField(blank=True, default="", max_length=80),
        ),
        migrations.AddField(
            model_name="division",
            name="successor",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="predecessors",
                to="divisions.division",
            ),
        ),
        migrations.AddConstraint(
            model_name="division",
            constraint=models.CheckConstraint(
                condition=models.Q(("successor__isnull", True), ("valid_to__isnull", False), _connector="OR"),
                name="division_with_a_successor_has_ended",
            ),
        ),
        migrations.AddConstraint(
            model_name="division",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("successor__isnull", True), models.Q(("successor", models.F("code")), _negated=True), _connector="OR"
                ),
                name="division_not_its_own_successor",
            ),
        ),
    ]
