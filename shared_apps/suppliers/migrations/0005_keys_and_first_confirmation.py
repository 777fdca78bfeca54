"""Suppliers entered before: what they are compared by, and a first year until they are asked to confirm."""

from django.db import migrations
from django.utils import timezone

from shared_apps.suppliers.rules import address_key, name_key, phone_key

ROWS = 1000


def fill(apps, schema_editor):
    Supplier = apps.get_model("suppliers", "Supplier")
    today = timezone.localdate()
    rows = Supplier.objects.filter(confirmed_on=None).order_by("pk")
    changed = []
    for supplier in rows.iterator(chunk_size=ROWS):
        supplier.representative_key = name_key(supplier.legal_representative)[:40]
        supplier.address_key = address_key(supplier.address)[:200]
        supplier.phone_key = phone_key(supplier.phone)[:20]
        supplier.confirmed_on = today
        changed.append(supplier)
    Supplier.objects.bulk_update(
        changed, ["representative_key", "address_key", "phone_key", "confirmed_on"], batch_size=ROWS
    )


class Migration(migrations.Migration):
    dependencies = [("suppliers", "0004_applications_and_qualifications")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
