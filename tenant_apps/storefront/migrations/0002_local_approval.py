"""A local approval of suppliers beside the region's: the policy and its decisions."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("storefront", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="LocalApproval",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("is_on", models.BooleanField()),
                ("reason", models.CharField(max_length=300)),
                ("changed_at", models.DateTimeField()),
                ("changed_by_id", models.BigIntegerField(null=True)),
                ("changed_by_name", models.CharField(blank=True, max_length=40)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="local_approval_is_one"),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="local_approval_has_a_reason"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SupplierApproval",
            fields=[
                ("supplier_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("is_approved", models.BooleanField()),
                ("reason", models.CharField(max_length=300)),
                ("decided_at", models.DateTimeField()),
                ("decided_by_id", models.BigIntegerField(null=True)),
                ("decided_by_name", models.CharField(blank=True, max_length=40)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="supplier_approval_has_a_reason"
                    )
                ],
            },
        ),
    ]
