"""Background work of bargains: what nobody answered in time ends."""

from __future__ import annotations

from celery import shared_task

from kernel.clock import database_now, utc_now
from tenant_apps.bargains import services
from tenant_apps.bargains.models import Bargain
from tenants.database.context import TENANT_ALIAS
from tenants.database.tasks import tenant_task
from tenants.registry.due_tenants import tenants_with_due


@tenant_task("bargains.sweep_tenant")
def sweep_tenant() -> None:
    """By the clock that also judges an answer."""
    services.sweep_due(now=database_now(TENANT_ALIAS))


@shared_task(name="bargains.sweep_due", ignore_result=True)
def sweep_due() -> None:
    """Wakes a sweep in every tenant that has a bargain due."""
    for tenant in tenants_with_due(model=Bargain, now=utc_now()):
        sweep_tenant.enqueue(tenant=tenant)
