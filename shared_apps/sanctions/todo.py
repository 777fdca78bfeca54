"""Entered bans in the to-do list of the region's staff, who may put any of them in force."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel.posts import Post
from shared_apps.inbox.library import LibraryStep, follow
from shared_apps.sanctions.rules import SanctionState
from tenants.journaling.consumers import RelayedEntry


def _ban(entry: RelayedEntry) -> list[LibraryStep]:
    facts = entry.facts
    waits = facts["state"] == SanctionState.DRAFTED
    return [
        LibraryStep(
            object_type=entry.object_type,
            object_id=entry.object_id,
            step=f"ban_{facts['state']}",
            path=f"/sanctions/kept/{entry.object_id}/",
            post=Post.REGION_SUPERVISOR if waits else None,
            facts={"document_number": facts["decision_number"], "supplier_name": facts["party_name"]},
        )
    ]


follow(
    ("sanctions.entered", "sanctions.put_in_force", "sanctions.annulled"),
    _ban,
    words={"ban_drafted": _("Compare the ban with its document and put it in force")},
)
