"""Entered versions of rules in the to-do list of the region's other staff, who compare them with their document."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel.posts import Post
from shared_apps.inbox.library import LibraryStep, follow
from tenants.journaling.consumers import RelayedEntry

_ENTERED = ("rulebook.version_entered", "rulebook.parameters_entered")


def _version(entry: RelayedEntry) -> list[LibraryStep]:
    facts = entry.facts
    waits = entry.event in _ENTERED
    return [
        LibraryStep(
            object_type=entry.object_type,
            object_id=entry.object_id,
            step="rule_entered",
            path=f"/console/rules/{entry.object_id}/",
            post=Post.REGION_SUPERVISOR if waits else None,
            facts={"order_number": facts["code"], "document_number": facts.get("document_number", "")},
            # Two people look at the document.
            barred=[entry.actor_id] if waits and entry.actor_id else (),
        )
    ]


follow(
    [*_ENTERED, "rulebook.version_verified", "rulebook.parameters_verified", "rulebook.version_withdrawn"],
    _version,
    words={"rule_entered": _("Compare the entered rule with its document and verify it")},
)
