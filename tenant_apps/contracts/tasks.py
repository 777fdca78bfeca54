"""Background work of contracts: the beat finds the tenants, a task of each follows its signatures and announcements."""

from __future__ import annotations

from celery import shared_task

from kernel.clock import utc_now
from tenant_apps.contracts.models import Announcement, Signature
from tenant_apps.contracts.services import announcing, signing
from tenants.database.tasks import tenant_task
from tenants.registry.due_tenants import tenants_with_due


@tenant_task("contracts.follow_tenant")
def follow_tenant() -> None:
    """Sends this tenant's signature requests and announcements, and asks about those that were sent."""
    signing.follow_due(now=utc_now())
    announcing.follow_due(now=utc_now())


@shared_task(name="contracts.follow", ignore_result=True)
def follow() -> None:
    """Wakes following in every tenant that has a signature or an announcement due."""
    now = utc_now()
    for tenant in sorted({*tenants_with_due(model=Signature, now=now), *tenants_with_due(model=Announcement, now=now)}):
        follow_tenant.enqueue(tenant=tenant)
