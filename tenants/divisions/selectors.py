"""Who supervises whom."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connections
from django.db.models import OuterRef, Subquery

from kernel.problems import NotFound
from tenants.database.context import REGION_ALIAS
from tenants.divisions.models import Division, Level, Supervision

_SUPERVISED = """
WITH RECURSIVE below(code) AS (
    SELECT %s::varchar
    UNION
    SELECT s.tenant_code FROM divisions_supervision s JOIN below b ON s.supervisor_code = b.code
    WHERE s.valid_to IS NULL
)
SELECT code FROM below
"""


def supervised_codes(*, supervisor_code: str) -> frozenset[str]:
    """The division codes that `supervisor_code` supervises today, at any depth, its own included."""
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(_SUPERVISED, [supervisor_code])
        return frozenset(code for (code,) in cursor.fetchall())


_ABOVE = """
WITH RECURSIVE above(code) AS (
    SELECT s.supervisor_code FROM divisions_supervision s WHERE s.tenant_code = %s AND s.valid_to IS NULL
    UNION
    SELECT s.supervisor_code FROM divisions_supervision s JOIN above a ON s.tenant_code = a.code
    WHERE s.valid_to IS NULL
)
SELECT code FROM above
"""


def codes_above(*, tenant_code: str) -> frozenset[str]:
    """The finance levels that `tenant_code` answers to today, at any height, without its own; one statement."""
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(_ABOVE, [tenant_code])
        return frozenset(code for (code,) in cursor.fetchall())


def supervisors() -> dict[str, str]:
    """Who supervises each finance level today: code by code, the region's tree; one statement."""
    return dict(Supervision.objects.filter(valid_to=None).values_list("tenant_code", "supervisor_code"))


def supervisors_by_name() -> dict[str, tuple[str, str]]:
    """As `supervisors`, with what each supervising division is called today; one statement."""
    rows = Supervision.objects.filter(valid_to=None).annotate(name=name_of("supervisor_code"))
    return {
        code: (above, name or above) for code, above, name in rows.values_list("tenant_code", "supervisor_code", "name")
    }


def division_name(*, code: str) -> str:
    """What the division is called. Raises NotFound."""
    name = Division.objects.filter(code=code).values_list("name", flat=True).first()
    if name is None:
        raise NotFound(division=code)
    return str(name)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a division stands: its name, and the prefecture-level division it is in (itself for a prefecture)."""

    code: str
    name: str
    level: str
    prefecture_code: str
    is_default_tenant: bool


def name_of(field: str) -> Subquery:
    """The name of today's division whose code stands in the field of the outer query, for `annotate`."""
    return Subquery(Division.objects.filter(valid_to=None, code=OuterRef(field)).values("name")[:1])


def places() -> dict[str, Place]:
    """Every division of today by code; one statement.

    The province, and a county that hangs on it directly, are groups of their own.
    """
    rows = list(
        Division.objects.filter(valid_to=None)
        .order_by("code")
        .values_list("code", "name", "level", "parent_id", "is_default_tenant")
    )
    levels = {code: level for code, _, level, _, _ in rows}
    found = {}
    for code, name, level, parent, is_default in rows:
        inside = level == Level.COUNTY and levels.get(parent) == Level.PREFECTURE
        found[code] = Place(code, name, level, parent if inside else code, is_default)
    return found
