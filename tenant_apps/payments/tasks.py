"""Background work of payments. Each task is one service call in one tenant; the beat finds the tenants."""

from __future__ import annotations

from celery import shared_task

from kernel.clock import utc_now
from tenant_apps.payments import services
from tenant_apps.payments.models import PaymentInstruction
from tenants.database.tasks import tenant_task
from tenants.registry.due_tenants import tenants_with_due


@tenant_task("payments.send_due")
def send_due() -> None:
    """Hands this tenant's waiting instructions to the treasury."""
    services.send_due(now=utc_now())


@tenant_task("payments.poll_due")
def poll_due() -> None:
    """Asks the treasury about this tenant's sent instructions, and about paid ones that may have come back."""
    now = utc_now()
    services.poll_due(now=now)
    services.watch_due(now=now)


@shared_task(name="payments.poll", ignore_result=True)
def poll() -> None:
    """Wakes sending and asking in every tenant that has an instruction due."""
    for tenant in tenants_with_due(model=PaymentInstruction, now=utc_now()):
        send_due.enqueue(tenant=tenant)
        poll_due.enqueue(tenant=tenant)
