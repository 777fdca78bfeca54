"""Background work of the library: once a day search is brought in line with what nobody's change brings along."""

from __future__ import annotations

from celery import shared_task

from kernel.clock import database_now
from shared_apps.products.certificates import expire_labels
from shared_apps.products.refreshing import tidy_search
from tenants.database.context import REGION_ALIAS


@shared_task(name="products.expire_labels", ignore_result=True)
def expire() -> None:
    """Labels of certificates that ended go, those of certificates that begin today come."""
    expire_labels(now=database_now(REGION_ALIAS))


@shared_task(name="products.tidy_search", ignore_result=True)
def tidy() -> None:
    """Sales as they are now, rows of offers that ended, words of products that were written another way."""
    tidy_search(now=database_now(REGION_ALIAS))
