"""Money and moments as people read them."""

from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from kernel import clock


def money_text(amount: Decimal | None) -> str:
    """`¥1,234.50`; None is a dash. Raises TypeError for anything that is not Decimal or int."""
    if amount is None:
        return "—"
    if isinstance(amount, bool) or not isinstance(amount, (Decimal, int)):
        raise TypeError(f"money is Decimal, not {type(amount).__name__}")
    sign = "-" if amount < 0 else ""
    return f"{sign}¥{abs(Decimal(amount)):,.2f}"


def machine_time(moment: datetime) -> str:
    return official(moment).isoformat(timespec="seconds")


def machine_date(day: date) -> str:
    return (official(day) if isinstance(day, datetime) else day).strftime("%Y-%m-%d")


def time_text(moment: datetime) -> str:
    """Date and minute in official time, in the language of the page."""
    return f"{date_text(moment)} {official(moment):%H:%M}"


def date_text(day: date) -> str:
    day = official(day) if isinstance(day, datetime) else day
    return _("%(year)s-%(month)s-%(day)s") % {
        "year": f"{day.year:04}",
        "month": f"{day.month:02}",
        "day": f"{day.day:02}",
    }


def official(moment: datetime) -> datetime:
    """The moment in official time. Raises ValueError for one without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone cannot be shown")
    return clock.local(moment)
