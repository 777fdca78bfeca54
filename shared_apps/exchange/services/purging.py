"""What is not needed for ever: rows of tables that ended long ago, and messages that were settled long ago."""

from __future__ import annotations

from datetime import datetime, timedelta

from shared_apps.exchange.models import Delivery, ImportRow
from shared_apps.exchange.rules import KEPT_DAYS, DeliveryState
from tenants.database.context import region_atomic

# Rows a transaction: a longer one would hold the journal's relay back.
PIECE_ROWS = 5000


def purge(*, now: datetime) -> int:
    """Deletes what is older than KEPT_DAYS; the imports themselves and the journal stay. Returns how many rows."""
    before = now - timedelta(days=KEPT_DAYS)
    rows = ImportRow.objects.filter(of__finished_at__lt=before)
    messages = Delivery.objects.filter(made_at__lt=before).exclude(state=DeliveryState.WAITING)
    total = 0
    for model, old in ((ImportRow, rows), (Delivery, messages)):
        while keys := list(old.values_list("pk", flat=True)[:PIECE_ROWS]):
            with region_atomic():
                total += model._default_manager.filter(pk__in=keys).delete()[0]
    return total
