"""The steps of one order's approval, written inside the order's own transaction (`orders.services.placing`).

An order of a plain flow has no rows here, and costs no statement: what is read comes beside statements that run anyway.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.posts import Post
from kernel.problems import Conflict, NotPermitted
from tenant_apps.access.rules import IncompatiblePosts
from tenant_apps.approvals.models import ApprovalStep
from tenant_apps.approvals.rules import DECIDED, Flow, Stage, Standing, StepState, is_plain
from tenants.database.rows import insert_rows


class NotYourStep(NotPermitted):
    """The order waits for somebody else's step."""

    code = "not-your-step"
    title = _("The order waits for another step of its approval")


class StepTakenAlready(Conflict):
    """Two looks are of two people: nobody takes two steps of one round."""

    code = "step-taken-already"
    title = _("You have taken a step of this approval already")


# -- read beside other statements ------------------------------------------------------------------------------------
_FLOW = """(SELECT content FROM approvals_approvalflow
             WHERE ended_at IS NULL AND (unit_id = %s OR unit_id IS NULL) ORDER BY unit_id NULLS LAST LIMIT 1)"""
_STANDING = """(SELECT jsonb_agg(jsonb_build_array(s.id, s.stage, s.name, s.post, s.user_ids, s.state, s.decided_by_id)
                                 ORDER BY s.stage, s.position)
                  FROM approvals_approvalstep s WHERE s.order_id = {order} AND s.round = (
                    SELECT max(r.round) FROM approvals_approvalstep r WHERE r.order_id = {order}))"""


def flow_beside(*, unit_id: int) -> tuple[str, list[Any]]:
    """An expression with its parameters for another statement of the tenant's to carry: the flow of a unit."""
    return _FLOW, [unit_id]


def standing_beside(order: str) -> str:
    """The same for the steps of the running round of the order whose id `order` names. `standing_from` reads it."""
    return _STANDING.replace("{order}", order)


def standing_from(stored: Any) -> tuple[Standing, ...]:
    rows = json.loads(stored) if isinstance(stored, str) else stored
    return tuple(
        Standing(key, stage, name, Post(post), tuple(people), StepState(state), decided_by)
        for key, stage, name, post, people, state, decided_by in rows or ()
    )


def standing_of(order_id: int) -> tuple[Standing, ...]:
    """The steps of the order's last round, in their order; none of a plain flow. One statement."""
    rows = list(ApprovalStep.objects.filter(order_id=order_id).order_by("-round", "stage", "position"))
    return tuple(
        Standing(
            row.pk, row.stage, row.name, Post(row.post), tuple(row.user_ids), StepState(row.state), row.decided_by_id
        )
        for row in rows
        if row.round == rows[0].round
    )


# -- who may ---------------------------------------------------------------------------------------------------------
def deputised(*, actor: Actor, post: Post, unit_id: int, organisation_id: int, clerk_id: int) -> str:
    """For whom the actor stands in when acting in `post` for the unit: a name, or empty in the actor's own right.

    Raises IncompatiblePosts when the only right is a deputy's of the order's own clerk: what clerks may not do
    themselves they cannot have done for them.
    """
    held = [
        one
        for one in actor.held
        if one.post == post and one.organisation_id == organisation_id and one.unit_id in {unit_id, None}
    ]
    if not held or any(one.deputy_for is None for one in held):
        return ""
    others = [one for one in held if one.deputy_for != clerk_id]
    if not others:
        raise IncompatiblePosts(post=str(post), acted_as=str(Post.BUYER_CLERK))
    return others[0].deputy_for_name


def turn_of(standings: Sequence[Standing], *, actor: Actor, unit_id: int, organisation_id: int) -> Standing:
    """The open step that is the actor's to take. Raises NotYourStep, StepTakenAlready."""
    if any(one.decided_by_id == actor.user_id for one in standings):
        raise StepTakenAlready
    for step in standings:
        if step.state == StepState.OPEN and may_take(
            step, actor=actor, unit_id=unit_id, organisation_id=organisation_id
        ):
            return step
    raise NotYourStep(waits_for="、".join(step.name for step in standings if step.state == StepState.OPEN))


