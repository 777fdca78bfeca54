"""Offers in the to-do list: those that end soon wait for their supplier."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kernel.posts import Post
from shared_apps.inbox.library import LibraryStep, follow
from tenants.journaling.consumers import RelayedEntry

_WORDS = {"offers_ending": _("Renew offers before they end")}


def _endings(entry: RelayedEntry) -> list[LibraryStep]:
    """One thread a supplier: done once nothing of it ends soon any more."""
    facts = entry.facts
    waits = facts["offers"] > 0 and facts["organisation_id"] is not None
    return [
        LibraryStep(
            object_type=entry.object_type,
            object_id=entry.object_id,
            step="offers_ending",
            path="/supplier/offers/ending/",
            post=Post.SUPPLIER_SALES if waits else None,
            organisation_id=facts["organisation_id"] if waits else None,
            due_at=_end_of(facts["first_on"]),
            facts={"order_number": facts["supplier_code"], "supplier_name": facts["name"]},
        )
    ]


def _end_of(day: str | None) -> datetime | None:
    """The moment after the last one of that day."""
    if not day:
        return None
    after = date.fromisoformat(day) + timedelta(days=1)
    return datetime(after.year, after.month, after.day, tzinfo=ZoneInfo(settings.TIME_ZONE))


follow(["listings.offers_ending"], _endings, words=_WORDS)
