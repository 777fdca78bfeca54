"""The numbers of a mall that was set back: as its journal tells them now."""

from __future__ import annotations

from shared_apps.inbox.rules import ItemKind
from shared_apps.inbox.services import forget_told_by
from shared_apps.invoice_numbers.consumers import EVENTS
from shared_apps.invoice_numbers.models import NumberUse
from shared_apps.invoice_numbers.services import hear, settle
from tenants.journaling.restoring import RestoredJournal, rebuilds


@rebuilds("invoice_numbers")
def rebuild(restored: RestoredJournal) -> None:
    """A number whose invoice is lost is free again for the other malls, and their payers wait for nothing."""
    rows = NumberUse.objects.filter(tenant_code=restored.room)
    marks = sorted(rows.values_list("fingerprint", flat=True))
    rows.delete()
    forget_told_by(room=restored.room, kind=ItemKind.INVOICE)
    for entry in restored.seen(events=EVENTS, object_type="invoice"):
        hear(entry=entry)
    for mark in marks:
        settle(mark=mark, entry=None, at=restored.now)
