"""Background work of access: posts held in another's stead end with their last day."""

from __future__ import annotations

from celery import shared_task

from kernel.clock import utc_now
from tenant_apps.access import deputies
from tenant_apps.access.models import PostHolding
from tenants.database.tasks import tenant_task
from tenants.registry.due_tenants import tenants_with_due


@tenant_task("access.end_deputies")
def end_deputies() -> None:
    deputies.end_due(now=utc_now())


@shared_task(name="access.sweep_deputies", ignore_result=True)
def sweep_deputies() -> None:
    """Wakes every tenant in which somebody's standing in has run out."""
    for tenant in tenants_with_due(model=PostHolding, now=utc_now()):
        end_deputies.enqueue(tenant=tenant)
