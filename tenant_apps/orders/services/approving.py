"""Deciding an order: the steps of its flow, the approval that places it, sending back, rejecting, withdrawing.

Each is one transaction and one journal row. The last approval decides every rule again and freezes the budget, last, by
one conditional UPDATE. An order of a plain flow has no step rows; what is read of them comes beside the order.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.lifecycle import Deadline, Transition
from kernel.posts import Post
from kernel.problems import NotFound, NotPermitted
from shared_apps.rulebook.selectors import calendar, recent_rule_set
from tenant_apps.access.rules import FIXED_PAIRS, check_incompatible
from tenant_apps.approvals import steps as approval
from tenant_apps.approvals.rules import Flow, Standing, StepState, is_last, opens_next
from tenant_apps.budgets.services import freeze
from tenant_apps.orders.models import Order
from tenant_apps.orders.permissions import reaches
from tenant_apps.orders.rules import Occasion, OrderState, due_at
from tenant_apps.orders.services.judging import Judgement, PurchaseRequest
from tenant_apps.orders.services.placing import asked_order, begin_round, judged, looked_up, told_of, told_of_steps
from tenant_apps.orders.services.reading import as_submitted
from tenant_apps.orders.services.refusals import Refusal, refusal_kept, require_allowed, store_decisions
from tenant_apps.orders.services.steps import permitted, reason_given, take_step
from tenants.database.context import tenant_atomic


class NotYours(NotPermitted):
    """Only the clerk who submitted an order takes it back or submits it again."""

    code = "not-the-clerk"
    title = _("Only the clerk who submitted the order can withdraw it")


# -- approve ---------------------------------------------------------------------------------------------------------
def approve(*, actor: Actor, order_id: int, now: datetime, version: int | None = None, comment: str = "") -> Order:
    """Take the actor's step of the order's approval; the last one places the order.

    Placing decides every rule again on today's values and freezes the budget. `version` is the one the approver looked
    at; None does not compare. Raises RuleRefused (kept), IncompatiblePosts, NotYourStep, StepTakenAlready,
    BudgetInsufficient, OrderChanged, WrongState, NotPermitted, NotFound for strangers.
    """
    with refusal_kept(), tenant_atomic(savepoint=False):
        return _approve(actor, order_id, version, comment, now)


def _approve(actor: Actor, order_id: int, version: int | None, comment: str, now: datetime) -> Order:
    found, lines, claims, standings = as_submitted(order_id)
    order = _reached(actor, found, order_id)
    running = _running(order, standings)
    step, transition = _turn(actor, order, running, action="approve", version=version)
    if step is not None:
        if not is_last(running, step):
            return _pass(actor, order, running, step, transition, comment, now)
        transition = permitted(actor=actor, order=order, action="approve")
    deputy_for = _stands_in(actor, order, Post.BUYER_APPROVER)
    request = _request_of(order, claims)
    judgement = judged(request, lines, looked_up(request, order.fiscal_year), region=recent_rule_set, now=now, own=True)
    refusal = _refusal(actor, order, judgement, Occasion.APPROVE, now)
    require_allowed(judgement, refusal)
    take_step(
        actor=actor,
        order=order,
        transition=transition,
        event="orders.approved",
        now=now,
        told={"reason": _said(comment, deputy_for)},
        approver_id=actor.user_id,
        approver_name=actor.name,
        placed_at=now,
        next_due_at=due_at(
            deadline=Deadline(working_days=judgement.rules.accept_working_days, rule="R-ACCEPT"),
            entered_at=now,
            calendar=calendar(),
        ),
    )
    store_decisions(judgement_decisions=judgement.decisions, refusal=refusal)
    if step is not None or deputy_for or comment:
        _note(actor, order, step, StepState.APPROVED, deputy_for, comment, order.submitted_at, now)
    freeze(actor=actor, order_id=order.pk, claims=claims, now=now)
    return order


def _pass(
    actor: Actor,
    order: Order,
    running: Sequence[Standing],
    step: Standing,
    transition: Transition,
    comment: str,
    now: datetime,
) -> Order:
    """A step before the last: the order waits for the next one, or for those beside it."""
    deputy_for = _stands_in(actor, order, step.post)
    approval.decide(step=step, state=StepState.APPROVED, actor=actor, deputy_for=deputy_for, comment=comment, now=now)
    stage = opens_next(running, step)
    if stage is not None:
        approval.open_stage(order_id=order.pk, stage=stage, now=now)
    waits_for = [
        one for one in running if one.id != step.id and (one.stage == stage if stage else one.state == StepState.OPEN)
    ]
    return take_step(
        actor=actor,
        order=order,
        transition=transition,
        event="orders.step_approved",
        now=now,
        told={
            "reason": _said(comment, deputy_for),
            "step": step.name,
            "deputy_for": deputy_for or None,
            "taken_by": [*(one.decided_by_id for one in running if one.decided_by_id), actor.user_id],
            **told_of_steps(waits_for),
        },
    )


# -- send back, submit again -----------------------------------------------------------------------------------------
def send_back(*, actor: Actor, order_id: int, reason: str, now: datetime, version: int | None = None) -> Order:
    """Back to the clerk with a comment: they mend what they may and submit again. Raises as `approve`, InvalidInput."""
    return _refuse(actor, order_id, "send_back", "orders.sent_back", StepState.SENT_BACK, reason, now, version)


def reject(*, actor: Actor, order_id: int, reason: str, now: datetime, version: int | None = None) -> Order:
    """The approver turns the order down for good, with a reason. Raises InvalidInput without one; else as `approve`."""
    return _refuse(
        actor, order_id, "reject", "orders.rejected", StepState.REJECTED, reason, now, version, as_approver=True
    )


def _refuse(
    actor: Actor,
    order_id: int,
    action: str,
    event: str,
    state: StepState,
    reason: str,
    now: datetime,
    version: int | None,
    as_approver: bool = False,
) -> Order:
    with tenant_atomic(savepoint=False):
        order = _reached(actor, Order.objects.filter(pk=order_id).first(), order_id)
        running = _running(order, approval.standing_of(order_id))
        step, transition = _turn(actor, order, running, action=action, version=version)
        text = reason_given(reason)
        deputy_for = _stands_in(actor, order, step.post if step else Post.BUYER_APPROVER)
        changes: dict[str, Any] = {"approver_id": actor.user_id, "approver_name": actor.name} if as_approver else {}
        _note(actor, order, step, state, deputy_for, text, order.changed_at, now)
        if running:
            approval.end_round(order_id=order.pk)
        return take_step(actor=actor, order=order, transition=transition, event=event, now=now, reason=text, **changes)


def resubmit(
    *,
    actor: Actor,
    order_id: int,
    delivery_address: str,
    contact_name: str,
    contact_phone: str,
    note: str,
    choice_reason: str,
    now: datetime,
    version: int | None = None,
) -> Order:
    """The clerk mends where the goods go, to whom and why, and asks again; goods and money stay as they were.

    A new round of the flow begins, by what is in force now, and every rule is decided again. Raises NotYours,
    RuleRefused (kept), SupplierNotJoined; else as `approve`.
    """
    with refusal_kept(), tenant_atomic(savepoint=False):
        order, lines, claims, _standings = as_submitted(order_id)
        reached = _reached(actor, order, order_id)
        transition = permitted(actor=actor, order=reached, action="resubmit", version=version)
        if reached.clerk_id != actor.user_id:
            raise NotYours
        changes: dict[str, Any] = {
            "delivery_address": delivery_address,
            "contact_name": contact_name,
            "contact_phone": contact_phone,
            "note": note,
            "choice_reason": choice_reason,
        }
        for name, value in changes.items():
            setattr(reached, name, value)
        request = _request_of(reached, claims)
        found = looked_up(request, reached.fiscal_year)
        judgement = judged(request, lines, found, region=recent_rule_set, now=now, own=True)
        refusal = _refusal(actor, reached, judgement, Occasion.SUBMIT, now)
        require_allowed(judgement, refusal)
        # Also a plain flow's step gets its row now: how long it took can no longer be told by the order's columns.
        stages = Flow.from_json(found.flow).stages_for(reached.total_amount)
        begin_round(order=reached, stages=stages, round=approval.next_round(order_id), now=now)
        store_decisions(judgement_decisions=judgement.decisions, refusal=refusal)
        return take_step(
            actor=actor,
            order=reached,
            transition=transition,
            event="orders.resubmitted",
            now=now,
            reason="",
            told=told_of(stages),
            **changes,
        )


def withdraw(*, actor: Actor, order_id: int, now: datetime, version: int | None = None) -> Order:
    """The clerk takes an order back before it is approved. Raises NotYours; else as `approve`."""
    with tenant_atomic(savepoint=False):
        order = _reached(actor, Order.objects.filter(pk=order_id).first(), order_id)
        transition = permitted(actor=actor, order=order, action="withdraw", version=version)
        if order.clerk_id != actor.user_id:
            raise NotYours
        approval.end_round(order_id=order.pk)
        return take_step(actor=actor, order=order, transition=transition, event="orders.withdrawn", now=now)


# -- whose turn ------------------------------------------------------------------------------------------------------
def _reached(actor: Actor, order: Order | None, order_id: int) -> Order:
    if order is None or not reaches(actor=actor, order=order):
        raise NotFound(order_id=order_id)
    return order


def _running(order: Order, standings: Sequence[Standing]) -> Sequence[Standing]:
    """The steps of the round under way; none of a plain flow, or once the order is decided."""
    if order.state != OrderState.PENDING_APPROVAL or all(one.state != StepState.OPEN for one in standings):
        return ()
    return standings


def _turn(
    actor: Actor, order: Order, running: Sequence[Standing], *, action: str, version: int | None
) -> tuple[Standing | None, Transition]:
    """The actor's open step, None of a plain flow, and what it does. Clerks take no step of their own orders."""
    asked = "approve_step" if running and action == "approve" else action
    transition = permitted(actor=actor, order=order, action=asked, version=version)
    check_incompatible(
        pairs=FIXED_PAIRS, post=Post.BUYER_APPROVER, user_id=actor.user_id, acted={Post.BUYER_CLERK: order.clerk_id}
    )
    if not running:
        return None, transition
    step = approval.turn_of(running, actor=actor, unit_id=order.unit_id, organisation_id=order.organisation_id)
    return step, transition


