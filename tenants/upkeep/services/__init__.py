"""Writes of upkeep, by noun. Others import from here."""

from tenants.upkeep.services.dumping import dump_tenant
from tenants.upkeep.services.restoring import Restoration, check_file, restore_tenant

__all__ = ["Restoration", "check_file", "dump_tenant", "restore_tenant"]
