"""Deleting answers whose seven days are over, in every room."""

from __future__ import annotations

import logging

from celery import shared_task
from django.db import DatabaseError

from kernel.clock import utc_now
from shared_apps.region_idempotency.services import purge as purge_region
from tenant_apps.idempotency.services import purge
from tenants.database.context import tenant_selected
from tenants.registry.selectors import tenant_names

logger = logging.getLogger(__name__)


@shared_task(name="idempotency.purge", ignore_result=True)
def purge_all() -> int:
    """One room after the other, each by its own login; one that fails waits for the next night."""
    total = purge_region(now=utc_now())
    for code in tenant_names():
        try:
            with tenant_selected(code):
                total += purge(now=utc_now())
        except DatabaseError as error:
            logger.warning("idempotency keys of %s not purged: %s", code, error)
    return total
