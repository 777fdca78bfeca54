"""Money between lines: one person asks, another of the bureau decides."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.posts import Post
from kernel.problems import Conflict, InvalidInput, NotFound, NotPermitted
from tenant_apps.budgets.models import Adjustment, BudgetLine
from tenant_apps.budgets.rules import AdjustmentKind, AdjustmentState, EntryKind
from tenant_apps.budgets.selectors import units_of
from tenant_apps.budgets.services import line_facts, locked_lines, post_total, require_bureau, require_left
from tenant_apps.journal.services import record
from tenants.database.context import tenant_atomic


class FourEyes(NotPermitted):
    """Who asked for a transfer does not decide it."""

    code = "four-eyes"
    title = _("Another person of the bureau decides what you asked for yourself")


class AdjustmentDecided(Conflict):
    code = "adjustment-decided"
    title = _("The transfer is decided already")


def transfer_units(actor: Actor) -> set[int]:
    """Units between whose lines the actor may ask to move money: all for the bureau, one's own for administrators."""
    if actor.has(Post.TIER_SUPERVISOR):
        return {unit.id for unit in units_of(actor)}
    return {unit.id for unit in units_of(actor, Post.UNIT_ADMINISTRATOR)}


def ask_transfer(
    *, actor: Actor, line_id: int, to_line_id: int, amount: Decimal, reason: str, document: str, now: datetime
) -> Adjustment:
    """Asks to move money from one open line to another of the same year.

    Raises NotFound for lines out of reach, BudgetInsufficient, LineClosed, InvalidInput.
    """
    own = transfer_units(actor)
    if line_id == to_line_id:
        raise InvalidInput(errors={"to_line_id": [str(_("Choose another budget line."))]})
    with tenant_atomic():
        line, to_line = locked_lines([line_id, to_line_id])
        if line.unit_id not in own or to_line.unit_id not in own:
            raise NotFound(line_id=line_id)
        if line.fiscal_year != to_line.fiscal_year:
            raise InvalidInput(errors={"to_line_id": [str(_("Both lines must be of the same fiscal year."))]})
        require_left(line, amount)
        asked = Adjustment.objects.create(
            kind=AdjustmentKind.TRANSFER,
            line=line,
            to_line=to_line,
            amount=amount,
            reason=reason,
            document=document,
            state=AdjustmentState.ASKED,
            asked_by_id=actor.user_id,
            asked_by_name=actor.name,
            asked_at=now,
        )
        _record(actor, asked, line, to_line, "budgets.transfer_asked", now)
    return asked


def apply_transfer(*, actor: Actor, adjustment_id: int, comment: str, now: datetime) -> Adjustment:
    """Moves the money. Raises FourEyes for who asked, BudgetInsufficient, AdjustmentDecided, LineClosed, NotFound."""
    with tenant_atomic():
        asked = _held(actor, adjustment_id)
        line, to_line = locked_lines([asked.line_id, asked.to_line_id or 0])
        require_left(line, asked.amount)
        for one, kind, other in (
            (line, EntryKind.TRANSFER_OUT, to_line),
            (to_line, EntryKind.TRANSFER_IN, line),
        ):
            post_total(
                actor=actor, line=one, kind=kind, amount=asked.amount, reason=asked.reason, now=now,
                other_line_id=other.pk,
            )  # fmt: skip
        BudgetLine.objects.filter(pk=line.pk).update(total=line.total - asked.amount)
        BudgetLine.objects.filter(pk=to_line.pk).update(total=to_line.total + asked.amount)
        _decide(actor, asked, AdjustmentState.APPLIED, comment, now)
        _record(actor, asked, line, to_line, "budgets.transfer_applied", now, comment=comment)
    return asked


def refuse_transfer(*, actor: Actor, adjustment_id: int, comment: str, now: datetime) -> Adjustment:
    """Leaves the money where it is. Raises InvalidInput without a comment, AdjustmentDecided, FourEyes, NotFound."""
    if not comment.strip():
        raise InvalidInput(errors={"comment": [str(_("Say why the transfer is refused."))]})
    with tenant_atomic():
        asked = _held(actor, adjustment_id)
        _decide(actor, asked, AdjustmentState.REFUSED, comment, now)
        line, to_line = asked.line, asked.to_line
        if to_line is None:
            raise NotFound(adjustment_id=adjustment_id)
        _record(actor, asked, line, to_line, "budgets.transfer_refused", now, comment=comment)
    return asked


def _held(actor: Actor, adjustment_id: int) -> Adjustment:
    require_bureau(actor)
    asked = (
        Adjustment.objects.select_related("line__unit", "to_line__unit")
        .select_for_update(of=("self",))
        .filter(pk=adjustment_id, kind=AdjustmentKind.TRANSFER)
        .first()
    )
    if asked is None:
        raise NotFound(adjustment_id=adjustment_id)
    if asked.state != AdjustmentState.ASKED:
        raise AdjustmentDecided(decided_by=asked.decided_by_name)
    if asked.asked_by_id is not None and asked.asked_by_id == actor.user_id:
        raise FourEyes
    return asked


def _decide(actor: Actor, asked: Adjustment, state: AdjustmentState, comment: str, now: datetime) -> None:
    asked.state, asked.comment = state, comment
    asked.decided_by_id, asked.decided_by_name, asked.decided_at = actor.user_id, actor.name, now
    asked.save(update_fields=["state", "comment", "decided_by_id", "decided_by_name", "decided_at"])


def _record(
    actor: Actor, asked: Adjustment, line: BudgetLine, to_line: BudgetLine, event: str, now: datetime, **facts: Any
) -> None:
    record(
        actor=actor,
        event=event,
        object_type="budget_adjustment",
        object_id=asked.pk,
        facts={
            **line_facts(line), "to_line_id": to_line.pk, "to_plan_number": to_line.plan_number,
            "amount": asked.amount, "reason": asked.reason, "document": asked.document, **facts,
        },
        now=now,
    )  # fmt: skip
