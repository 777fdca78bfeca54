"""Wakes the mall whose organisations the region has just entered."""

from __future__ import annotations

import logging

from kombu.exceptions import OperationalError

from tenants.database.context import region_on_commit
from tenants.journaling.consumers import RelayedEntry, consumer

logger = logging.getLogger(__name__)


@consumer("budgets.units_awaited")
def wake_units(entry: RelayedEntry) -> None:
    """After the relay's commit. Only a wake-up: the sweep finds what a lost one missed."""
    region_on_commit(lambda: _wake(entry.tenant))


def _wake(tenant: str) -> None:
    from tenant_apps.budgets.tasks import enter_awaited

    try:
        enter_awaited.enqueue(tenant=tenant)
    except (OperationalError, OSError) as error:
        logger.warning("%s is not woken: %s", tenant, error)
