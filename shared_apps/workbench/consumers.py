"""What the workbench follows in the journals."""

from __future__ import annotations

from shared_apps.workbench.services import follow_interest, follow_order
from tenants.journaling.consumers import RelayedEntry, consumer


@consumer("orders.*")
def _order_moved(entry: RelayedEntry) -> None:
    follow_order(entry=entry)


@consumer("payments.interest_paid")
@consumer("payments.interest_failed")
def _interest_moved(entry: RelayedEntry) -> None:
    follow_interest(entry=entry)
