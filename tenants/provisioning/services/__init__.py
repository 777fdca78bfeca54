"""Writes of provisioning, by noun. Others import from here."""

from tenants.provisioning.services.creating import (
    DivisionNotFound,
    TenantExists,
    create_tenant,
    host_of,
    missing_tenants,
    schema_of,
)
from tenants.provisioning.services.fleet import (
    Behind,
    FleetBusy,
    MigrationOutcome,
    Progress,
    behind_tenants,
    migrate_tenants,
    plans_of,
)
from tenants.provisioning.services.migrating import Limits
from tenants.provisioning.services.parallel import Result, cores, each, provision_tenants
from tenants.provisioning.services.region import migrate_region
from tenants.provisioning.services.removing import NotRemovable, TenantBusy, drop_tenant, remake_tenant
from tenants.provisioning.versions import CreationUnderWay, ProcessTooOld, applied_by_schema

__all__ = [
    "Behind",
    "CreationUnderWay",
    "DivisionNotFound",
    "FleetBusy",
    "Limits",
    "MigrationOutcome",
    "NotRemovable",
    "ProcessTooOld",
    "Progress",
    "Result",
    "TenantBusy",
    "TenantExists",
    "applied_by_schema",
    "behind_tenants",
    "cores",
    "create_tenant",
    "drop_tenant",
    "each",
    "host_of",
    "migrate_region",
    "migrate_tenants",
    "missing_tenants",
    "plans_of",
    "provision_tenants",
    "remake_tenant",
    "schema_of",
]
