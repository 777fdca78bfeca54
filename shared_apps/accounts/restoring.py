"""A mall that was set back: whoever was in it signs in again, and finds the posts of that moment."""

from __future__ import annotations

from shared_apps.accounts.models import HandOff, MallSession
from tenants.journaling.restoring import RestoredJournal, rebuilds


@rebuilds("accounts")
def end_sessions(restored: RestoredJournal) -> None:
    """Ends the mall's sessions and the passages to it. Invitations stay: they grant no posts by themselves."""
    MallSession.objects.filter(tenant_code=restored.room, ended_at__isnull=True).update(ended_at=restored.now)
    HandOff.objects.filter(tenant_code=restored.room, used_at__isnull=True).update(used_at=restored.now)
