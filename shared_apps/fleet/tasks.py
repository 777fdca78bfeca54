"""Background work of the fleet: jobs over many malls as the owner, their sweep, and the figures of the pages."""

from __future__ import annotations

from celery import shared_task

from kernel.clock import database_now, utc_now
from shared_apps.fleet import measuring, services
from tenants.database.context import REGION_ALIAS
from tenants.provisioning.tasks import owner_task


@owner_task("fleet.run_job")
def run_job(*, job_id: int) -> None:
    """What is to be done stands in the job's rows."""
    services.run_job(job_id=job_id, clock=utc_now)


@shared_task(name="fleet.sweep_jobs", ignore_result=True)
def sweep_jobs() -> None:
    """Wakes the worker for jobs that stand still."""
    for job_id in services.unfinished_jobs(now=database_now(REGION_ALIAS)):
        services.wake_job(job_id)


@shared_task(name="fleet.measure", ignore_result=True)
def measure() -> None:
    """Measures every mall: size, version, last activity."""
    measuring.measure(now=utc_now())
