"""The tenant's journal."""

from __future__ import annotations

from tenants.database.models import TenantModel
from tenants.journaling.models import JournalRow


class JournalEntry(JournalRow, TenantModel):
    """See tenants.journaling.models.JournalRow."""

    class Meta(JournalRow.Meta):
        pass
