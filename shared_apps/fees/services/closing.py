"""Closing months by the calendar: what is over, and its days of grace with it, is metered and priced for every mall."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import Max

from kernel.actor import SYSTEM
from kernel.clock import local_date, month_bounds
from shared_apps.fees.models import FeeStatement
from shared_apps.fees.rules.months import next_month, previous_month
from shared_apps.fees.rules.parameters import Period
from shared_apps.fees.selectors.closing import oldest_unclosed
from shared_apps.fees.selectors.periods import periods
from shared_apps.fees.services.statements import Closed, close_month
from tenants.journaling.models import RelayCursor
from tenants.journaling.relay import drain, schemas_by_room


def close_due(*, now: datetime) -> dict[date, Closed]:
    """Closes every month that is due, the oldest first. Running it again does nothing new."""
    last = last_due(today=local_date(now), grace_days=periods(on=local_date(now))[Period.CLOSING_GRACE_DAYS])
    relay_past(month_bounds(last.year, last.month)[1], now=now)
    found = {}
    month = _first_open(last)
    while month <= last:
        found[month] = close_month(actor=SYSTEM, month=month, now=now)
        month = next_month(month)
    return found


def last_due(*, today: date, grace_days: int) -> date:
    """The latest month whose days of grace are over."""
    return previous_month((today - timedelta(days=grace_days)).replace(day=1))


def relay_past(moment: datetime, *, now: datetime) -> None:
    """Relays the rooms that were last relayed before a moment: a quiet mall has nothing that would wake its relay."""
    passed = set(RelayCursor.objects.filter(relayed_at__gte=moment, error="").values_list("room", flat=True))
    for room, schema in schemas_by_room().items():
        if room not in passed:
            drain(room=room, schema=schema, now=now)


def _first_open(last: date) -> date:
    """The oldest month that some mall may owe a statement for."""
    months = [month for month in oldest_unclosed().values() if month <= last]
    ended = FeeStatement.objects.order_by().values("tenant_code").annotate(last=Max("month"))
    months += [next_month(row["last"]) for row in ended if next_month(row["last"]) <= last]
    return min(months, default=last)
