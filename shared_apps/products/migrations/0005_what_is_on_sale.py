"""What search reads: offers on sale in narrow rows, and the library's words."""

import django.contrib.postgres.fields
import django.db.models.expressions
from django.db import migrations, models

import kernel.fields


class Migration(migrations.Migration):
    dependencies = [("products", "0004_one_product_of_a_key")]

    operations = [
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("word", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("pinyin", models.CharField(max_length=400)),
                ("initials", models.CharField(max_length=80)),
            ],
        ),
        migrations.CreateModel(
            name="OnSale",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "product_id",
                        "offer_id",
                        "level",
                        "price",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("product_id", models.BigIntegerField()),
                ("offer_id", models.BigIntegerField()),
                ("level", models.PositiveSmallIntegerField()),
                ("price", kernel.fields.MoneyField(decimal_places=2, max_digits=18)),
                (
                    "places",
                    django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None),
                ),
                (
                    "narrower",
                    django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None),
                ),
                ("supplier_id", models.BigIntegerField()),
                ("category_id", models.CharField(max_length=10)),
                ("sales", models.PositiveBigIntegerField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.OrderBy(models.F("sales"), descending=True),
                        models.OrderBy(models.F("product_id"), descending=True),
                        name="on_sale_sales",
                    ),
                    models.Index(fields=["price", "product_id"], name="on_sale_price"),
                    models.Index(
                        models.F("category_id"),
                        models.OrderBy(models.F("sales"), descending=True),
                        models.OrderBy(models.F("product_id"), descending=True),
                        name="on_sale_category",
                    ),
                    models.Index(fields=["supplier_id"], name="on_sale_supplier"),
                ],
            },
        ),
    ]
