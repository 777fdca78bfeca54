"""The library's timer. What is due stands in the database: a tick that is missed costs nothing."""

from __future__ import annotations

from celery import shared_task

from kernel.clock import database_now
from shared_apps.suppliers.services.timing import follow_calendar
from tenants.database.context import REGION_ALIAS


@shared_task(name="suppliers.follow_calendar", ignore_result=True)
def follow() -> None:
    """Warns, holds and closes what is due today."""
    follow_calendar(now=database_now(REGION_ALIAS))
