"""Fees in the to-do list and messages of bureaus: a budget nearly used up, until it is changed or the year ends."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from kernel.clock import SHANGHAI
from kernel.posts import Post
from shared_apps.inbox.library import LibraryStep, follow
from tenants.journaling.consumers import RelayedEntry


def _budget(entry: RelayedEntry) -> list[LibraryStep]:
    """Nothing is cut off: what waits is a look at the forecast, and perhaps another budget."""
    facts = entry.facts
    percent = facts.get("percent")
    return [
        LibraryStep(
            object_type="fee_budget",
            object_id=entry.object_id,
            step=f"fee_budget_{percent}" if percent else "fee_budget_set",
            path="/fees/",
            post=Post.TIER_SUPERVISOR if percent else None,
            level=facts["tenant"],
            due_at=datetime(facts["year"] + 1, 1, 1, tzinfo=SHANGHAI),
            ends=True,
            facts={"order_number": entry.object_id},
        )
    ]


follow(
    ["fees.budget_warned", "fees.budget_set"],
    _budget,
    words={
        "fee_budget_80": _("Fees have used 80 % of the budget: see the forecast"),
        "fee_budget_100": _("Fees have used up the budget: set another"),
    },
)
