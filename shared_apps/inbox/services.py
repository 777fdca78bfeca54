"""Keeping the to-do list in step with the journals, and crossing over to where the work is."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Q

from kernel.actor import Actor
from kernel.posts import Post
from shared_apps.accounts.services import hand_off
from shared_apps.inbox import rules
from shared_apps.inbox.live import publish
from shared_apps.inbox.models import InboxItem, PostHeld
from shared_apps.inbox.rules import ItemKind, ItemState
from shared_apps.inbox.selectors import item_for
from tenants.database.context import region_on_commit
from tenants.journaling.consumers import RelayedEntry
from tenants.registry.selectors import tenant_names

_ORDER_FACTS = ("order_number", "unit_name", "supplier_name", "total", "reason")


def follow_order(*, entry: RelayedEntry) -> InboxItem:
    """Closes the order's open item and opens the next post's, if somebody must act. Runs in the relay's transaction."""
    facts = entry.facts
    post = Post(facts["next_post"]) if facts["next_post"] else None
    organisation, unit = (None, None)
    if post is not None:
        organisation, unit = rules.audience(
            post=post,
            buyer_organisation=facts["organisation_id"],
            supplier_organisation=facts["supplier_organisation_id"],
            unit_id=facts["unit_id"],
        )
    due = facts["due_at"]
    item = move_on(
        entry=entry,
        tenant_code=entry.tenant,
        kind=ItemKind.ORDER,
        object_type=entry.object_type,
        object_id=entry.object_id,
        step=facts["state"],
        facts={name: facts[name] for name in _ORDER_FACTS},
        post=post,
        organisation_id=organisation,
        unit_id=unit,
        due_at=datetime.fromisoformat(due) if due else None,
    )
    organisations = {facts["organisation_id"], facts["supplier_organisation_id"]}
    region_on_commit(lambda: publish(organisations=organisations, tenant_code=entry.tenant))
    return item


def announce_rule(*, entry: RelayedEntry) -> int:
    """A verified rule waits to be acknowledged in every mall of its level; returns how many were told."""
    facts = entry.facts
    told = [
        tenant for tenant in tenant_names().values() if facts["level"] in {tenant.level, "*"} and not tenant.is_practice
    ]
    for tenant in told:
        move_on(
            entry=entry,
            tenant_code=tenant.code,
            kind=ItemKind.RULE,
            object_type="rule",
            object_id=f"{facts['code']}:{facts['kind']}",
            step="acknowledge",
            facts={"code": facts["code"], "version": facts["version"], "document_number": facts["document_number"]},
            post=Post.TIER_SUPERVISOR,
            organisation_id=None,
            unit_id=None,
            due_at=None,
        )
    codes = [tenant.code for tenant in told]
    region_on_commit(lambda: publish(organisations=(), tenant_code=None, tenants=codes))
    return len(told)


def close_rule(*, entry: RelayedEntry) -> int:
    """The bureau has acknowledged the rule: its item is done."""
    return InboxItem.objects.filter(
        tenant_code=entry.tenant, object_type="rule", object_id=entry.object_id, state=ItemState.OPEN
    ).update(state=ItemState.DONE, done_at=entry.at)


def move_on(
    *,
    entry: RelayedEntry,
    tenant_code: str,
    kind: ItemKind,
    object_type: str,
    object_id: str,
    step: str,
    facts: dict[str, Any],
    post: Post | None,
    organisation_id: int | None,
    unit_id: int | None,
    due_at: datetime | None,
) -> InboxItem:
    """Closes what is open of the object's thread and adds its next row, open where somebody must act."""
    thread = InboxItem.objects.filter(tenant_code=tenant_code, object_type=object_type, object_id=object_id)
    earlier = Q(epoch__lt=entry.epoch) | Q(epoch=entry.epoch, journal_id__lt=entry.journal_id)
    thread.filter(earlier, state=ItemState.OPEN).update(state=ItemState.DONE, done_at=entry.at)
    # A row relayed late must not open again what a later one has moved on.
    overtaken = thread.exclude(earlier).exists()
    is_open = post is not None and not overtaken
    return InboxItem.objects.create(
        room=entry.tenant,
        epoch=entry.epoch,
        journal_id=entry.journal_id,
        tenant_code=tenant_code,
        kind=kind,
        object_type=object_type,
        object_id=object_id,
        step=step,
        facts=facts,
        audience_post=post or "",
        audience_organisation_id=organisation_id,
        unit_id=unit_id,
        state=ItemState.OPEN if is_open else ItemState.DONE,
        due_at=due_at,
        created_at=entry.at,
        done_at=None if is_open else entry.at,
    )


# -- posts held in the tenants ------------------------------------------------------------------------------------


def note_post_granted(*, entry: RelayedEntry) -> None:
    """A person holds a post in a unit of a tenant."""
    facts = entry.facts
    PostHeld.objects.create(
        tenant_code=entry.tenant,
        user_id=facts["user_id"],
        name=facts["name"],
        organisation_id=facts["organisation_id"],
        unit_id=facts["unit_id"],
        post=facts["post"],
    )


def note_post_ended(*, entry: RelayedEntry) -> None:
    facts = entry.facts
    _end(entry.tenant, facts["user_id"], facts["name"], facts["unit_id"], facts["post"])


def note_post_handed_over(*, entry: RelayedEntry) -> None:
    facts = entry.facts
    _end(entry.tenant, facts["from_user_id"], facts["from_name"], facts["unit_id"], facts["post"])
    note_post_granted(entry=entry)


def note_posts_promised(*, entry: RelayedEntry) -> None:
    """Somebody is invited to posts: they count once the person has an account."""
    facts = entry.facts
    PostHeld.objects.bulk_create(
        PostHeld(
            tenant_code=entry.tenant,
            user_id=None,
            invitation_key=facts["invitation_key"],
            name=facts["name"],
            organisation_id=facts["organisation_id"],
            unit_id=facts["unit_id"],
            post=post,
        )
        for post in facts["posts"]
    )


def note_invitation_accepted(*, invitation_key: str, user_id: int) -> None:
    """The posts promised with an invitation are this person's from now on."""
    PostHeld.objects.filter(invitation_key=invitation_key).update(user_id=user_id, invitation_key="")


def _end(tenant: str, user_id: int | None, name: str, unit_id: int, post: str) -> None:
    held = PostHeld.objects.filter(tenant_code=tenant, user_id=user_id, unit_id=unit_id, post=post)
    if user_id is None:
        held = held.filter(name=name)
    held.delete()


# -- crossing over ------------------------------------------------------------------------------------------------


def enter_item(*, actor: Actor, item_id: int, now: datetime) -> str:
    """The address of the item's page: a one-time one into its mall, or a page of the region for a library's step.

    Raises NotFound for an item that is not in the actor's inbox, and what `hand_off` raises.
    """
    item = item_for(actor=actor, item_id=item_id)
    if item.kind == ItemKind.LIBRARY:
        return str(item.facts["path"])
    path = rules.next_path(kind=item.kind, object_id=item.object_id)
    return hand_off(actor=actor, tenant_code=item.tenant_code, next_path=path, now=now)


def audience_organisations(*, actor: Actor) -> Collection[int]:
    """The organisations whose news concern the actor."""
    return sorted({place.organisation_id for place in actor.belongs})
