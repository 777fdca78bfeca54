"""Background work of the to-do list."""

from __future__ import annotations

from celery import shared_task

from kernel.clock import database_now
from shared_apps.inbox import told
from tenants.database.context import REGION_ALIAS


@shared_task(name="inbox.sweep_deadlines", ignore_result=True)
def sweep_deadlines() -> None:
    """Tells of open steps half, four fifths or all of whose time is used."""
    told.tell_of_time(now=database_now(REGION_ALIAS))
