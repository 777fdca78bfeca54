"""The key is unique, and what 0002 added is looked at: nobody waits for it."""

from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("products", "0003_brands_and_spus_of_what_is_there")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS product_identity_once ON products_product"
                    " (identity_key) WHERE NOT (state IN ('refused', 'merged'))",
                    "DROP INDEX CONCURRENTLY IF EXISTS product_identity_once",
                ),
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name="product",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("state__in", ["refused", "merged"]), _negated=True),
                        fields=("identity_key",),
                        name="product_identity_once",
                    ),
                ),
            ],
        ),
        AddIndexConcurrently(model_name="product", index=models.Index(fields=["spu"], name="product_spu")),
        AddIndexConcurrently(model_name="product", index=models.Index(fields=["look_key"], name="product_look_key")),
        AddIndexConcurrently(
            model_name="product",
            index=models.Index(
                condition=models.Q(("state", "proposed")), fields=["id"], name="product_waiting"
            ),
        ),
        ValidateConstraint(model_name="product", name="product_state_known"),
        migrations.RunSQL(
            "ALTER TABLE products_product VALIDATE CONSTRAINT product_spu_is_there", migrations.RunSQL.noop
        ),
    ]
