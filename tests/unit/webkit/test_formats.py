from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from webkit import formats


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (Decimal("1234.5"), "¥1,234.50"),
        (Decimal("0"), "¥0.00"),
        (Decimal("-12.30"), "-¥12.30"),
        (Decimal("9999999999999999.99"), "¥9,999,999,999,999,999.99"),
        (None, "—"),
    ],
)
def test_money_has_two_places_and_groups(amount: Decimal | None, text: str) -> None:
    assert formats.money_text(amount) == text


@pytest.mark.parametrize("amount", [1.5, "1.50", True])
def test_money_is_never_float_or_text(amount: object) -> None:
    with pytest.raises(TypeError):
        formats.money_text(amount)  # type: ignore[arg-type]


def test_moments_are_shown_in_official_time() -> None:
    late = datetime(2026, 11, 22, 16, 5, tzinfo=UTC)
    with translation.override("en"):
        assert formats.time_text(late) == "2026-11-23 00:05"
    assert formats.machine_time(late) == "2026-11-23T00:05:00+08:00"
    assert formats.machine_date(late) == "2026-11-23"
    assert formats.machine_date(date(2026, 1, 2)) == "2026-01-02"


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        formats.time_text(datetime(2026, 11, 23, 9, 30))  # noqa: DTZ001
