"""Writes of the fleet, by noun. Others import from here."""

from shared_apps.fleet.services.jobs import order_job, run_job, unfinished_jobs, wake_job
from shared_apps.fleet.services.names import move_host, recode_division, rename_tenant, set_supervisor
from shared_apps.fleet.services.states import archive_tenant, resume_tenant, suspend_tenant

__all__ = [
    "archive_tenant",
    "move_host",
    "order_job",
    "recode_division",
    "rename_tenant",
    "resume_tenant",
    "run_job",
    "set_supervisor",
    "suspend_tenant",
    "unfinished_jobs",
    "wake_job",
]
