"""Background work of budgets: units that waited for their organisation are entered."""

from __future__ import annotations

from celery import shared_task

from kernel.clock import utc_now
from tenant_apps.budgets import awaiting
from tenant_apps.budgets.models import AwaitedUnit
from tenants.database.tasks import tenant_task
from tenants.registry.due_tenants import tenants_with_due


@tenant_task("budgets.enter_awaited")
def enter_awaited() -> None:
    awaiting.enter_awaited(now=utc_now())


@shared_task(name="budgets.sweep_awaited", ignore_result=True)
def sweep_awaited() -> None:
    """Wakes every tenant with a unit that waits."""
    for tenant in tenants_with_due(model=AwaitedUnit, now=utc_now()):
        enter_awaited.enqueue(tenant=tenant)
