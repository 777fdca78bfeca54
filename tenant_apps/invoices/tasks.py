"""Background work of invoices: the beat finds the tenants, a task of each asks the verifier."""

from __future__ import annotations

from celery import shared_task

from kernel.clock import utc_now
from tenant_apps.invoices import services
from tenant_apps.invoices.models import Invoice
from tenants.database.tasks import tenant_task
from tenants.registry.due_tenants import tenants_with_due


@tenant_task("invoices.verify_tenant")
def verify_tenant() -> None:
    """Asks about this tenant's recorded invoices."""
    services.verify_due(now=utc_now())


@shared_task(name="invoices.verify", ignore_result=True)
def verify() -> None:
    """Wakes asking in every tenant that has an invoice due."""
    for tenant in tenants_with_due(model=Invoice, now=utc_now()):
        verify_tenant.enqueue(tenant=tenant)
