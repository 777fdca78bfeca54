"""Time: UTC inside, Asia/Shanghai on the page, the database's clock for every deadline."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def utc_now() -> datetime:
    """Now, aware. Only interface layers call this; services are given `now`."""
    return datetime.now(UTC)


def database_now(using: str) -> datetime:
    """The database's clock at this very moment, not at the start of the transaction. Ask after taking the lock."""
    from django.db import connections

    with connections[using].cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


def local(moment: datetime) -> datetime:
    """The same moment on a Xinjiang office's wall clock, which shows Beijing time."""
    if moment.tzinfo is None:
        raise ValueError("a naive datetime names no moment")
    return moment.astimezone(SHANGHAI)


def local_date(moment: datetime) -> date:
    """The calendar day of a moment in Asia/Shanghai."""
    return local(moment).date()


def fiscal_year(on: date) -> int:
    """The budget year runs from 1 January to 31 December. Source: Budget Law art. 18."""
    return (local(on) if isinstance(on, datetime) else on).year


def month_bounds(year: int, month: int) -> tuple[datetime, datetime]:
    """First moment of the month and of the next one, in UTC: `start <= t < end`."""
    start = datetime(year, month, 1, tzinfo=SHANGHAI)
    end = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=SHANGHAI)
    return start.astimezone(UTC), end.astimezone(UTC)


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """First moment of the day and of the next one, in UTC: `start <= t < end`."""
    start = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
    return start.astimezone(UTC), (start + timedelta(days=1)).astimezone(UTC)
