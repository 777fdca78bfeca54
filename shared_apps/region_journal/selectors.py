"""Reading the region's journal."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q, QuerySet

from shared_apps.region_journal.models import RegionJournalEntry

ROWS_MAX = 100


def of_object(*, object_type: str, object_id: int | str, rows_max: int = ROWS_MAX) -> list[RegionJournalEntry]:
    """What the journal says of one object, newest first."""
    rows = RegionJournalEntry.objects.filter(object_type=object_type, object_id=str(object_id))
    return list(rows.order_by("-id")[:rows_max])


def of_type(
    *,
    object_type: str,
    object_ids: Collection[str],
    text: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> QuerySet[RegionJournalEntry]:
    """What the journal says of these objects, newest first; `text` is part of the actor's or organisation's name.

    The caller takes the part it shows. `since <= at < until`.
    """
    rows = RegionJournalEntry.objects.filter(object_type=object_type, object_id__in=list(object_ids))
    if text:
        rows = rows.filter(Q(actor_name__contains=text) | Q(organisation_name__contains=text))
    if since:
        rows = rows.filter(at__gte=since)
    if until:
        rows = rows.filter(at__lt=until)
    return rows.order_by("-id")
