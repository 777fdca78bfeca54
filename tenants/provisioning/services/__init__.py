"""Writes of provisioning, by noun. Others import from here."""

from tenants.provisioning.services.creating import (
    DivisionNotFound,
    TenantExists,
    create_tenant,
    host_of,
    missing_tenants,
    schema_of,
)
from tenants.provisioning.services.fleet import MigrationOutcome, Progress, applied_by_schema, migrate_tenants
from tenants.provisioning.services.parallel import Result, cores, each, provision_tenants
from tenants.provisioning.services.region import migrate_region
from tenants.provisioning.services.removing import NotRemovable, TenantBusy, drop_tenant, remake_tenant

__all__ = [
    "DivisionNotFound",
    "MigrationOutcome",
    "NotRemovable",
    "Progress",
    "Result",
    "TenantBusy",
    "TenantExists",
    "applied_by_schema",
    "cores",
    "create_tenant",
    "drop_tenant",
    "each",
    "host_of",
    "migrate_region",
    "migrate_tenants",
    "missing_tenants",
    "provision_tenants",
    "remake_tenant",
    "schema_of",
]
