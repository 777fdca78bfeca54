"""The progress of a mall that was set back: what its journal told last, as it is now."""

from __future__ import annotations

from shared_apps.onboarding.models import MallProgress
from shared_apps.onboarding.services.progress import note_progress
from tenants.journaling.restoring import RestoredJournal, rebuilds


@rebuilds("onboarding")
def rebuild(restored: RestoredJournal) -> None:
    MallProgress.objects.filter(tenant_code=restored.room).update(done=0, total=0, missing=[], told_at=None)
    last = None
    for entry in restored.seen(events=["policies.checklist_changed"]):
        last = entry
    if last is not None:
        facts = last.facts
        note_progress(
            tenant_code=restored.room, done=facts["done"], total=facts["total"], missing=facts["missing"], at=last.at
        )
