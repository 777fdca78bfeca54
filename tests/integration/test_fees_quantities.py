"""The quantity of a month by its meter's way of counting, out of the uses as they stand in the database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal as D

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kernel.clock import local_date
from kernel.meters import METERS, Counting, Meter, Source
from shared_apps.fees.models import UsageEvent
from shared_apps.fees.selectors.usage import month_quantities
from tenants.database.context import region_as, region_atomic
from tenants.database.logins import RELAY
from tenants.journaling.models import LostEntry

A, B = "990001", "990002"
OCTOBER, NOVEMBER, DECEMBER = date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1)
GB = D(10**9)
TOYS = (
    Meter("toy_sum", "toys", "toys", (Source("toys.sold", fact="pieces"),)),
    Meter("toy_people", "people", "people", (Source("toys.sold"),), counting=Counting.DISTINCT),
    Meter("toy_bytes", "bytes", "GB", (Source("toys.kept", fact="bytes"),), counting=Counting.LEVEL, scale=GB),
    Meter("toy_switch", "switch", "days", (Source("toys.on"),), counting=Counting.LEVEL, by_day=True),
)

Use = Callable[..., UsageEvent]


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Use:
    for meter in TOYS:
        monkeypatch.setitem(METERS._things, meter.code, meter)
    rows = 0

    def written(meter: str, quantity: object, at: datetime, *, tenant: str = A, subject: str = "") -> UsageEvent:
        nonlocal rows
        rows += 1
        with region_as(RELAY), region_atomic():
            return UsageEvent.objects.create(
                tenant_code=tenant, room=tenant, epoch=1, journal_id=rows, meter=meter, at=at,
                month=local_date(at).replace(day=1), quantity=D(str(quantity)), subject=subject, object_type="toy",
                object_id="1",
            )  # fmt: skip

    return written


def quantities(
    code: str = A, month: date = NOVEMBER, *, upto: dict[str, int] | None = None
) -> dict[str, tuple[D, D | None, int]]:
    with region_as("yz_region"):
        found = month_quantities(codes=[code], first=month, last=month, upto=upto)
    return {key: (row.quantity, row.opening, row.event_count) for key, row in found.get((code, month), {}).items()}


def at(day: int, hour: int = 4, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def test_sums_and_people(use: Use) -> None:
    use("toy_sum", "2.5", at(3))
    use("toy_sum", "4", at(30))
    use("toy_sum", "100", at(30, 16))  # December in Shanghai
    use("toy_sum", "1000", at(3), tenant=B)
    for person in ("7", "8"):
        use("toy_people", 1, at(5), subject=person)
    use("toy_people", 1, at(5, month=10), subject="7")
    assert quantities() == {"toy_sum": (D("6.5"), None, 2), "toy_people": (D(2), None, 2)}
    assert quantities(month=OCTOBER) == {"toy_people": (D(1), None, 1)}
    assert quantities(B) == {"toy_sum": (D(1000), None, 1)}
    assert quantities(month=DECEMBER) == {"toy_sum": (D(100), None, 1)}


def test_a_level_stands_from_month_to_month(use: Use) -> None:
    """8 GB from the middle of October's last day, half of it gone at the middle of November."""
    use("toy_bytes", 8 * GB, at(31, 4, 10))  # noon of the last day in Shanghai: half a day of 31
    use("toy_bytes", -4 * GB, at(15, 16))  # the first moment of 16 November: 15 of 30 days left
    assert quantities(month=OCTOBER) == {"toy_bytes": (D("0.1290"), D(0), 1)}
    assert quantities() == {"toy_bytes": (D(6), D(8), 1)}
    assert quantities(month=DECEMBER) == {"toy_bytes": (D(4), D(4), 0)}


def test_a_switch_counts_whole_days_the_first_included(use: Use) -> None:
    use("toy_switch", 1, at(2, 20))  # 3 November, 04:00 in Shanghai
    use("toy_switch", -1, at(18, 15))  # 18 November, 23:00: not counted any more
    assert quantities() == {"toy_switch": (D("0.5"), D(0), 2)}
    assert quantities(month=DECEMBER) == {}


def test_what_a_restore_took_back_and_what_came_later_do_not_count(use: Use) -> None:
    first = use("toy_sum", 1, at(3))
    taken = use("toy_sum", 10, at(4))
    later = use("toy_sum", 100, at(5))
    LostEntry.objects.create(room=A, epoch=1, journal_id=taken.journal_id, lost_at=at(6))
    assert quantities() == {"toy_sum": (D(101), None, 2)}
    assert quantities(upto={A: first.pk, B: 0}) == {"toy_sum": (D(1), None, 1)}
    assert quantities(upto={A: later.pk})["toy_sum"][0] == D(101)


def test_any_number_of_malls_and_months_in_two_statements(use: Use) -> None:
    for tenant in (A, B):
        for month in (10, 11, 12):
            use("toy_sum", month, at(3, month=month), tenant=tenant)
            use("toy_switch", 1, at(1, month=month), tenant=tenant)
    with region_as("yz_region"), CaptureQueriesContext(connection) as asked:
        found = month_quantities(codes=None, first=OCTOBER, last=DECEMBER)
    assert len(asked) == 2
    assert sorted(found) == [(tenant, month) for tenant in (A, B) for month in (OCTOBER, NOVEMBER, DECEMBER)]
    assert [found[A, month]["toy_switch"].opening for month in (OCTOBER, NOVEMBER, DECEMBER)] == [0, 1, 2]
    assert found[B, DECEMBER]["toy_sum"].quantity == 12
