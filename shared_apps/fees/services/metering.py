"""Counting uses."""

from __future__ import annotations

from shared_apps.fees.meters import METERS
from shared_apps.fees.models import UsageEvent
from shared_apps.fees.rules import QUANTITY_PLACES
from tenants.journaling.consumers import RelayedEntry
from tenants.registry.selectors import is_practice

# What a statement shows of an event beside its quantity.
_KEPT_FACTS = ("order_number", "unit_name", "supplier_name", "total")


def meter_use(*, entry: RelayedEntry) -> int:
    """Counts a relayed journal row on every meter of its event; returns how many uses were written.

    A practice tenant's use is never counted. Runs in the relay's transaction, as yz_relay.
    """
    meters = [meter for meter in METERS.values() if meter.event == entry.event]
    if not meters or is_practice(code=entry.tenant):
        return 0
    facts = {name: entry.facts[name] for name in _KEPT_FACTS if name in entry.facts}
    written = UsageEvent.objects.bulk_create(
        [
            UsageEvent(
                tenant_code=entry.tenant,
                epoch=entry.epoch,
                journal_id=entry.journal_id,
                meter=meter.code,
                at=entry.at,
                quantity=meter.measure(entry.facts).quantize(QUANTITY_PLACES),
                object_type=entry.object_type,
                object_id=entry.object_id,
                facts=facts,
            )
            for meter in meters
        ]
    )
    return len(written)
