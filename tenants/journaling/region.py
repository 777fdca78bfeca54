"""Journal rows of the region, for what the tenancy itself does there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from django.apps import apps

from kernel.actor import Actor
from tenants.database.context import REGION_ALIAS, region_on_commit
from tenants.journaling.consumers import REGION_ROOM
from tenants.journaling.models import JournalRow
from tenants.journaling.writing import append, wake_relay

# The region's journal is never replayed from a copy apart from the whole database, so its epoch stays 1.
REGION_EPOCH = 1


def record_in_region(
    *, actor: Actor, event: str, object_type: str, object_id: int | str, facts: Mapping[str, Any], now: datetime
) -> int:
    """Appends one row to the region's journal, inside the open transaction of the change.

    The concrete table is an app's above this one: it is found by name, as the relay finds it.
    """
    model = cast("type[JournalRow]", apps.get_model("region_journal", "RegionJournalEntry"))
    row_id = append(
        model=model,
        alias=REGION_ALIAS,
        epoch=REGION_EPOCH,
        actor=actor,
        event=event,
        object_type=object_type,
        object_id=object_id,
        facts=facts,
        now=now,
    )
    region_on_commit(lambda: wake_relay(REGION_ROOM))
    return row_id
