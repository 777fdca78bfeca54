"""Which level collects and vets."""

from __future__ import annotations

from shared_apps.suppliers.rules.application import collecting_level
from tenants.divisions.selectors import places
from tenants.registry.rules import TenantState
from tenants.registry.selectors import tenant_names


def collecting_code_of(*, division_code: str) -> str:
    """The open mall of the division, else of its prefecture, else "": the region itself. Two statements."""
    levels = {
        tenant.division_code: tenant.code
        for tenant in tenant_names().values()
        if tenant.state == TenantState.LIVE and not tenant.is_practice
    }
    place = places().get(division_code)
    return collecting_level(
        division_code=division_code, prefecture_code=place.prefecture_code if place else "", levels=levels
    )
