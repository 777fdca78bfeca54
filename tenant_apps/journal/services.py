"""Writing the tenant's journal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import ProgrammingError

from kernel.actor import Actor
from tenant_apps.journal.models import JournalEntry
from tenants.database.context import TENANT_ALIAS, current_tenant, tenant_on_commit
from tenants.journaling.writing import append, wake_relay
from tenants.registry.shutting import refusal_behind


def record(
    *, actor: Actor, event: str, object_type: str, object_id: int | str, facts: Mapping[str, Any], now: datetime
) -> int:
    """Appends one row to the selected tenant's journal, inside the open transaction of the change.

    Raises TenantSuspended and TenantArchived: the database lets a shut mall's login add nothing, and so no state of
    it changes, whatever this process still believes.
    """
    ref = current_tenant()
    try:
        row_id = append(
            model=JournalEntry,
            alias=TENANT_ALIAS,
            epoch=ref.epoch,
            actor=actor,
            event=event,
            object_type=object_type,
            object_id=object_id,
            facts=facts,
            now=now,
        )
    except ProgrammingError as error:
        refusal = refusal_behind(error)
        if refusal is None:
            raise
        raise refusal from error
    tenant_on_commit(lambda: wake_relay(ref.code))
    return row_id
