"""A published tariff in every bureau's to-do list and messages, until it begins: see what it changes for one's mall."""

from __future__ import annotations

from datetime import date, datetime, time

from django.utils.translation import gettext_lazy as _

from kernel.clock import SHANGHAI
from kernel.posts import Post
from shared_apps.inbox.library import LibraryStep, follow
from tenants.journaling.consumers import RelayedEntry
from tenants.registry.selectors import tenant_names


def _published(entry: RelayedEntry) -> list[LibraryStep]:
    """One thread a mall and first day: a version that supersedes another takes its place."""
    facts = entry.facts
    first_day = date.fromisoformat(str(facts["valid_from"]))
    return [
        LibraryStep(
            object_type="tariff",
            object_id=f"{first_day}:{code}",
            step="tariff_published",
            path=f"/fees/tariffs/compare/?new={facts['version']}",
            post=Post.TIER_SUPERVISOR,
            level=code,
            due_at=datetime.combine(first_day, time(), tzinfo=SHANGHAI),
            ends=True,
            facts={"order_number": facts["document_number"]},
        )
        for code, mall in tenant_names().items()
        if not mall.is_practice
    ]


follow(
    ["fees.tariff_verified"],
    _published,
    words={"tariff_published": _("A tariff was published: see what it changes for this mall")},
)
