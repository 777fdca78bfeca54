"""Simulated counties, to see how the region does with thousands of tenants. Never in production.

Their codes are 97xxxx: GB/T 2260 begins no code with 97, so that none is ever taken for a real division. Name and
note say what they are.
"""

from __future__ import annotations

from datetime import date

from django.conf import settings

from tenants.database.context import region_atomic
from tenants.divisions.models import Division, Level, Supervision

PREFECTURE = "970000"
MOST = 3000
NOTE = "simulated: no division of the country"


class NotInProduction(PermissionError):
    """Simulated divisions were asked for where real ones live."""


def simulated_codes(count: int) -> list[str]:
    """The codes of the first `count` simulated counties. Raises ValueError beyond the 3,000 there are."""
    if not 0 <= count <= MOST:
        raise ValueError(f"there are {MOST} simulated counties, not {count}")
    return [f"{int(PREFECTURE) + number}" for number in range(1, count + 1)]


def add_simulated_divisions(*, count: int, today: date) -> list[str]:
    """Makes sure that the first `count` simulated counties are in the list of divisions; returns their codes.

    Raises NotInProduction anywhere but on a developer's machine and in tests.
    """
    if settings.YZ_ENV not in {"local", "test"}:
        raise NotInProduction("simulated tenants are for development only")
    codes = simulated_codes(count)
    with region_atomic():
        Division.objects.get_or_create(
            code=PREFECTURE,
            defaults={"name": "模拟地区", "level": Level.PREFECTURE, "parent_id": "650000", "note": NOTE},
        )
        Division.objects.bulk_create(
            (
                Division(
                    code=code, name=f"模拟{code[2:]}县", level=Level.COUNTY, parent_id=PREFECTURE, note=NOTE
                )
                for code in codes
            ),
            ignore_conflicts=True,
        )  # fmt: skip
        Supervision.objects.bulk_create(
            (Supervision(tenant_code=code, supervisor_code="650000", valid_from=today) for code in codes),
            ignore_conflicts=True,
        )
    return codes
