"""Keeping how far each mall's checklist is, as its journal tells."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from shared_apps.onboarding.models import MallProgress


def note_progress(*, tenant_code: str, done: int, total: int, missing: Sequence[str], at: datetime) -> None:
    """The checklist as the mall told it at `at`; what was told earlier does not overwrite what was told later."""
    row, created = MallProgress.objects.get_or_create(
        tenant_code=tenant_code,
        defaults={"done": done, "total": total, "missing": list(missing), "told_at": at},
    )
    if created or (row.told_at is not None and row.told_at > at):
        return
    row.done, row.total, row.missing, row.told_at = done, total, list(missing), at
    row.save()


def note_at_work(*, tenant_code: str) -> None:
    """Somebody has begun to configure this mall: from now on its checklist is looked at."""
    MallProgress.objects.get_or_create(tenant_code=tenant_code)
