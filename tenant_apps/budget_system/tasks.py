"""Background work of the reports. Each task is one service call in one tenant; the beat finds the tenants."""

from __future__ import annotations

from celery import shared_task

from kernel.clock import utc_now
from tenant_apps.budget_system import services
from tenant_apps.budget_system.models import BudgetReport
from tenants.database.tasks import tenant_task
from tenants.registry.due_tenants import tenants_with_due


@tenant_task("budget_system.send_due")
def send_due() -> None:
    """Tells this tenant's waiting reports and asks about those that were taken."""
    services.send_due(now=utc_now())


@shared_task(name="budget_system.sweep", ignore_result=True)
def sweep() -> None:
    """Wakes every tenant that has a report due."""
    for tenant in tenants_with_due(model=BudgetReport, now=utc_now()):
        send_due.enqueue(tenant=tenant)
