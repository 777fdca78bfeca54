"""Writing the region's journal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from kernel.actor import Actor
from shared_apps.region_journal.models import RegionJournalEntry
from tenants.database.context import REGION_ALIAS, region_on_commit
from tenants.journaling.writing import append, wake_relay

# The region's journal is never replayed from a copy apart from the whole database, so its epoch stays 1.
REGION_EPOCH = 1


def record(
    *, actor: Actor, event: str, object_type: str, object_id: int | str, facts: Mapping[str, Any], now: datetime
) -> int:
    """Appends one row to the region's journal, inside the open transaction of the change."""
    row_id = append(
        model=RegionJournalEntry,
        alias=REGION_ALIAS,
        epoch=REGION_EPOCH,
        actor=actor,
        event=event,
        object_type=object_type,
        object_id=object_id,
        facts=facts,
        now=now,
    )
    region_on_commit(lambda: wake_relay("region"))
    return row_id
