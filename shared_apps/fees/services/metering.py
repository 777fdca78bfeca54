"""Counting uses."""

from __future__ import annotations

from decimal import Decimal

from kernel.clock import local_date
from kernel.meters import METERS, Meter
from shared_apps.fees.models import UsageEvent
from shared_apps.fees.rules.pricing import QUANTITY_PLACES
from tenants.journaling.consumers import RelayedEntry
from tenants.registry.selectors import is_practice


def meter_use(*, entry: RelayedEntry) -> int:
    """Counts a relayed journal row on every meter of its event; returns how many uses were written.

    A practice tenant's use is never counted. Runs in the relay's transaction, as yz_relay.
    """
    found = [(meter, quantity) for meter in METERS.values() if (quantity := _quantity(meter, entry)) is not None]
    if not found or is_practice(code=entry.tenant):
        return 0
    written = UsageEvent.objects.bulk_create(
        [
            UsageEvent(
                tenant_code=entry.tenant,
                room=entry.tenant,
                epoch=entry.epoch,
                journal_id=entry.journal_id,
                meter=meter.code,
                at=entry.at,
                month=local_date(entry.at).replace(day=1),
                quantity=quantity.quantize(QUANTITY_PLACES),
                object_type=entry.object_type,
                object_id=entry.object_id,
                facts={name: entry.facts[name] for name in meter.shown_facts if name in entry.facts},
            )
            for meter, quantity in found
        ]
    )
    return len(written)


def _quantity(meter: Meter, entry: RelayedEntry) -> Decimal | None:
    for source in meter.sources:
        if source.event == entry.event and (quantity := source.quantity(entry.facts)) is not None:
            return quantity
    return None
