"""One request, one effect, in the selected tenant's room."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from tenant_apps.idempotency.models import IdempotencyKey
from tenants.database.context import TENANT_ALIAS, current_tenant, tenant_atomic
from tenants.journaling import idempotency
from tenants.journaling.idempotency import Answer


def run_in_tenant(
    *, user_id: int, endpoint: str, key: str, hashed: str, perform: Callable[[], Answer], now: datetime
) -> Answer:
    """See tenants.journaling.idempotency.run_once."""
    return idempotency.run_once(
        model=IdempotencyKey,
        alias=TENANT_ALIAS,
        room=current_tenant().code,
        atomic=tenant_atomic(),
        user_id=user_id,
        endpoint=endpoint,
        key=key,
        hashed=hashed,
        perform=perform,
        now=now,
    )


def purge(*, now: datetime) -> int:
    """Deletes the selected tenant's answers of more than seven days ago."""
    with tenant_atomic():
        return idempotency.purge(model=IdempotencyKey, alias=TENANT_ALIAS, now=now)
