"""Background work of listings: what waits without a review, newly paid prices, and the window that slides by a day."""

from __future__ import annotations

from celery import shared_task

from kernel.clock import database_now
from shared_apps.listings.services.checking import check_waiting
from shared_apps.listings.services.ending import follow_last_days
from shared_apps.listings.services.prices import count_paid, slide_window
from shared_apps.listings.services.work import tell_work
from tenants.database.context import REGION_ALIAS


@shared_task(name="listings.check_waiting", ignore_result=True)
def check_waiting_offers() -> None:
    """Offers that a bulk write submitted, and reviews whose asking is gone."""
    check_waiting(now=database_now(REGION_ALIAS))


@shared_task(name="listings.follow_last_days", ignore_result=True)
def follow_offers_last_days() -> None:
    """Offers whose last day has passed, and those that end soon."""
    follow_last_days(now=database_now(REGION_ALIAS))


@shared_task(name="listings.tell_work", ignore_result=True)
def tell_waiting_work() -> None:
    """What has begun or ended to wait for somebody since the last sweep."""
    tell_work(now=database_now(REGION_ALIAS))


@shared_task(name="listings.count_paid", ignore_result=True)
def count_paid_prices() -> None:
    """Products that were paid for since the last sweep."""
    count_paid(now=database_now(REGION_ALIAS))


@shared_task(name="listings.slide_window", ignore_result=True)
def slide_price_window() -> None:
    """Every reference, once a day."""
    slide_window(now=database_now(REGION_ALIAS))
