"""The to-do list after a mall was set back: who must act follows from its journal as it is now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from shared_apps.accounts.selectors import accepted_by
from shared_apps.inbox import bureau, cancelling, rating, services
from shared_apps.inbox.consumers import CONTRACTS, INTEREST, POSTS, TERMS
from shared_apps.inbox.contract_due import follow_contract_due
from shared_apps.inbox.models import InboxItem, PostHeld
from shared_apps.inbox.rules import RATING_THREADS, TERM_OPEN, ItemKind, ItemState
from tenants.journaling.consumers import RelayedEntry
from tenants.journaling.restoring import RestoredJournal, rebuilds
from tenants.journaling.selectors import lost


@rebuilds("inbox")
def rebuild(restored: RestoredJournal) -> None:
    _threads(restored, ItemKind.ORDER, services.follow_order)
    _threads(restored, ItemKind.BARGAIN, services.follow_bargain)
    _threads(restored, ItemKind.CONTRACT, services.follow_contract, events=CONTRACTS)
    for entry in restored.seen(events=CONTRACTS):
        follow_contract_due(entry=entry)
    _threads(restored, ItemKind.INTEREST, services.follow_interest, events=INTEREST, object_type="order")
    _threads(restored, ItemKind.TERM, services.follow_term, events=TERMS, object_type="order")
    follow = cancelling.follow_cancellation
    _threads(restored, ItemKind.CANCELLATION, follow, events=["orders.*"], object_type="order")
    for thread in bureau.THREADS:
        kind, events = ItemKind.BUREAU, list(thread.events)
        _threads(restored, kind, bureau.follow_filed, events=events, object_type=thread.object_type, is_own=True)
    _late_terms(restored)
    _ratings(restored)
    _rules(restored)
    _posts(restored)


def _threads(
    restored: RestoredJournal,
    kind: ItemKind,
    follow: Callable[..., object],
    *,
    events: Sequence[str] = (),
    object_type: str = "",
    is_own: bool = False,
) -> None:
    """Threads with a lost row are made again from what is left of their object, or vanish with it.

    `events` are those that move them, all of the object's app where none are named; `object_type` is what the journal
    calls the object, where it is not the kind; the items call it the same where it `is_own`.
    """
    items = InboxItem.objects.filter(room=restored.room, tenant_code=restored.room, kind=kind)
    if is_own:
        items = items.filter(object_type=object_type)
    objects = set(items.filter(lost(room=restored.room)).values_list("object_id", flat=True))
    told_of = object_type or kind
    objects |= restored.regained_of(told_of)
    items.filter(object_id__in=objects).delete()
    for entry in restored.seen(events=list(events) or [f"{kind}s.*"], object_type=told_of, object_ids=objects):
        follow(entry=entry)


def _late_terms(restored: RestoredJournal) -> None:
    """Terms that are asked of orders whose goods are accepted by now wait for nobody."""
    for item in InboxItem.objects.filter(tenant_code=restored.room, kind=ItemKind.TERM, state=ItemState.OPEN):
        orders = InboxItem.objects.filter(tenant_code=restored.room, object_type="order", object_id=item.object_id)
        last = orders.order_by("-id").first()
        if last is not None and last.step not in TERM_OPEN:
            item.state, item.done_at = ItemState.DONE, last.created_at
            item.save(update_fields=["state", "done_at"])


def _ratings(restored: RestoredJournal) -> None:
    """Both sides' threads of an order that lost a row, or got one back, are made again from its journal."""
    events = ["orders.*", rating.RATING_GIVEN]
    _threads(restored, ItemKind.EVALUATION, _rated_or_over, events=events, object_type="order")


def _rated_or_over(*, entry: RelayedEntry) -> None:
    if entry.event != rating.RATING_GIVEN:
        services.close_beside(entry=entry, among=RATING_THREADS.values())
    rating.follow_rating(entry=entry)


def _rules(restored: RestoredJournal) -> None:
    """A rule waits again where the acknowledgement that closed it is gone, and is closed where it came back."""
    acknowledged: dict[str, datetime] = {}
    for entry in restored.seen(events=["policies.rule_acknowledged"]):
        acknowledged[entry.object_id] = entry.at
    rules = InboxItem.objects.filter(tenant_code=restored.room, kind=ItemKind.RULE)
    newest: dict[str, InboxItem] = {item.object_id: item for item in rules.order_by("epoch", "journal_id")}
    for key, item in newest.items():
        at = acknowledged.get(key)
        done = at is not None and at >= item.created_at
        if done != (item.state == ItemState.DONE):
            item.state = ItemState.DONE if done else ItemState.OPEN
            item.done_at = at if done else None
            item.save(update_fields=["state", "done_at"])


def _posts(restored: RestoredJournal) -> None:
    """All posts of the mall, from its journal. Who accepted an invitation in the region's journal is known there."""
    PostHeld.objects.filter(tenant_code=restored.room).delete()
    for entry in restored.seen(events=list(POSTS)):
        POSTS[entry.event](entry)
    keys = PostHeld.objects.filter(tenant_code=restored.room).exclude(invitation_key="")
    accepted = accepted_by(keys=list(keys.values_list("invitation_key", flat=True)))
    for key, user_id in accepted.items():
        services.note_invitation_accepted(invitation_key=key, user_id=user_id)
