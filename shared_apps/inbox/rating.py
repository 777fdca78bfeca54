"""Both sides of a paid order wait to rate each other, each in a thread of its own beside the order's."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from kernel.posts import Post
from shared_apps.inbox.live import publish
from shared_apps.inbox.models import InboxItem
from shared_apps.inbox.rules import RATED, RATING_OPEN, RATING_THREADS, ItemKind, ItemState, audience, raters
from shared_apps.inbox.services import SHOWN, moment, move_on
from tenants.database.context import region_on_commit
from tenants.journaling.consumers import RelayedEntry

PAID = "orders.paid"
RATING_GIVEN = "evaluations.given"
_STEPS = {"buyer": "rate_supplier", "supplier": "rate_buyer"}


def follow_rating(*, entry: RelayedEntry) -> None:
    """A paid order waits for both sides to rate each other, until its days are over. Told by the list alone.

    A rating is owed by nobody: it is neither told of by messages nor warned of.
    """
    facts = entry.facts
    if entry.event == RATING_GIVEN:
        thread = RATING_THREADS[facts["side"]]
        asked = _last_of(entry, [thread]).get(thread)
        shown = asked.facts if asked is not None else {"order_number": facts["order_number"]}
        _rate(entry, side=facts["side"], step=RATED, shown=shown, post=None, due_at=None)
        return
    if facts["state"] not in RATING_OPEN:
        return
    known = _last_of(entry, list(RATING_THREADS.values()))
    shown = {name: facts[name] for name in SHOWN} | {"ends": True}
    for side, thread in RATING_THREADS.items():
        last = known.get(thread)
        # The days run from the payment, whatever happens to the order afterwards.
        due_at = moment(facts["due_at"]) if last is None or entry.event == PAID else last.due_at
        is_over = due_at is None or entry.at >= due_at
        is_open = last is not None and last.state == ItemState.OPEN
        if (last is not None and last.step == RATED) or is_open != is_over:
            continue
        post = Post.BUYER_CLERK if side == "buyer" else Post.SUPPLIER_SALES
        _rate(entry, side=side, step=_STEPS[side], shown=shown, post=None if is_over else post, due_at=due_at)


def _last_of(entry: RelayedEntry, threads: list[str]) -> dict[str, InboxItem]:
    """The last row of each thread of the entry's object."""
    rows = InboxItem.objects.filter(tenant_code=entry.tenant, object_type__in=threads, object_id=entry.object_id)
    return {row.object_type: row for row in rows.order_by("id")}


def _rate(
    entry: RelayedEntry, *, side: str, step: str, shown: dict[str, Any], post: Post | None, due_at: datetime | None
) -> None:
    facts = entry.facts
    organisation, unit = (None, None)
    if post is not None:
        organisation, unit = audience(
            post=post,
            buyer_organisation=facts["organisation_id"],
            supplier_organisation=facts["supplier_organisation_id"],
            unit_id=facts["unit_id"],
        )
    move_on(
        entry=entry,
        tenant_code=entry.tenant,
        kind=ItemKind.EVALUATION,
        object_type=RATING_THREADS[side],
        object_id=entry.object_id,
        step=step,
        facts=shown,
        post=post,
        organisation_id=organisation,
        unit_id=unit,
        due_at=due_at,
        is_warned=False,
        asked=raters(side=side, clerk_id=facts.get("clerk_id")),
    )
    organisations = {facts["organisation_id"], facts["supplier_organisation_id"]}
    region_on_commit(lambda: publish(organisations=organisations, tenant_code=entry.tenant))