def _stands_in(actor: Actor, order: Order, post: Post) -> str:
    return approval.deputised(
        actor=actor,
        post=post,
        unit_id=order.unit_id,
        organisation_id=order.organisation_id,
        clerk_id=order.clerk_id,
    )


def _note(
    actor: Actor,
    order: Order,
    step: Standing | None,
    state: StepState,
    deputy_for: str,
    comment: str,
    asked_at: datetime,
    now: datetime,
) -> None:
    """The decision as a fact of its own: the step's row, or one made for a plain flow's."""
    if step is not None:
        approval.decide(step=step, state=state, actor=actor, deputy_for=deputy_for, comment=comment, now=now)
        return
    approval.note_plain(
        of=asked_order(order),
        asked_at=asked_at,
        state=state,
        actor=actor,
        deputy_for=deputy_for,
        comment=comment,
        now=now,
    )


def _said(comment: str, deputy_for: str) -> str | None:
    """What the timeline tells beside who decided."""
    stead = gettext("In the stead of %(name)s.") % {"name": deputy_for} if deputy_for else ""
    return " ".join(part for part in (stead, comment) if part) or None


def _refusal(actor: Actor, order: Order, judgement: Judgement, occasion: Occasion, now: datetime) -> Refusal:
    return Refusal(
        occasion=occasion,
        order_id=order.pk,
        unit_id=order.unit_id,
        actor=actor,
        fingerprint=judgement.fingerprint,
        at=now,
    )


def _request_of(order: Order, claims: dict[int, Decimal]) -> PurchaseRequest:
    """The submitted order as a request, for the rules to look at once more."""
    return PurchaseRequest(
        module=order.module,
        unit_id=order.unit_id,
        supplier_id=order.supplier_id,
        mode=order.mode,
        funding=tuple(claims.items()),
        delivery_address=order.delivery_address,
        contact_name=order.contact_name,
        contact_phone=order.contact_phone,
        area_code=order.area_code,
        choice_reason=order.choice_reason,
        compared=tuple(int(offer["offer_id"]) for offer in order.compared),
        note=order.note,
        bargain_id=order.bargain_id,
    )
