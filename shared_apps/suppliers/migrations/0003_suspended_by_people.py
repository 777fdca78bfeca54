"""Suppliers suspended before holds were kept: people did it, so people's hold keeps them."""

from django.db import migrations
from django.utils import timezone


def hold(apps, schema_editor):
    Supplier = apps.get_model("suppliers", "Supplier")
    SupplierHold = apps.get_model("suppliers", "SupplierHold")
    SupplierHold.objects.bulk_create(
        SupplierHold(
            supplier=supplier,
            cause="manual",
            reason=supplier.standing_reason,
            since=timezone.now(),
            held_by_name="system",
        )
        for supplier in Supplier.objects.filter(standing="suspended", holds__isnull=True)
    )


class Migration(migrations.Migration):
    dependencies = [("suppliers", "0002_holds")]

    operations = [migrations.RunPython(hold, migrations.RunPython.noop)]
