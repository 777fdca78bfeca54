"""The region's journal."""

from __future__ import annotations

from tenants.journaling.models import JournalRow


class RegionJournalEntry(JournalRow):
    """See tenants.journaling.models.JournalRow."""

    class Meta(JournalRow.Meta):
        pass
