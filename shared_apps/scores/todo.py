"""Appeals in the to-do list of who decides them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext_lazy as _

from kernel.clock import SHANGHAI
from kernel.posts import Post
from shared_apps.inbox.library import LibraryStep, follow
from shared_apps.scores.rules import AppealState
from tenants.journaling.consumers import RelayedEntry


def _appeal(entry: RelayedEntry) -> list[LibraryStep]:
    facts = entry.facts
    waits = facts["state"] == AppealState.FILED
    due_on = date.fromisoformat(facts["due_on"]) if waits else None
    return [
        LibraryStep(
            object_type=entry.object_type,
            object_id=entry.object_id,
            step=f"appeal_{facts['state']}",
            path=f"/scores/appeals/{entry.object_id}/",
            post=Post.REGION_SUPERVISOR if waits else None,
            due_at=datetime.combine(due_on + timedelta(days=1), time.min, tzinfo=SHANGHAI) if due_on else None,
            facts={"order_number": facts["order_number"], "supplier_name": facts["supplier_name"]},
        )
    ]


follow(
    ("scores.appeal_filed", "scores.appeal_decided", "scores.appeal_withdrawn"),
    _appeal,
    words={"appeal_filed": _("Decide the appeal against a counted order")},
)
