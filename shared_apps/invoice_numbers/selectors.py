"""What a mall may ask of the numbers of all malls."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connections

from shared_apps.invoice_numbers.rules import ASKED_MOST
from tenants.database.context import REGION_ALIAS


def used_elsewhere(*, fingerprints: Collection[str], tenant_code: str) -> bool | None:
    """Whether another mall counts on one of these numbers; None while not all of this mall's are known here yet.

    One statement, one snapshot: of two malls that use a number, the one whose row came later sees the other's. So
    whoever hears False may rely on it, and the other one will not hear it while this one's invoice stands.
    """
    marks = sorted(set(fingerprints))
    if len(marks) > ASKED_MOST:
        raise ValueError(f"at most {ASKED_MOST} numbers at a time")
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute("SELECT invoice_numbers_elsewhere(%s::text[], %s)", [marks, tenant_code])
        found: bool | None = cursor.fetchone()[0]
    return found
