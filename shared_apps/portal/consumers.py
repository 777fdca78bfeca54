"""A mall that has opened a module is live, and the portal lists it so."""

from __future__ import annotations

from tenants.journaling.consumers import RelayedEntry, consumer
from tenants.registry.services import mark_live


@consumer("policies.module_opened")
def _module_opened(entry: RelayedEntry) -> None:
    mark_live(code=entry.tenant, now=entry.at)
