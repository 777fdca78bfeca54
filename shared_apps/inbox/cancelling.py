"""One party of an order asks to give it up, or its rest: the other party's step, beside the order's own thread."""

from __future__ import annotations

from django.db.models import Q

from shared_apps.inbox import rules
from shared_apps.inbox.live import publish
from shared_apps.inbox.models import InboxItem
from shared_apps.inbox.rules import CANCELLATION_THREAD, ItemKind
from shared_apps.inbox.services import SHOWN, Moved, end_wait, move_on
from tenants.database.context import region_on_commit
from tenants.journaling.consumers import RelayedEntry

ASKED = frozenset({"orders.cancel_asked", "orders.rest_cancel_asked"})


def follow_cancellation(*, entry: RelayedEntry) -> Moved | None:
    """Opens the other party's step, and ends it with the step of the order that answers the request or overtakes it."""
    facts = entry.facts
    asked_by = facts.get("cancel_asked_by")
    step = rules.CANCELLATION_STEPS.get(facts["state"])
    organisations = {facts["organisation_id"], facts["supplier_organisation_id"]}
    if not asked_by or step is None:
        ended = end_wait(
            tenant_code=entry.tenant, object_type=CANCELLATION_THREAD, object_id=entry.object_id, at=entry.at
        )
        if ended:
            region_on_commit(lambda: publish(organisations=organisations, tenant_code=entry.tenant))
        return None
    # The order's own thread, which each event of it moves, knows of a later step that this row was relayed after.
    order = InboxItem.objects.filter(tenant_code=entry.tenant, object_type="order", object_id=entry.object_id)
    later = Q(epoch__gt=entry.epoch) | Q(epoch=entry.epoch, journal_id__gt=entry.journal_id)
    if entry.event not in ASKED or order.filter(later).exists():
        return None
    post, asked = rules.who_agrees(asked_by=asked_by, clerk_id=facts.get("clerk_id"))
    organisation, unit = rules.audience(
        post=post,
        buyer_organisation=facts["organisation_id"],
        supplier_organisation=facts["supplier_organisation_id"],
        unit_id=facts["unit_id"],
    )
    moved = move_on(
        entry=entry,
        tenant_code=entry.tenant,
        kind=ItemKind.CANCELLATION,
        object_type=CANCELLATION_THREAD,
        object_id=entry.object_id,
        step=step,
        facts={name: facts[name] for name in SHOWN},
        post=post,
        organisation_id=organisation,
        unit_id=unit,
        due_at=None,
        asked=asked,
    )
    region_on_commit(lambda: publish(organisations=organisations, tenant_code=entry.tenant))
    return moved
