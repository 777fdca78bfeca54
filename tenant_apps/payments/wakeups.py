"""Tells the worker that an instruction waits. Only a wake-up: the sweep finds what a lost one missed."""

from __future__ import annotations

import logging

from kombu.exceptions import OperationalError

from tenants.database.context import current_tenant

logger = logging.getLogger(__name__)


def wake_sending() -> None:
    """Called after the commit, so a broker that is away undoes nothing."""
    # The tasks call the services, which call this: the name is looked up when it is needed.
    from tenant_apps.payments.tasks import send_due

    try:
        send_due.enqueue(tenant=current_tenant().code)
    except OperationalError as error:
        logger.warning("sending not woken in %s: %s", current_tenant().code, error)