def may_take(step: Standing, *, actor: Actor, unit_id: int, organisation_id: int) -> bool:
    """Whether the actor is one of those whom the step asks; that they are not the clerk is looked at elsewhere."""
    if not step.user_ids:
        return actor.has(step.post, unit_id=unit_id, organisation_id=organisation_id)
    # Named people, or whoever stands in for them.
    return any(
        held.post == step.post
        and held.organisation_id == organisation_id
        and held.unit_id in {unit_id, None}
        and (actor.user_id if held.deputy_for is None else held.deputy_for) in step.user_ids
        for held in actor.held
    )


# -- writing ---------------------------------------------------------------------------------------------------------
def stages_of(stored: Any, *, total: Decimal) -> tuple[Stage, ...]:
    """The stages an order of `total` yuan goes through by the flow that `flow_beside` read; empty where it is plain."""
    stages = Flow.from_json(json.loads(stored) if isinstance(stored, str) else stored).stages_for(total)
    return () if is_plain(stages) else stages


@dataclass(frozen=True, slots=True)
class AskedOrder:
    """What a step keeps of its order: whose units' people are asked, and who may not be."""

    id: int
    unit_id: int
    organisation_id: int
    clerk_id: int


def begin(*, of: AskedOrder, round: int, stages: Sequence[Stage], now: datetime) -> None:
    """A new round of the order: its steps, those of the first stage open. One statement."""
    insert_rows(
        ApprovalStep,
        [
            _row(
                of,
                round=round,
                stage=stage,
                position=position,
                name=step.name,
                post=str(step.post),
                user_ids=list(step.user_ids),
                state=StepState.OPEN.value if stage == 1 else StepState.WAITING.value,
                opened_at=now if stage == 1 else None,
            )
            for stage, steps in enumerate(stages, start=1)
            for position, step in enumerate(steps, start=1)
        ],
    )


def _row(of: AskedOrder, **values: Any) -> dict[str, Any]:
    return {
        "order_id": of.id,
        "unit_id": of.unit_id,
        "organisation_id": of.organisation_id,
        "clerk_id": of.clerk_id,
        **values,
    }


def next_round(order_id: int) -> int:
    """The number of the order's next round. One statement."""
    last = ApprovalStep.objects.filter(order_id=order_id).order_by("-round").values_list("round", flat=True).first()
    return (last or 0) + 1


def decide(*, step: Standing, state: StepState, actor: Actor, deputy_for: str, comment: str, now: datetime) -> None:
    """The step is taken by the actor, whose turn it is. The order's version guards against two at once."""
    if state not in DECIDED:
        raise ValueError(state)
    ApprovalStep.objects.filter(pk=step.id, state=StepState.OPEN.value).update(
        state=state.value,
        decided_at=now,
        decided_by_id=actor.user_id,
        decided_by_name=actor.name,
        deputy_for_name=deputy_for,
        comment=comment,
    )


def open_stage(*, order_id: int, stage: int, now: datetime) -> None:
    ApprovalStep.objects.filter(order_id=order_id, stage=stage, state=StepState.WAITING.value).update(
        state=StepState.OPEN.value, opened_at=now
    )


def end_round(*, order_id: int) -> None:
    """Steps nobody has taken are not taken any more. One statement."""
    ApprovalStep.objects.filter(order_id=order_id, state__in=[StepState.OPEN.value, StepState.WAITING.value]).update(
        state=StepState.VOID.value
    )


def note_plain(
    *,
    of: AskedOrder,
    asked_at: datetime,
    state: StepState,
    actor: Actor,
    deputy_for: str,
    comment: str,
    now: datetime,
) -> None:
    """A plain flow's only step where the order's columns cannot tell all: a deputy took it, or it was not approved."""
    step = _row(
        of,
        round=next_round(of.id),
        stage=1,
        position=1,
        name="",
        post=str(Post.BUYER_APPROVER),
        user_ids=[],
        state=state.value,
        opened_at=asked_at,
        decided_at=now,
        decided_by_id=actor.user_id,
        decided_by_name=actor.name,
        deputy_for_name=deputy_for,
        comment=comment,
    )
    insert_rows(ApprovalStep, [step])
