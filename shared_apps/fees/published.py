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
    """One thread a mall. What a version says that another supersedes need not be read any more."""
    facts = entry.facts
    begins = datetime.combine(date.fromisoformat(str(facts["valid_from"])), time(), tzinfo=SHANGHAI)
    malls = [code for code, mall in tenant_names().items() if not mall.is_practice]
    steps = [
        LibraryStep(
            object_type="tariff",
            object_id=f"{facts['version']}:{code}",
            step="tariff_published",
            path=f"/fees/tariffs/compare/?new={facts['version']}",
            post=Post.TIER_SUPERVISOR,
            level=code,
            due_at=begins,
            ends=True,
            facts={"order_number": facts["document_number"]},
        )
        for code in malls
    ]
    if facts.get("supersedes"):
        steps += [
            LibraryStep(
                object_type="tariff", object_id=f"{facts['supersedes']}:{code}", step="tariff_superseded", level=code
            )
            for code in malls
        ]
    return steps


follow(
    ["fees.tariff_verified"],
    _published,
    words={"tariff_published": _("A tariff was published: see what it changes for this mall")},
)
