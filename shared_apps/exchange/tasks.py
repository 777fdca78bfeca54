"""Background work of the exchange. Messages are wake-ups: what is due stands in the database."""

from __future__ import annotations

from celery import shared_task

from kernel.clock import database_now
from shared_apps.exchange import services
from tenants.database.context import REGION_ALIAS


@shared_task(name="exchange.run_import", ignore_result=True)
def run(*, import_id: int) -> None:
    """Does what is left of an import."""
    services.run_import(import_id=import_id)


@shared_task(name="exchange.sweep_due", ignore_result=True)
def sweep_due() -> None:
    """Wakes the worker for imports that stand still."""
    for import_id in services.due_imports(now=database_now(REGION_ALIAS)):
        services.wake_import(import_id)


@shared_task(name="exchange.send_due", ignore_result=True)
def send_due() -> None:
    """Sends what webhooks are to be told, and what failed and is due again."""
    services.send_due()


@shared_task(name="exchange.purge", ignore_result=True)
def purge() -> None:
    """Takes rows and messages that ended long ago."""
    services.purge(now=database_now(REGION_ALIAS))
