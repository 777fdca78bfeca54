"""Writes of the fleet, by noun. Others import from here."""

from shared_apps.fleet.services.names import move_host, recode_division, rename_tenant, set_supervisor
from shared_apps.fleet.services.states import archive_tenant, resume_tenant, suspend_tenant

__all__ = [
    "archive_tenant",
    "move_host",
    "recode_division",
    "rename_tenant",
    "resume_tenant",
    "set_supervisor",
    "suspend_tenant",
]
