"""Kept answers of writes on the region's host."""

from __future__ import annotations

from tenants.journaling.models import IdempotencyRow


class RegionIdempotencyKey(IdempotencyRow):
    """See tenants.journaling.models.IdempotencyRow."""

    class Meta(IdempotencyRow.Meta):
        pass
