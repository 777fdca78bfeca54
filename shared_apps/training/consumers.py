"""Steps that people take on practice orders are the exercises they complete."""

from __future__ import annotations

from shared_apps.training.services.completing import follow_order
from tenants.journaling.consumers import RelayedEntry, consumer


@consumer("orders.*")
def _order_moved(entry: RelayedEntry) -> None:
    follow_order(entry=entry)
