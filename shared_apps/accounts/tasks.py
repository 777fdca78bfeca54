"""Background work of accounts: every night, what has been kept long enough is taken away."""

from __future__ import annotations

from celery import shared_task

from kernel.clock import utc_now
from shared_apps.accounts.services.keeping import purge_records
from tenants.provisioning.tasks import owner_task


@owner_task("accounts.purge")
def purge() -> None:
    purge_records(now=utc_now())


@shared_task(name="accounts.order_purge", ignore_result=True)
def order_purge() -> None:
    """Wakes the process that holds the owner's password: the worker may not delete from the log."""
    purge.enqueue()
