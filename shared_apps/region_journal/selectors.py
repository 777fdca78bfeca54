"""Reading the region's journal."""

from __future__ import annotations

from shared_apps.region_journal.models import RegionJournalEntry

ROWS_MAX = 100


def of_object(*, object_type: str, object_id: int | str, rows_max: int = ROWS_MAX) -> list[RegionJournalEntry]:
    """What the journal says of one object, newest first."""
    rows = RegionJournalEntry.objects.filter(object_type=object_type, object_id=str(object_id))
    return list(rows.order_by("-id")[:rows_max])
