"""Brands and models that were one name too many lead on to another."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("classification", "0002_imports_and_typed_attributes"),
        ("products", "0012_offers_by_their_last_day"),
        ("suppliers", "0006_licensed_scope"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="brand",
            name="brand_state_known",
        ),
        migrations.RemoveConstraint(
            model_name="spu",
            name="spu_state_known",
        ),
        migrations.AddField(
            model_name="brand",
            name="merged_into",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="merged", to="products.brand"
            ),
        ),
        migrations.AddField(
            model_name="spu",
            name="merged_into",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="merged", to="products.spu"
            ),
        ),
        migrations.AlterField(
            model_name="brand",
            name="state",
            field=models.CharField(
                choices=[
                    ("proposed", "proposed"),
                    ("returned", "returned"),
                    ("approved", "approved"),
                    ("refused", "refused"),
                    ("merged", "merged"),
                ],
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="spu",
            name="state",
            field=models.CharField(
                choices=[
                    ("proposed", "proposed"),
                    ("returned", "returned"),
                    ("approved", "approved"),
                    ("refused", "refused"),
                    ("merged", "merged"),
                ],
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="brand",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("merged_into__isnull", False), ("state", "merged")),
                    models.Q(models.Q(("state", "merged"), _negated=True), ("merged_into__isnull", True)),
                    _connector="OR",
                ),
                name="brand_merged_leads_on",
            ),
        ),
        migrations.AddConstraint(
            model_name="brand",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["proposed", "returned", "approved", "refused", "merged"])),
                name="brand_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="spu",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("merged_into__isnull", False), ("state", "merged")),
                    models.Q(models.Q(("state", "merged"), _negated=True), ("merged_into__isnull", True)),
                    _connector="OR",
                ),
                name="spu_merged_leads_on",
            ),
        ),
        migrations.AddConstraint(
            model_name="spu",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["proposed", "returned", "approved", "refused", "merged"])),
                name="spu_state_known",
            ),
        ),
    ]
