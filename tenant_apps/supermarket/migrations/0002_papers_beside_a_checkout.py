"""Papers that a clerk puts beside a checkout before it is submitted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("supermarket", "0001_addresses_and_notes_of_orders")]
    operations = [
        migrations.CreateModel(
            name="DraftPaper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("clerk_id", models.BigIntegerField()),
                ("unit_id", models.BigIntegerField()),
                ("supplier_id", models.BigIntegerField()),
                ("paper_key", models.CharField(max_length=70, unique=True)),
                ("paper_name", models.CharField(max_length=120)),
                ("added_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["clerk_id", "unit_id", "supplier_id"], name="draftpaper_of_checkout")
                ],
            },
        ),
    ]
