"""Who supervises whom."""

from __future__ import annotations

from django.db import connections

from tenants.database.context import REGION_ALIAS

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
