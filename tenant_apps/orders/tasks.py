"""Background work of orders: the beat asks which tenants have something due, a task of each sweeps it."""

from __future__ import annotations

from celery import shared_task

from kernel.clock import database_now, utc_now
from tenant_apps.orders.models import Order
from tenant_apps.orders.services import ending
from tenants.database.context import TENANT_ALIAS
from tenants.database.tasks import tenant_task
from tenants.registry.due_tenants import tenants_with_due


@tenant_task("orders.sweep_tenant")
def sweep_tenant() -> None:
    """Applies what time does to this tenant's orders, by the clock that also judges an answer."""
    ending.sweep_due(now=database_now(TENANT_ALIAS))


@shared_task(name="orders.sweep_due", ignore_result=True)
def sweep_due() -> None:
    """Wakes a sweep in every tenant that has an order due."""
    for tenant in tenants_with_due(model=Order, now=utc_now()):
        sweep_tenant.enqueue(tenant=tenant)
