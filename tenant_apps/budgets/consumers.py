"""Wakes the mall whose organisations the region has just entered."""

from __future__ import annotations

from kernel.wakeups import wake
from tenants.database.context import region_on_commit
from tenants.journaling.consumers import RelayedEntry, consumer


@consumer("budgets.units_awaited")
def wake_units(entry: RelayedEntry) -> None:
    """After the relay's commit."""
    from tenant_apps.budgets.tasks import enter_awaited

    region_on_commit(lambda: wake(enter_awaited.enqueue, tenant=entry.tenant))
