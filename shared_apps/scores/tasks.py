"""Background work of scores: all of them anew, as facts come in and the window moves on."""

from __future__ import annotations

from celery import shared_task

from kernel.clock import database_now
from shared_apps.scores import services
from tenants.database.context import REGION_ALIAS


@shared_task(name="scores.recompute", ignore_result=True)
def recompute() -> None:
    services.recompute(now=database_now(REGION_ALIAS))
