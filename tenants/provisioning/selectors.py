"""Whether every schema is at the version that this code expects, and what the ledger says of each tenant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tenants.database.context import region_as
from tenants.database.logins import SWEEPER
from tenants.provisioning.models import MigrationState, TenantMigration
from tenants.provisioning.plans import Key, all_keys
from tenants.provisioning.versions import applied_by_schema
from tenants.registry.models import Tenant


@dataclass(frozen=True, slots=True)
class FleetState:
    """How many tenants there are, and how many lack a migration."""

    tenants: int
    behind: int

    def as_json(self) -> dict[str, int]:
        return {"count": self.tenants, "behind": self.behind}


@dataclass(frozen=True, slots=True)
class FleetMigration:
    """One tenant's version, and its last row in the ledger. A tenant never migrated has no row: state is empty."""

    code: str
    applied: int
    expected: int
    missing: tuple[str, ...]
    state: str
    error: str
    started_at: datetime | None
    finished_at: datetime | None

    @property
    def is_current(self) -> bool:
        return not self.missing


def fleet_state() -> FleetState:
    """Asks every schema which migrations it has: set-based, by the sweeper's login.

    Declared rights are no part of it: while a new version is rolled out the old processes are ready still.
    """
    found = _applied()
    target = frozenset(all_keys())
    return FleetState(len(found), sum(1 for applied in found.values() if target - applied))


def fleet_migrations() -> list[FleetMigration]:
    """Every tenant with its version and the ledger's last word, by code: set-based, as the region's login."""
    target = all_keys()
    found = _applied()
    # Later rows replace earlier ones: one row a tenant and version.
    last = {row.tenant_code: row for row in TenantMigration.objects.order_by("id")}
    lines = []
    for code, applied in found.items():
        row = last.get(code)
        missing = tuple(".".join(key) for key in target if key not in applied)
        lines.append(
            FleetMigration(
                code=code,
                applied=len(target) - len(missing),
                expected=len(target),
                missing=missing,
                state=MigrationState(row.state) if row else "",
                error=row.error if row else "",
                started_at=row.started_at if row else None,
                finished_at=row.finished_at if row else None,
            )
        )
    return lines


def _applied() -> dict[str, frozenset[Key]]:
    """What each tenant has, by code. A schema that is not there has nothing."""
    with region_as(SWEEPER):
        schemas = dict(Tenant.objects.order_by("code").values_list("schema_name", "code"))
        applied = applied_by_schema(schemas)
    return {code: applied.get(schema, frozenset()) for schema, code in schemas.items()}
