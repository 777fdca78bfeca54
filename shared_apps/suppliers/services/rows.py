"""What every service of this app does with its rows: lock them, keep their keys, and tell the journal of them."""

from __future__ import annotations

from datetime import datetime

from kernel.actor import Actor
from kernel.problems import NotFound
from shared_apps.region_journal.services import record
from shared_apps.suppliers.models import Supplier, SupplierApplication
from shared_apps.suppliers.rules.names import address_key, name_key, phone_key

KEY_FIELDS = ("representative_key", "address_key", "phone_key")


def locked(supplier_id: int) -> Supplier:
    """The row under its lock: taken before the rows that belong to it. Raises NotFound."""
    supplier = Supplier.objects.select_for_update().filter(pk=supplier_id).first()
    if supplier is None:
        raise NotFound(supplier_id=supplier_id)
    return supplier


def set_keys(supplier: Supplier) -> Supplier:
    """Writes what related parties are found by; for everybody who writes the texts beside it. Does not save."""
    supplier.representative_key = name_key(supplier.legal_representative)[:40]
    supplier.address_key = address_key(supplier.address)[:200]
    supplier.phone_key = phone_key(supplier.phone)[:20]
    return supplier


def tell(actor: Actor, event: str, supplier: Supplier, now: datetime, **more: object) -> None:
    facts = {"uscc": supplier.uscc, "name": supplier.name, "standing": str(supplier.standing), **more}
    record(actor=actor, event=event, object_type="supplier", object_id=supplier.pk, facts=facts, now=now)


def tell_application(actor: Actor, event: str, row: SupplierApplication, now: datetime, **more: object) -> None:
    """People stand in the journal by their ids, contacts not at all."""
    facts = {
        "number": row.number,
        "kind": str(row.kind),
        "state": str(row.state),
        "uscc": row.uscc,
        "name": row.name,
        "collecting_code": row.collecting_code,
        "version": row.version,
        "organisation_id": row.supplier.organisation_id if row.supplier else None,
        "due_on": row.due_on.isoformat() if row.due_on else "",
        **more,
    }
    record(actor=actor, event=event, object_type="supplier_application", object_id=row.pk, facts=facts, now=now)
