"""Reading the tenant's journal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tenant_apps.journal.models import JournalEntry

HISTORY_ROWS_MAX = 200


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One state change of one object, as its own pages show it."""

    id: int
    event: str
    at: datetime
    actor_name: str
    organisation_name: str
    facts: Mapping[str, Any]


def history(*, object_type: str, object_id: int | str) -> list[HistoryEntry]:
    """What happened to one object, oldest first. One statement. Whether the caller may see it, the caller knows."""
    rows = (
        JournalEntry.objects.filter(object_type=object_type, object_id=str(object_id))
        .order_by("id")
        .values_list("id", "event", "at", "actor_name", "organisation_name", "facts")[:HISTORY_ROWS_MAX]
    )
    return [HistoryEntry(*row) for row in rows]
