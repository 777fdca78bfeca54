from django.db import migrations, models


class Migration(migrations.Migration):
    """Why a mall is suspended or archived. The states before the schema exists belong to the application."""

    dependencies = [("registry", "0001_initial")]

    lint_exempt = {"add-not-null": "older than the first release: no running process inserts rows without the column"}

    operations = [
        migrations.AddField(
            model_name="tenant",
            name="state_reason",
            field=models.CharField(blank=True, default="", max_length=300),
        ),
        migrations.AlterField(
            model_name="tenant",
            name="state",
            field=models.CharField(
                choices=[
                    ("configuring", "configuring"),
                    ("live", "live"),
                    ("suspended", "suspended"),
                    ("archived", "archived"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="tenant",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["archived", "suspended"]), ("state_reason", ""), _connector="OR"),
                name="tenant_reason_only_when_shut",
            ),
        ),
    ]
