"""Prices that wait for a decision while the old one stays on sale, and the history of prices on sale."""

import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

import kernel.fields


class Migration(migrations.Migration):
    dependencies = [
        ("products", "0006_on_sale_of_what_is_there"),
        ("suppliers", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="OfferPrice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("change", models.CharField(choices=[("lowered", "lowered"), ("raised", "raised")], max_length=8)),
                ("before", kernel.fields.MoneyField()),
                ("after", kernel.fields.MoneyField()),
                ("changed_at", models.DateTimeField()),
                ("changed_by_id", models.BigIntegerField(null=True)),
                ("changed_by_name", models.CharField(max_length=40)),
                ("approved_by_id", models.BigIntegerField(null=True)),
                ("approved_by_name", models.CharField(blank=True, max_length=40)),
            ],
        ),
        migrations.AddField(
            model_name="offer",
            name="pending_areas",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="offer",
            name="pending_price",
            field=kernel.fields.MoneyField(null=True),
        ),
        migrations.AddField(
            model_name="offer",
            name="pending_reference_price",
            field=kernel.fields.MoneyField(null=True),
        ),
        migrations.AddField(
            model_name="offer",
            name="pending_since",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="offer",
            name="vat_rate",
            field=models.DecimalField(decimal_places=2, max_digits=4, null=True),
        ),
        AddConstraintNotValid(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("vat_rate__isnull", True), models.Q(("vat_rate__gte", 0), ("vat_rate__lt", 1)), _connector="OR"
                ),
                name="offer_vat_is_a_rate",
            ),
        ),
        AddConstraintNotValid(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("pending_areas__isnull", True),
                        ("pending_price__isnull", True),
                        ("pending_reference_price__isnull", True),
                        ("pending_since__isnull", True),
                    ),
                    models.Q(
                        ("pending_price__isnull", False),
                        ("pending_reference_price__isnull", False),
                        ("pending_since__isnull", False),
                        ("pending_price__gt", 0),
                        ("pending_reference_price__gt", 0),
                        ("state", "listed"),
                        ("pending_price__gte", 0),
                        (
                            "pending_price__lt",
                            models.Func(output_field=models.DecimalField(), template="'Infinity'::numeric"),
                        ),
                        ("pending_reference_price__gte", 0),
                        (
                            "pending_reference_price__lt",
                            models.Func(output_field=models.DecimalField(), template="'Infinity'::numeric"),
                        ),
                    ),
                    _connector="OR",
                ),
                name="offer_pending_is_whole",
            ),
        ),
        migrations.AddField(
            model_name="offerprice",
            name="offer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="prices", to="products.offer"
            ),
        ),
        migrations.AddIndex(
            model_name="offerprice",
            index=models.Index(fields=["offer", "id"], name="offer_price_in_order"),
        ),
        migrations.AddConstraint(
            model_name="offerprice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("after__lt", models.F("before")), ("approved_by_name", ""), ("change", "lowered")),
                    models.Q(
                        ("after__gt", models.F("before")),
                        ("change", "raised"),
                        models.Q(("approved_by_name", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="offer_price_rises_by_approval",
            ),
        ),
        migrations.AddConstraint(
            model_name="offerprice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("before__gte", 0),
                    ("before__lt", models.Func(output_field=models.DecimalField(), template="'Infinity'::numeric")),
                    ("after__gte", 0),
                    ("after__lt", models.Func(output_field=models.DecimalField(), template="'Infinity'::numeric")),
                    ("after__gt", 0),
                ),
                name="offer_price_change_is_money",
            ),
        ),
    ]
