"""Keeping the to-do list in step with the journals, and crossing over to where the work is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
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

WARNINGS_AT_ONCE = 100
SHOWN = ("order_number", "unit_name", "supplier_name", "total", "reason")


@dataclass(frozen=True, slots=True)
class Moved:
    """Where a thread stands now. `is_new`: somebody waits for something they did not wait for before."""

    item: InboxItem
    is_new: bool


def follow_order(*, entry: RelayedEntry) -> Moved:
    """Closes the order's open item and opens the next post's, if somebody must act. Runs in the relay's transaction."""
    shown = {name: entry.facts[name] for name in SHOWN}
    step = rules.order_step(state=entry.facts["state"], post=entry.facts["next_post"])
    return _follow(entry, ItemKind.ORDER, step, shown)


def follow_bargain(*, entry: RelayedEntry) -> Moved:
    """The same of a bargain: its number and the supplier's last sum stand where an order's do."""
    facts = entry.facts
    shown = {
        "order_number": facts["bargain_number"],
        "unit_name": facts["unit_name"],
        "supplier_name": facts["supplier_name"],
        "total": facts["offered"],
        "reason": None,
    }
    return _follow(entry, ItemKind.BARGAIN, f"bargain_{facts['state']}", shown)


def follow_contract(*, entry: RelayedEntry) -> Moved:
    """The same of a contract: one thread for all its versions, with the days to publish and to file it by."""
    facts = entry.facts
    shown = {
        "order_number": facts["number"],
        "unit_name": facts["unit_name"],
        "supplier_name": facts["supplier_name"],
        "total": facts["amount"],
        "reason": facts["reason"],
    }
    return _follow(entry, ItemKind.CONTRACT, f"contract_{facts['state']}", shown)


def follow_interest(*, entry: RelayedEntry) -> Moved:
    """The same of an order's late interest: a thread of its own beside the order's."""
    facts = entry.facts
    shown = {
        "order_number": facts["order_number"],
        "unit_name": facts["unit_name"],
        "supplier_name": facts["supplier_name"],
        "total": facts["amount"],
        "reason": facts["reason"],
    }
    return _follow(entry, ItemKind.INTEREST, f"interest_{facts['state']}", shown, object_type="late_interest")


def follow_term(*, entry: RelayedEntry) -> Moved:
    """A longer term of payment that is asked waits for the supplier, beside the order's own thread."""
    facts = entry.facts
    is_asked = facts["state"] == "asked"
    order = InboxItem.objects.filter(tenant_code=entry.tenant, object_type="order", object_id=entry.object_id)
    known = order.order_by("-id").values_list("facts", flat=True).first() or {}
    names = {name: known[name] for name in ("unit_name", "supplier_name") if name in known}
    moved = move_on(
        entry=entry,
        tenant_code=entry.tenant,
        kind=ItemKind.TERM,
        object_type=rules.TERM_THREAD,
        object_id=entry.object_id,
        step=f"term_{facts['state']}",
        facts={"order_number": facts["order_number"], "days": facts["days"], "reason": facts["reason"], **names},
        post=Post.SUPPLIER_SALES if is_asked else None,
        organisation_id=facts["supplier_organisation_id"] if is_asked else None,
        unit_id=None,
        due_at=None,
    )
    region_on_commit(lambda: publish(organisations=[facts["supplier_organisation_id"]], tenant_code=entry.tenant))
    return moved


def close_beside(*, entry: RelayedEntry, among: Collection[str] = rules.BESIDE) -> int:
    """Once an order's goods are accepted no term can be answered any more, and only a paid order is rated."""
    return InboxItem.objects.filter(
        tenant_code=entry.tenant,
        object_type__in=sorted(rules.threads_over(entry.facts["state"]) & set(among)),
        object_id=entry.object_id,
        state=ItemState.OPEN,
    ).update(state=ItemState.DONE, done_at=entry.at)


def moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


def _follow(entry: RelayedEntry, kind: ItemKind, step: str, shown: dict[str, Any], *, object_type: str = "") -> Moved:
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
    clerk_id = facts.get("clerk_id")
    moved = move_on(
        entry=entry,
        tenant_code=entry.tenant,
        kind=kind,
        object_type=object_type or entry.object_type,
        object_id=entry.object_id,
        step=step,
        facts=shown,
        post=post,
        organisation_id=organisation,
        unit_id=unit,
        due_at=moment(facts["due_at"]),
        asked=rules.asked_keys(post=post, waits_for=facts.get("waits_for") or (), clerk_id=clerk_id),
        barred=rules.barred_keys(
            is_approval=facts["state"] == rules.APPROVAL, clerk_id=clerk_id, taken_by=facts.get("taken_by") or ()
        ),
    )
    organisations = {facts["organisation_id"], facts["supplier_organisation_id"]}
    region_on_commit(lambda: publish(organisations=organisations, tenant_code=entry.tenant))
    return moved


