"""Paid prices after a mall was set back: what a lost row paid was not paid."""

from __future__ import annotations

from shared_apps.listings.models import PaidPrice
from shared_apps.listings.services.prices import follow_paid, work_out_again
from tenants.journaling.restoring import RestoredJournal, rebuilds
from tenants.journaling.selectors import lost


@rebuilds("listings")
def rebuild(restored: RestoredJournal) -> None:
    """Prices of lost rows go, those of orders that an earlier restore had taken come again."""
    gone = PaidPrice.objects.filter(tenant_code=restored.room).filter(lost(room=restored.room))
    products = set(gone.values_list("product_id", flat=True))
    gone.delete()
    if regained := restored.regained_of("order"):
        for entry in restored.seen(events=["orders.paid"], object_type="order", object_ids=regained):
            follow_paid(entry=entry)
    if products:
        work_out_again(product_ids=products, now=restored.now)
