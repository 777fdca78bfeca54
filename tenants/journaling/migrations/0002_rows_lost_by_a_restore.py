from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journaling", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="LostEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("room", models.CharField(max_length=30)),
                ("epoch", models.PositiveIntegerField()),
                ("journal_id", models.BigIntegerField()),
                ("lost_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("room", "epoch", "journal_id"), name="lost_entry_once")
                ],
            },
        ),
    ]