def announce_rule(*, entry: RelayedEntry) -> list[Moved]:
    """A verified rule waits to be acknowledged in every mall of its level."""
    facts = entry.facts
    told = [
        tenant for tenant in tenant_names().values() if facts["level"] in {tenant.level, "*"} and not tenant.is_practice
    ]
    moved = [
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
        for tenant in told
    ]
    codes = [tenant.code for tenant in told]
    region_on_commit(lambda: publish(organisations=(), tenant_code=None, tenants=codes))
    return moved


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
    asked: Sequence[str] = (),
    barred: Sequence[str] = (),
    is_warned: bool = True,
) -> Moved:
    """Closes what is open of the object's thread and adds its next row, open where somebody must act."""
    thread = InboxItem.objects.filter(tenant_code=tenant_code, object_type=object_type, object_id=object_id)
    earlier = Q(epoch__lt=entry.epoch) | Q(epoch=entry.epoch, journal_id__lt=entry.journal_id)
    before = thread.filter(earlier, state=ItemState.OPEN).first()
    if before is not None:
        before.state, before.done_at = ItemState.DONE, entry.at
        before.save(update_fields=["state", "done_at"])
    # A row relayed late must not open again what a later one has moved on.
    overtaken = thread.exclude(earlier).exists()
    is_open = post is not None and not overtaken
    # The same limit goes on through the steps of its thread.
    goes_on = before is not None and due_at is not None and before.due_at == due_at
    begins_at = before.begins_at if before is not None and goes_on else entry.at if due_at and is_warned else None
    warned = before.warned_percent if before is not None and goes_on else 0
    item = InboxItem.objects.create(
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
        asked=list(asked),
        barred=list(barred),
        state=ItemState.OPEN if is_open else ItemState.DONE,
        due_at=due_at,
        begins_at=begins_at,
        warned_percent=warned,
        next_warning_at=rules.next_warning(begins_at=begins_at, due_at=due_at, warned_percent=warned),
        created_at=entry.at,
        done_at=None if is_open else entry.at,
    )
    return Moved(item, is_new=is_open and (before is None or _asks(before) != _asks(item)))


def wait_beside(
    *,
    entry: RelayedEntry,
    tenant_code: str,
    kind: ItemKind,
    object_type: str,
    object_id: str,
    step: str,
    facts: dict[str, Any],
    post: Post,
    organisation_id: int,
    unit_id: int,
) -> Moved | None:
    """Opens a step that any mall's journal may tell of, unless it is open already: it has no order of its own rows."""
    thread = InboxItem.objects.filter(tenant_code=tenant_code, object_type=object_type, object_id=object_id)
    if thread.filter(state=ItemState.OPEN).exists():
        return None
    item = InboxItem.objects.create(
        room=entry.tenant,
        epoch=entry.epoch,
        journal_id=entry.journal_id,
        tenant_code=tenant_code,
        kind=kind,
        object_type=object_type,
        object_id=object_id,
        step=step,
        facts=facts,
        audience_post=post,
        audience_organisation_id=organisation_id,
        unit_id=unit_id,
        state=ItemState.OPEN,
        created_at=entry.at,
    )
    region_on_commit(lambda: publish(organisations=[organisation_id], tenant_code=tenant_code))
    return Moved(item, is_new=True)


def end_wait(*, tenant_code: str, object_type: str, object_id: str, at: datetime) -> int:
    """Nobody waits for it any more."""
    return InboxItem.objects.filter(
        tenant_code=tenant_code, object_type=object_type, object_id=object_id, state=ItemState.OPEN
    ).update(state=ItemState.DONE, done_at=at)


def forget_told_by(*, room: str, kind: ItemKind) -> None:
    """Takes back what a room's journal opened, before it is told anew after a restore."""
    InboxItem.objects.filter(room=room, kind=kind).delete()


def _asks(item: InboxItem) -> tuple[object, ...]:
    return (item.step, item.audience_post, item.audience_organisation_id, item.unit_id, item.asked, item.barred)


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
        deputy_for=facts.get("deputy_for"),
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
    path = item.facts.get("path") or rules.next_path(kind=item.kind, object_id=item.object_id)
    return hand_off(actor=actor, tenant_code=item.tenant_code, next_path=path, now=now)


def audience_organisations(*, actor: Actor) -> Collection[int]:
    """The organisations whose news concern the actor."""
    return sorted({place.organisation_id for place in actor.belongs})


# -- time that runs out -------------------------------------------------------------------------------------------
def warn_due(*, now: datetime) -> list[InboxItem]:
    """Notes for open steps how much of their time is used, and returns those where that is more than was known.

    Inside the caller's transaction; rows that are being moved on are skipped, and found by the next sweep if they wait
    still. After a standstill only the highest percentage is told.
    """
    due = InboxItem.objects.select_for_update(skip_locked=True).filter(state=ItemState.OPEN, next_warning_at__lte=now)
    items = list(due.order_by("next_warning_at")[:WARNINGS_AT_ONCE])
    for item in items:
        if item.begins_at is None or item.due_at is None:
            raise ValueError(f"item {item.pk} has a warning and no time that runs")
        item.warned_percent = rules.used_percent(begins_at=item.begins_at, due_at=item.due_at, now=now)
        item.next_warning_at = rules.next_warning(
            begins_at=item.begins_at, due_at=item.due_at, warned_percent=item.warned_percent
        )
    InboxItem.objects.bulk_update(items, ["warned_percent", "next_warning_at"])
    return items
