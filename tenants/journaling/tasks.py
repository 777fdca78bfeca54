"""How far the relay is behind, measured so that the readiness check and the operator can read it."""

from __future__ import annotations

from celery import shared_task

from tenants.journaling.lag import measure_lag


@shared_task(name="journaling.measure_lag", ignore_result=True)
def measure() -> None:
    """Counts unrelayed rows over all rooms and keeps the figures."""
    measure_lag()
