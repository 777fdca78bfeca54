"""What every service of this app does with a supplier's row: lock it, and tell the journal of it."""

from __future__ import annotations

from datetime import datetime

from kernel.actor import Actor
from kernel.problems import NotFound
from shared_apps.region_journal.services import record
from shared_apps.suppliers.models import Supplier


def locked(supplier_id: int) -> Supplier:
    """The row under its lock: taken before the rows that belong to it. Raises NotFound."""
    supplier = Supplier.objects.select_for_update().filter(pk=supplier_id).first()
    if supplier is None:
        raise NotFound(supplier_id=supplier_id)
    return supplier


def tell(actor: Actor, event: str, supplier: Supplier, now: datetime, **more: object) -> None:
    facts = {"uscc": supplier.uscc, "name": supplier.name, "standing": str(supplier.standing), **more}
    record(actor=actor, event=event, object_type="supplier", object_id=supplier.pk, facts=facts, now=now)
