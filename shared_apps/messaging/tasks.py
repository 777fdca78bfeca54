"""Background work of messages. A wake-up says nothing: what is due stands in the database."""

from __future__ import annotations

from celery import shared_task

from kernel.clock import database_now
from shared_apps.messaging import services
from tenants.database.context import REGION_ALIAS


@shared_task(name="messaging.send_due", ignore_result=True)
def send_due() -> None:
    """Hands over what waits, and what failed and is due again."""
    services.send_due()


@shared_task(name="messaging.ask_due", ignore_result=True)
def ask_due() -> None:
    """Asks providers what became of what they have."""
    services.ask_due()


@shared_task(name="messaging.purge", ignore_result=True)
def purge() -> None:
    """Takes what was kept long enough."""
    services.purge(now=database_now(REGION_ALIAS))
