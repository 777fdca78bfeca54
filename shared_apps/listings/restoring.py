"""Paid prices after a mall was set back: what a lost row paid was not paid."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Q

from shared_apps.listings.models import PaidPrice
from shared_apps.listings.services.prices import follow_paid, follow_returned, work_out_again
from tenants.journaling.restoring import RestoredJournal, rebuilds
from tenants.journaling.selectors import lost

FOLLOWED: dict[str, Callable[..., int]] = {
    "orders.paid": follow_paid,
    "orders.payment_returned": follow_returned,
}


@rebuilds("listings")
def rebuild(restored: RestoredJournal) -> None:
    """Prices of lost rows go, and those of orders whose payments were lost, regained or taken back are read again."""
    rows = PaidPrice.objects.filter(tenant_code=restored.room)
    orders = set(rows.filter(Q(is_taken_back=True) | lost(room=restored.room)).values_list("order_id", flat=True))
    orders |= {int(key) for key in restored.regained_of("order")}
    gone = rows.filter(order_id__in=orders)
    products = set(gone.values_list("product_id", flat=True))
    gone.delete()
    if orders:
        keys = [str(key) for key in orders]
        for entry in restored.seen(events=list(FOLLOWED), object_type="order", object_ids=keys):
            FOLLOWED[entry.event](entry=entry)
    if products:
        work_out_again(product_ids=products, now=restored.now)
