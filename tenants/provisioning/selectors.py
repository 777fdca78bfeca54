"""Whether every schema is at the version that this code expects."""

from __future__ import annotations

from dataclasses import dataclass

from tenants.database.context import region_as
from tenants.database.logins import SWEEPER
from tenants.provisioning.plans import all_keys
from tenants.provisioning.services import applied_by_schema
from tenants.registry.models import Tenant


@dataclass(frozen=True, slots=True)
class FleetState:
    """How many tenants there are, and how many lack a migration."""

    tenants: int
    behind: int

    def as_json(self) -> dict[str, int]:
        return {"count": self.tenants, "behind": self.behind}


def fleet_state() -> FleetState:
    """Asks every schema which migrations it has: set-based, by the sweeper's login."""
    target = frozenset(all_keys())
    with region_as(SWEEPER):
        schemas = list(Tenant.objects.order_by("code").values_list("schema_name", flat=True))
        applied = applied_by_schema(schemas)
    return FleetState(len(schemas), sum(1 for schema in schemas if target - applied.get(schema, frozenset())))
