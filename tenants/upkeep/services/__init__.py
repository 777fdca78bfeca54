"""Writes of upkeep, by noun. Others import from here."""

from tenants.upkeep.services.archiving import PutAway, compare, put_away
from tenants.upkeep.services.dumping import dump_tenant
from tenants.upkeep.services.exporting import Export, export_tenant
from tenants.upkeep.services.restoring import Restoration, check_file, restore_tenant
from tenants.upkeep.services.rotating import rotate_logins

__all__ = [
    "Export",
    "PutAway",
    "Restoration",
    "check_file",
    "compare",
    "dump_tenant",
    "export_tenant",
    "put_away",
    "restore_tenant",
    "rotate_logins",
]
