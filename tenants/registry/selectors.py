"""Reading the registry of tenants."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from kernel.problems import NotFound
from tenants.registry.models import Domain, Tenant
from tenants.registry.rules import TenantKind


def primary_host(*, code: str) -> str:
    """The host name a tenant answers on. Raises NotFound."""
    host = Domain.objects.filter(tenant__code=code, is_primary=True).values_list("domain", flat=True).first()
    if host is None:
        raise NotFound(tenant=code)
    return str(host)


def primary_hosts() -> dict[str, str]:
    """Host names of all tenants by code; one statement."""
    return dict(Domain.objects.filter(is_primary=True).values_list("tenant__code", "domain"))


def hosts_of(*, code: str) -> list[tuple[str, bool]]:
    """A tenant's hosts and whether each is the primary one, that one first."""
    rows = Domain.objects.filter(tenant__code=code).order_by("-is_primary", "domain")
    return list(rows.values_list("domain", "is_primary"))


def tenant_name(*, code: str) -> str:
    """Raises NotFound."""
    name = Tenant.objects.filter(code=code).values_list("name", flat=True).first()
    if name is None:
        raise NotFound(tenant=code)
    return str(name)


@dataclass(frozen=True, slots=True)
class TenantName:
    """What lists and projections show of a tenant."""

    code: str
    name: str
    division_code: str
    level: str
    state: str
    is_demo: bool
    is_practice: bool
    live_at: datetime | None
    reason: str


def tenant_names(*, codes: Collection[str] | None = None) -> dict[str, TenantName]:
    """Tenants by code in the order of their codes, all of them or those named; one statement."""
    rows = Tenant.objects.order_by("code")
    if codes is not None:
        rows = rows.filter(code__in=codes)
    return {
        code: TenantName(code, name, division, level, state, is_demo, kind == TenantKind.PRACTICE, live_at, reason)
        for code, name, division, level, state, is_demo, kind, live_at, reason in rows.values_list(
            "code", "name", "division_code", "level", "state", "is_demo", "kind", "live_at", "state_reason"
        )
    }


def schemas() -> dict[str, str]:
    """The schema of every tenant by code; one statement."""
    return dict(Tenant.objects.order_by("code").values_list("code", "schema_name"))


def is_practice(*, code: str) -> bool:
    """Whether the tenant is for practice: nothing of it is metered or supervised."""
    return bool(Tenant.objects.filter(code=code, kind=TenantKind.PRACTICE).exists())
