"""What units and people file with a mall's bureau, and what comes back to them: plans, transfers, money to carry over,
exception documents, packages of an old mall, refused reports of the budget system.

A table: an event of a mall's journal and whom its object waits for from then on. Without a post it waits for nobody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kernel.posts import Post
from shared_apps.inbox.live import publish
from shared_apps.inbox.rules import ANYBODY, ItemKind
from shared_apps.inbox.services import Moved, move_on
from tenants.database.context import region_on_commit
from tenants.journaling.consumers import RelayedEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """One kind of object. `path` and `number` are made of the event's facts and the object's key."""

    object_type: str
    path: str
    number: str
    events: Mapping[str, Wait]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """`posts` may each act, the first is the one the step waits for; `by_another`: not who told of it."""

    step: str
    posts: Sequence[Post] = ()
    by_another: bool = False


_BUREAU = (Post.TIER_SUPERVISOR,)
_DONE = Wait(step="done")
THREADS = (
    Thread(
        object_type="procurement_plan",
        path="/budgets/plans/{key}/",
        number="plan_number",
        events={
            "budgets.plan_submitted": Wait(step="plan_submitted", posts=_BUREAU),
            "budgets.plan_returned": Wait(step="plan_returned", posts=(Post.BUYER_CLERK, Post.UNIT_ADMINISTRATOR)),
            "budgets.plan_amended": _DONE,
            "budgets.plan_accepted": _DONE,
        },
    ),
    Thread(
        object_type="budget_adjustment",
        path="/budgets/adjustments/{key}/",
        number="plan_number",
        events={
            "budgets.transfer_asked": Wait(step="transfer_asked", posts=_BUREAU, by_another=True),
            "budgets.transfer_applied": _DONE,
            "budgets.transfer_refused": _DONE,
        },
    ),
    Thread(
        object_type="budget_line",
        path="/budgets/years/{fiscal_year}/",
        number="plan_number",
        events={
            "budgets.carry_over_asked": Wait(step="carry_over_asked", posts=_BUREAU),
            "budgets.carry_over_decided": _DONE,
        },
    ),
    Thread(
        object_type="split_exception",
        path="/commitments/exceptions/{key}/",
        number="document_number",
        events={
            "commitments.exception_filed": Wait(step="exception_filed", posts=_BUREAU, by_another=True),
            "commitments.exception_accepted": _DONE,
            "commitments.exception_refused": _DONE,
            "commitments.exception_withdrawn": _DONE,
        },
    ),
    Thread(
        object_type="takeover",
        path="/takeover/{key}/",
        number="key",
        events={
            "takeover.package_checked": Wait(step="package_checked", posts=(*_BUREAU, Post.CPB_OPERATOR)),
            "takeover.package_proposed": Wait(step="package_proposed", posts=_BUREAU, by_another=True),
            "takeover.package_sent_back": Wait(step="package_checked", posts=(*_BUREAU, Post.CPB_OPERATOR)),
            "takeover.package_judged_again": _DONE,
            "takeover.package_confirmed": _DONE,
            "takeover.package_cancelled": _DONE,
        },
    ),
    Thread(
        object_type="budget_report",
        path="/bureau/budget-system/?state=refused",
        number="number",
        events={
            "budget_system.report_refused": Wait(step="report_refused", posts=_BUREAU),
            "budget_system.report_resent": _DONE,
            "budget_system.report_accepted": _DONE,
        },
    ),
)
_OF_EVENT = {event: thread for thread in THREADS for event in thread.events}
EVENTS = tuple(_OF_EVENT)


def follow_filed(*, entry: RelayedEntry) -> Moved:
    """Whom the object waits for now."""
    thread = _OF_EVENT[entry.event]
    wait = thread.events[entry.event]
    facts = {**entry.facts, "key": entry.object_id}
    post = wait.posts[0] if wait.posts else None
    of_unit = post is not None and post not in _BUREAU
    moved = move_on(
        entry=entry,
        tenant_code=entry.tenant,
        kind=ItemKind.BUREAU,
        object_type=thread.object_type,
        object_id=entry.object_id,
        step=wait.step,
        facts={
            "order_number": facts[thread.number],
            "path": thread.path.format_map(facts),
            "total": facts.get("amount") or facts.get("up_to"),
            "unit_name": facts.get("unit_name"),
            "reason": facts.get("reason") or facts.get("comment"),
        },
        post=post,
        organisation_id=facts["organisation_id"] if of_unit else None,
        unit_id=facts["unit_id"] if of_unit else None,
        due_at=None,
        asked=[f"{post}:{ANYBODY}" for post in wait.posts] if len(wait.posts) > 1 else (),
        barred=[str(entry.actor_id)] if wait.by_another and entry.actor_id else (),
    )
    organisations = [facts["organisation_id"]] if of_unit else []
    region_on_commit(lambda: publish(organisations=organisations, tenant_code=entry.tenant))
    return moved
