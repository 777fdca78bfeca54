"""Setting and ending flows of approval."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.posts import Post
from kernel.problems import InvalidInput, NotFound, NotPermitted
from tenant_apps.access.selectors import holders
from tenant_apps.approvals.models import ApprovalFlow
from tenant_apps.approvals.rules import PLAIN, Flow, FlowStep, check_flow
from tenant_apps.budgets.selectors import unit_by_id
from tenant_apps.journal.services import record
from tenants.database.context import tenant_atomic


def may_set(*, actor: Actor, unit_id: int | None) -> bool:
    """The bureau sets every flow, a unit's administrator the unit's own."""
    if actor.is_system or actor.has(Post.TIER_SUPERVISOR):
        return True
    return unit_id is not None and unit_id in actor.units(Post.UNIT_ADMINISTRATOR)


def set_flow(*, actor: Actor, unit_id: int | None, flow: Flow, reason: str, now: datetime) -> ApprovalFlow:
    """The flow of a unit, or of every unit that has none of its own (`unit_id` None), from the next submission on.

    Raises InvalidInput for a flow that cannot be, NotPermitted, NotFound for a unit that is not the actor's.
    """
    _require(actor, unit_id)
    check_flow(flow)
    name = ""
    if unit_id is not None:
        name = unit_by_id(unit_id=unit_id).name
        _check_people(flow, unit_id)
    elif any(step.user_ids for step in _steps(flow)):
        raise InvalidInput(errors={"bands": [str(_("People are named in a unit's own flow only."))]})
    with tenant_atomic():
        before = _end(actor, unit_id, now)
        row = ApprovalFlow.objects.create(
            unit_id=unit_id,
            unit_name=name,
            content=flow.as_json(),
            reason=reason,
            set_at=now,
            set_by_id=actor.user_id,
            set_by_name=actor.name,
        )
        record(
            actor=actor,
            event="approvals.flow_set",
            object_type="approval_flow",
            object_id=row.pk,
            facts={
                "unit_id": unit_id,
                "unit_name": name,
                "flow": row.content,
                "before": before.content if before else PLAIN.as_json(),
                "reason": reason,
            },
            now=now,
        )
    return row


def end_flow(*, actor: Actor, flow_id: int, now: datetime) -> ApprovalFlow:
    """The unit goes by the mall's flow again, the mall by the plain one. Raises NotFound, NotPermitted."""
    with tenant_atomic():
        row = ApprovalFlow.objects.select_for_update().filter(pk=flow_id, ended_at=None).first()
        if row is None or not may_set(actor=actor, unit_id=row.unit_id):
            raise NotFound(flow=flow_id)
        _close(actor, row, now)
        record(
            actor=actor,
            event="approvals.flow_ended",
            object_type="approval_flow",
            object_id=row.pk,
            facts={"unit_id": row.unit_id, "unit_name": row.unit_name, "flow": row.content},
            now=now,
        )
    return row


def _require(actor: Actor, unit_id: int | None) -> None:
    if may_set(actor=actor, unit_id=unit_id):
        return
    if unit_id is None:
        raise NotPermitted
    raise NotFound(unit_id=unit_id)


def _steps(flow: Flow) -> list[FlowStep]:
    return [step for band in flow.bands for stage in band.stages for step in stage]


def _check_people(flow: Flow, unit_id: int) -> None:
    """Named people hold the post now. Raises InvalidInput."""
    known: Mapping[Post, set[int | None]] = {
        post: {row.user_id for row in holders(unit_id=unit_id, post=post)}
        for post in {step.post for step in _steps(flow) if step.user_ids}
    }
    for step in _steps(flow):
        if set(step.user_ids) - known.get(step.post, set()):
            text = _("Somebody named for “%(step)s” does not hold the post in this unit.") % {"step": step.name}
            raise InvalidInput(errors={"bands": [str(text)]})


def _end(actor: Actor, unit_id: int | None, now: datetime) -> ApprovalFlow | None:
    row = ApprovalFlow.objects.select_for_update().filter(unit_id=unit_id, ended_at=None).first()
    if row is not None:
        _close(actor, row, now)
    return row


def _close(actor: Actor, row: ApprovalFlow, now: datetime) -> None:
    row.ended_at, row.ended_by_name = now, actor.name
    row.save(update_fields=["ended_at", "ended_by_name"])
