"""The orders after a mall was set back: each stands where its journal stands now."""

from __future__ import annotations

from shared_apps.workbench.models import SupplierOrder
from shared_apps.workbench.services import follow_interest, follow_order
from tenants.journaling.restoring import RestoredJournal, rebuilds
from tenants.journaling.selectors import lost

INTEREST = ["payments.interest_paid", "payments.interest_failed"]


@rebuilds("workbench")
def rebuild(restored: RestoredJournal) -> None:
    """Rows that stand at a lost row are made again from what is left of their order, or vanish with it."""
    rows = SupplierOrder.objects.filter(tenant_code=restored.room)
    orders = {str(key) for key in rows.filter(lost(room=restored.room)).values_list("order_id", flat=True)}
    # What was said of interest may be lost although the order stands at an earlier row.
    orders |= {str(key) for key in rows.filter(interest_paid__gt=0).values_list("order_id", flat=True)}
    orders |= restored.regained_of("order")
    rows.filter(order_id__in=[int(key) for key in orders]).delete()
    for entry in restored.seen(events=["orders.*"], object_type="order", object_ids=orders):
        follow_order(entry=entry)
    for entry in restored.seen(events=INTEREST, object_type="order", object_ids=orders):
        follow_interest(entry=entry)
