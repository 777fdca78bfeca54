"""Background work of fees. A wake-up says nothing: what is due stands in the database or is counted in Valkey."""

from __future__ import annotations

import logging

from celery import shared_task
from redis.exceptions import RedisError

from kernel.actor import SYSTEM
from kernel.clock import database_now
from shared_apps.fees import services
from shared_apps.fees.services.budgets import warn_budgets as warn_budgets_of
from shared_apps.fees.services.closing import close_due
from shared_apps.fees.services.reconciling import make_reconciliation, order_reconciliation
from tenants.database.context import REGION_ALIAS

logger = logging.getLogger(__name__)


@shared_task(name="fees.tell_api_hours", ignore_result=True)
def tell_api_hours() -> None:
    """Tells the journal the calls of programs of the hours that are over."""
    try:
        services.tell_api_hours(now=database_now(REGION_ALIAS))
    except RedisError:
        logger.warning("calls of programs are not told: no answer from the cache; the next hour comes back to them")


@shared_task(name="fees.warn_budgets", ignore_result=True)
def warn_budgets() -> None:
    """Tells bureaus whose budget of the year is nearly used up."""
    warn_budgets_of(now=database_now(REGION_ALIAS))


@shared_task(name="fees.close_due", ignore_result=True)
def close_due_months() -> None:
    """Meters and prices the months that are over, once their days of grace are; what waits is tried the next night."""
    for month, closed in close_due(now=database_now(REGION_ALIAS)).items():
        if closed.metered or closed.priced or closed.waiting:
            logger.info(
                "%s: %s metered, %s priced, %s wait",
                month,
                len(closed.metered),
                len(closed.priced),
                len(closed.waiting),
            )


@shared_task(name="fees.reconcile", ignore_result=True)
def reconcile(run_id: int | None = None) -> None:
    """Compares journals, uses and statements of every mall: what somebody has ordered, or every night anew."""
    if run_id is None:
        run_id = order_reconciliation(actor=SYSTEM, now=database_now(REGION_ALIAS))
    if differences := make_reconciliation(run_id=run_id):
        logger.error("fees: %s differences between journals, uses and statements; see the run %s", differences, run_id)
