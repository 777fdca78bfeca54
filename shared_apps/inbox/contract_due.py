"""An order that waits for its contract: its clerk sees the order until the contract has a thread of its own."""

from __future__ import annotations

from kernel.posts import Post
from shared_apps.inbox.models import InboxItem
from shared_apps.inbox.rules import BEFORE_STEPS, ItemState
from tenants.journaling.consumers import RelayedEntry

_STEP = BEFORE_STEPS["accepted", Post.BUYER_CLERK]


def follow_contract_due(*, entry: RelayedEntry) -> None:
    """The order's step is done once a text is drawn up, and waits again when that is withdrawn."""
    order = InboxItem.objects.filter(
        tenant_code=entry.tenant, object_type="order", object_id=str(entry.facts["order_id"])
    )
    last = order.order_by("-id").first()
    if last is None or last.step != _STEP:
        return
    waits = entry.event == "contracts.withdrawn"
    last.state = ItemState.OPEN if waits else ItemState.DONE
    last.done_at = None if waits else entry.at
    last.save(update_fields=["state", "done_at"])
