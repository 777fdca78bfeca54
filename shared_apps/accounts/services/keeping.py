"""Taking away what has been kept long enough. As the owner: nobody else may delete from the security log."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from kernel.actor import SYSTEM
from kernel.clock import local_date
from shared_apps.accounts.models import HandOff, MallSession, SecurityEvent
from shared_apps.accounts.rules import ENDED_SESSION_DAYS, SECURITY_LOG_DAYS, USED_HAND_OFF_DAYS
from shared_apps.region_journal.services import record
from tenants.database.context import region_as, region_atomic

CHUNK_ROWS = 5000


def purge_records(*, now: datetime) -> dict[str, int]:
    """Deletes log rows, sessions and passages whose time is over, in short transactions; returns how many of each.

    One journal row when there were any. Runs as the owner; a rerun goes on where it stopped.
    """
    log_since = now - timedelta(days=SECURITY_LOG_DAYS)
    with region_as(settings.YZ_OWNER_ROLE):
        # By number: they grow with time, so the oldest are found at once.
        gone = {
            "security_events": _delete(SecurityEvent.objects.filter(at__lt=log_since)),
            "mall_sessions": _delete(
                MallSession.objects.filter(expires_at__lt=now - timedelta(days=ENDED_SESSION_DAYS))
            ),
            "hand_offs": _delete(HandOff.objects.filter(expires_at__lt=now - timedelta(days=USED_HAND_OFF_DAYS))),
            "web_sessions": _delete(Session.objects.filter(expire_date__lt=now)),
        }
        if any(gone.values()):
            with region_atomic():
                record(
                    actor=SYSTEM,
                    event="accounts.records_purged",
                    object_type="security_log",
                    object_id="region",
                    facts={**gone, "log_since": local_date(log_since).isoformat()},
                    now=now,
                )
    return gone


def _delete(rows: QuerySet[Any]) -> int:
    total = 0
    while True:
        with region_atomic():
            keys = list(rows.order_by("pk").values_list("pk", flat=True)[:CHUNK_ROWS])
            if keys:
                rows.model._default_manager.filter(pk__in=keys).delete()
        total += len(keys)
        if len(keys) < CHUNK_ROWS:
            return total
