"""Turns journal rows into metered uses, in the relay's transaction."""

from __future__ import annotations

from kernel.meters import METERS
from shared_apps.fees import meters  # noqa: F401  # declared before they are listened for
from shared_apps.fees.services import meter_use
from tenants.journaling.consumers import RelayedEntry, consumer


def _metered(entry: RelayedEntry) -> None:
    meter_use(entry=entry)


for _event in sorted({source.event for meter in METERS.values() for source in meter.sources}):
    consumer(_event)(_metered)
