"""Turns journal rows into metered uses, in the relay's transaction."""

from __future__ import annotations

from shared_apps.fees.meters import METERS
from shared_apps.fees.services import meter_use
from tenants.journaling.consumers import RelayedEntry, consumer


def _metered(entry: RelayedEntry) -> None:
    meter_use(entry=entry)


for _event in sorted({meter.event for meter in METERS.values()}):
    consumer(_event)(_metered)
