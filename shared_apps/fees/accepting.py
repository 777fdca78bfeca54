"""Tariffs that bureaus accept in their malls, noted in the region by the relay."""

from __future__ import annotations

from shared_apps.fees.models import AcceptedTariff
from tenants.journaling.consumers import RelayedEntry, consumer
from tenants.registry.selectors import is_practice


@consumer("policies.tariff_accepted")
def _accepted(entry: RelayedEntry) -> None:
    if is_practice(code=entry.tenant):
        return
    AcceptedTariff.objects.create(
        tenant_code=entry.tenant,
        epoch=entry.epoch,
        journal_id=entry.journal_id,
        version=entry.facts["version"],
        accepted_at=entry.at,
        accepted_by_name=entry.actor_name,
    )
