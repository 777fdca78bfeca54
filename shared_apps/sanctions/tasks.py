"""Background work of sanctions: the return of parties by the database's clock."""

from __future__ import annotations

from celery import shared_task

from kernel.clock import database_now
from shared_apps.sanctions import services
from tenants.database.context import REGION_ALIAS


@shared_task(name="sanctions.sweep_due", ignore_result=True)
def sweep_due() -> None:
    """Ends bans whose time is over and holds parties whose ban has begun."""
    services.sweep_due(now=database_now(REGION_ALIAS))
