"""What the region lets malls decide about their shelves."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("products", "0008_prices_that_wait_looked_at")]

    operations = [
        migrations.CreateModel(
            name="ShelfBound",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("local_approval_allowed", models.BooleanField()),
                ("reason", models.CharField(max_length=300)),
                ("set_at", models.DateTimeField()),
                ("set_by_id", models.BigIntegerField(null=True)),
                ("set_by_name", models.CharField(blank=True, max_length=40)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="shelf_bound_has_a_reason"
                    )
                ],
            },
        ),
    ]
