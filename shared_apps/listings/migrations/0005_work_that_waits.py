"""What the to-do list was last told of, and the level of the body that a patrol belongs to."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("listings", "0004_licensed_scope_as_a_figure"),
    ]

    operations = [
        migrations.CreateModel(
            name="WorkNotice",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "kind", "owner_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("reviews", "reviews"),
                            ("appeals", "appeals"),
                            ("corrections", "corrections"),
                            ("patrol", "patrol"),
                            ("frozen", "frozen"),
                            ("rejected", "rejected"),
                        ],
                        max_length=12,
                    ),
                ),
                ("owner_id", models.BigIntegerField()),
                ("due_on", models.DateField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name="patroltask",
            name="level",
            field=models.CharField(blank=True, db_default="", default="", max_length=30),
        ),
    ]
