"""Procurement plans: the unit drafts and submits, the bureau accepts or returns. Implementing Regulation art. 29."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.clock import local_date
from kernel.problems import Conflict, InvalidInput, NotFound
from tenant_apps.budgets.models import BudgetLine, ProcurementPlan
from tenant_apps.budgets.rules import PLAN_LIFECYCLE, PLANNERS
from tenant_apps.budgets.selectors import units_of
from tenant_apps.budgets.services import LineClosed, line_facts, require_bureau
from tenant_apps.journal.services import record
from tenants.database.context import tenant_atomic


class PlanOpen(Conflict):
    code = "plan-open"
    title = _("The line has a plan that is not filed yet: change that one")


def planning_units(actor: Actor) -> set[int]:
    """Units for which the actor may draft and submit: those in which the post is held, not those below."""
    return {unit.id for post in PLANNERS & actor.posts for unit in units_of(actor, post)}


def draft_plan(
    *, actor: Actor, line_id: int, subject: str, amount: Decimal, expected_on: date, note: str, now: datetime
) -> ProcurementPlan:
    """The first plan of a line, or the change of a filed one as its next version.

    Raises NotFound for a line of another unit, PlanOpen, LineClosed, InvalidInput.
    """
    with tenant_atomic():
        line = _own_line(actor, line_id)
        _require_fits(line, amount)
        last = ProcurementPlan.objects.filter(line=line).order_by("-version").first()
        try:
            with tenant_atomic():
                plan = ProcurementPlan.objects.create(
                    line=line,
                    version=(last.version if last else 0) + 1,
                    subject=subject,
                    amount=amount,
                    expected_on=expected_on,
                    note=note,
                    state=PLAN_LIFECYCLE.initial,
                    drafted_by_id=actor.user_id,
                    drafted_by_name=actor.name,
                    drafted_at=now,
                )
        except IntegrityError as error:
            if "plan_one_open_a_line" in str(error) or "plan_version_once" in str(error):
                raise PlanOpen(plan_number=line.plan_number) from error
            raise
        _record(actor, plan, "budgets.plan_drafted", now)
    return plan


def amend_plan(
    *, actor: Actor, plan_id: int, subject: str, amount: Decimal, expected_on: date, note: str, now: datetime
) -> ProcurementPlan:
    """Changes a draft or a plan that came back. Raises NotFound, WrongState, LineClosed, InvalidInput."""
    with tenant_atomic():
        plan = _held(plan_id)
        _own_line(actor, plan.line_id)
        step = PLAN_LIFECYCLE.next(plan.state, "amend")
        _require_fits(plan.line, amount)
        plan.subject, plan.amount, plan.expected_on, plan.note = subject, amount, expected_on, note
        plan.state, plan.drafted_by_id, plan.drafted_by_name = step.target, actor.user_id, actor.name
        plan.save()
        _record(actor, plan, "budgets.plan_amended", now)
    return plan


def submit_plan(*, actor: Actor, plan_id: int, now: datetime) -> ProcurementPlan:
    """To the bureau. Raises NotFound, WrongState, LineClosed, InvalidInput where it is more than the line has."""
    with tenant_atomic():
        plan = _held(plan_id)
        _own_line(actor, plan.line_id)
        step = PLAN_LIFECYCLE.next(plan.state, "submit")
        _require_fits(plan.line, plan.amount)
        plan.state, plan.submitted_at = step.target, now
        plan.save(update_fields=["state", "submitted_at"])
        _record(actor, plan, "budgets.plan_submitted", now)
    return plan


def accept_plan(*, actor: Actor, plan_id: int, comment: str, now: datetime) -> ProcurementPlan:
    """The bureau has the plan: from today the line's plan is filed. Raises NotFound, WrongState, NotPermitted."""
    require_bureau(actor)
    with tenant_atomic():
        plan = _held(plan_id)
        step = PLAN_LIFECYCLE.next(plan.state, "accept")
        _decide(actor, plan, step.target, comment, now)
        BudgetLine.objects.filter(pk=plan.line_id).update(plan_filed_on=local_date(now))
        _record(actor, plan, "budgets.plan_accepted", now, comment=comment)
    return plan


def return_plan(*, actor: Actor, plan_id: int, comment: str, now: datetime) -> ProcurementPlan:
    """Back to the unit, with what is wrong. Raises InvalidInput without a comment; else as `accept_plan`."""
    require_bureau(actor)
    if not comment.strip():
        raise InvalidInput(errors={"comment": [str(_("Say what the unit has to change."))]})
    with tenant_atomic():
        plan = _held(plan_id)
        step = PLAN_LIFECYCLE.next(plan.state, "return")
        _decide(actor, plan, step.target, comment, now)
        _record(actor, plan, "budgets.plan_returned", now, comment=comment)
    return plan


def _decide(actor: Actor, plan: ProcurementPlan, state: str, comment: str, now: datetime) -> None:
    plan.state, plan.comment = state, comment
    plan.decided_by_id, plan.decided_by_name, plan.decided_at = actor.user_id, actor.name, now
    plan.save(update_fields=["state", "comment", "decided_by_id", "decided_by_name", "decided_at"])


def _own_line(actor: Actor, line_id: int) -> BudgetLine:
    line = BudgetLine.objects.select_related("unit").filter(pk=line_id).first()
    if line is None or line.unit_id not in planning_units(actor):
        raise NotFound(line_id=line_id)
    if not line.is_open:
        raise LineClosed(fiscal_year=line.fiscal_year)
    return line


def _held(plan_id: int) -> ProcurementPlan:
    plan = (
        ProcurementPlan.objects.select_related("line__unit").select_for_update(of=("self",)).filter(pk=plan_id).first()
    )
    if plan is None:
        raise NotFound(plan_id=plan_id)
    return plan


def _require_fits(line: BudgetLine, amount: Decimal) -> None:
    if amount > line.total:
        found = _("The plan is for more than the budget line's total of %(total)s yuan.") % {"total": line.total}
        raise InvalidInput(errors={"amount": [str(found)]})


def _record(actor: Actor, plan: ProcurementPlan, event: str, now: datetime, **facts: Any) -> None:
    record(
        actor=actor,
        event=event,
        object_type="procurement_plan",
        object_id=plan.pk,
        facts={**line_facts(plan.line), "version": plan.version, "amount": plan.amount, **facts},
        now=now,
    )
