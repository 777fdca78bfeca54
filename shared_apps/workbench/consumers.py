"""What the workbench follows in the journals."""

from __future__ import annotations

from shared_apps.workbench.services import follow_order
from tenants.journaling.consumers import RelayedEntry, consumer


@consumer("orders.*")
def _order_moved(entry: RelayedEntry) -> None:
    follow_order(entry=entry)
