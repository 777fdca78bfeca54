"""Reading metered uses."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from shared_apps.fees.models import UsageEvent
from tenants.journaling.selectors import lost


def counted() -> QuerySet[UsageEvent]:
    """The uses that count: what a restore of a mall took back is kept, and owed by nobody."""
    return UsageEvent.objects.exclude(lost())


def month_uses(month: date) -> QuerySet[UsageEvent]:
    return counted().filter(month=month)
