from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from kernel.clock import fiscal_year, local, local_date, month_bounds, utc_now


def test_the_office_day_begins_at_16_utc() -> None:
    assert local_date(datetime(2025, 12, 31, 15, 59, tzinfo=UTC)) == date(2025, 12, 31)
    assert local_date(datetime(2025, 12, 31, 16, 0, tzinfo=UTC)) == date(2026, 1, 1)


def test_the_fiscal_year_is_the_calendar_year_in_beijing_time() -> None:
    assert fiscal_year(date(2025, 12, 31)) == 2025
    assert fiscal_year(datetime(2025, 12, 31, 16, 0, tzinfo=UTC)) == 2026


def test_month_bounds_meet() -> None:
    assert month_bounds(2025, 12) == (
        datetime(2025, 11, 30, 16, tzinfo=UTC),
        datetime(2025, 12, 31, 16, tzinfo=UTC),
    )
    assert month_bounds(2025, 12)[1] == month_bounds(2026, 1)[0]
    with pytest.raises(ValueError, match="month"):
        month_bounds(2025, 13)


def test_naive_moments_are_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        local(datetime(2025, 1, 1))  # noqa: DTZ001
    assert utc_now().tzinfo is UTC
