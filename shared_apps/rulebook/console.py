"""The region's list of malls: registry facts with where each lies and who supervises it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tenants.divisions.selectors import places, supervisors
from tenants.registry.selectors import primary_hosts, tenant_names


@dataclass(frozen=True, slots=True)
class TenantRow:
    """One mall as the console lists it."""

    code: str
    name: str
    level: str
    prefecture_code: str
    prefecture_name: str
    supervisor_code: str
    supervisor_name: str
    state: str
    host: str
    is_demo: bool
    is_practice: bool


def tenants(*, q: str = "", level: str = "", prefecture: str = "", state: str = "") -> list[TenantRow]:
    """Malls in the order of their codes, those that fit every filter; four statements whatever their number."""
    by_code, above, hosts = places(), supervisors(), primary_hosts()
    rows = []
    for tenant in tenant_names().values():
        here = by_code.get(tenant.division_code)
        within = by_code.get(here.prefecture_code) if here else None
        if within is not None and within.level != "prefecture":
            within = None
        supervisor = by_code.get(above.get(tenant.division_code, ""))
        row = TenantRow(
            code=tenant.code,
            name=tenant.name,
            level=tenant.level,
            prefecture_code=within.code if within else "",
            prefecture_name=within.name if within else "",
            supervisor_code=supervisor.code if supervisor else "",
            supervisor_name=supervisor.name if supervisor else "",
            state=tenant.state,
            host=hosts.get(tenant.code, ""),
            is_demo=tenant.is_demo,
            is_practice=tenant.is_practice,
        )
        if _fits(row, q, level, prefecture, state):
            rows.append(row)
    return rows


def _fits(row: TenantRow, q: str, level: str, prefecture: str, state: str) -> bool:
    return (
        (not q or q in row.name or row.code.startswith(q))
        and level in {"", row.level}
        and prefecture in {"", row.prefecture_code}
        and state in {"", row.state}
    )


def prefectures(rows: Sequence[TenantRow]) -> list[tuple[str, str]]:
    """Prefectures that occur among the rows, for the filter."""
    return sorted({(row.prefecture_code, row.prefecture_name) for row in rows if row.prefecture_code})
