"""Background work of onboarding: setting malls up as the owner, and the sweep that finds what is due."""

from __future__ import annotations

from celery import shared_task

from kernel.clock import database_now
from shared_apps.onboarding.selectors import due_applications
from shared_apps.onboarding.services.deciding import wake_provisioning
from shared_apps.onboarding.services.provisioning import run_provisioning
from tenants.database.context import REGION_ALIAS
from tenants.provisioning.tasks import owner_task


@owner_task("onboarding.provision")
def provision(*, application_id: int) -> None:
    """What may be done with the application stands in its row."""
    run_provisioning(application_id=application_id)


@shared_task(name="onboarding.sweep_due", ignore_result=True)
def sweep_due() -> None:
    """Wakes the provisioner for approvals whose wake-up was lost, and for what a dead one left behind."""
    for application_id in due_applications(now=database_now(REGION_ALIAS)):
        wake_provisioning(application_id)
