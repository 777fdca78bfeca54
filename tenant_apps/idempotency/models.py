"""Kept answers of a tenant's writes."""

from __future__ import annotations

from tenants.database.models import TenantModel
from tenants.journaling.models import IdempotencyRow


class IdempotencyKey(IdempotencyRow, TenantModel):
    """See tenants.journaling.models.IdempotencyRow."""

    class Meta(IdempotencyRow.Meta):
        pass
