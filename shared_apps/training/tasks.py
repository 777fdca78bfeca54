"""Background work of practice: the owner's queue, and the sweep that finds what a lost wake-up missed."""

from __future__ import annotations

from celery import shared_task

from kernel.clock import utc_now
from shared_apps.training.services import making
from shared_apps.training.services.malls import wake
from tenants.provisioning.tasks import owner_task


@owner_task("training.work_off")
def work_off() -> None:
    """Makes, re-makes and removes the practice malls that are asked for."""
    making.work_off(clock=utc_now)


@shared_task(name="training.sweep_due", ignore_result=True)
def sweep_due() -> None:
    if making.due(now=utc_now()):
        wake()
