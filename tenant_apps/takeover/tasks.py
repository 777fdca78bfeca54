"""Background work on packages. Messages are wake-ups: what is due stands in the database."""

from __future__ import annotations

from celery import shared_task

from kernel.clock import utc_now
from tenant_apps.takeover.models import Takeover
from tenant_apps.takeover.services import run_takeover
from tenants.database.tasks import tenant_task
from tenants.registry.due_tenants import tenants_with_due


@tenant_task("takeover.run")
def run(*, takeover_id: int) -> None:
    """Does what is left of one package."""
    run_takeover(takeover_id=takeover_id)


@tenant_task("takeover.run_due")
def run_due() -> None:
    """Takes up packages whose wake-up or whose worker was lost."""
    due = Takeover.objects.filter(next_due_at__lte=utc_now()).order_by("pk")
    for takeover_id in list(due.values_list("pk", flat=True)):
        run_takeover(takeover_id=takeover_id)


@shared_task(name="takeover.sweep_due", ignore_result=True)
def sweep_due() -> None:
    """Wakes every mall with a package that stands still."""
    for tenant in tenants_with_due(model=Takeover, now=utc_now()):
        run_due.enqueue(tenant=tenant)
