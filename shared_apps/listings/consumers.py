"""What listings follow in the malls' journals: what was paid for what."""

from __future__ import annotations

from shared_apps.listings.services.prices import follow_paid, follow_returned
from tenants.journaling.consumers import RelayedEntry, consumer


@consumer("orders.paid")
def _order_paid(entry: RelayedEntry) -> None:
    follow_paid(entry=entry)


@consumer("orders.payment_returned")
def _payment_returned(entry: RelayedEntry) -> None:
    follow_returned(entry=entry)
