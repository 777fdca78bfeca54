"""What the malls' journals tell onboarding: how far the checklist is, and that a mall has opened."""

from __future__ import annotations

from shared_apps.onboarding.services.progress import note_at_work, note_progress
from tenants.journaling.consumers import RelayedEntry, consumer
from tenants.registry.selectors import is_practice
from tenants.registry.services import mark_live


@consumer("policies.checklist_changed")
def _checklist_changed(entry: RelayedEntry) -> None:
    if is_practice(code=entry.tenant):
        return
    facts = entry.facts
    note_progress(
        tenant_code=entry.tenant, done=facts["done"], total=facts["total"], missing=facts["missing"], at=entry.at
    )


@consumer("budgets.unit_created")
@consumer("budgets.units_imported")
@consumer("budgets.units_awaited")
def _begun(entry: RelayedEntry) -> None:
    """The first thing a bureau enters: malls nobody works at are not looked at."""
    if not is_practice(code=entry.tenant):
        note_at_work(tenant_code=entry.tenant)


@consumer("policies.went_live")
def _went_live(entry: RelayedEntry) -> None:
    if not is_practice(code=entry.tenant):
        mark_live(code=entry.tenant, now=entry.at)
