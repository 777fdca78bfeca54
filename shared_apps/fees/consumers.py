"""Turns journal rows into metered uses, in the relay's transaction."""

from __future__ import annotations

from collections.abc import Sequence

from shared_apps.fees.services import meter_uses
from tenants.journaling.consumers import RelayedEntry, batch_consumer


@batch_consumer
def _metered(entries: Sequence[RelayedEntry]) -> None:
    meter_uses(entries=entries)
