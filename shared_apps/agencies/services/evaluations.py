"""Evaluations of agencies, and what the agency says to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.clock import local_date
from kernel.problems import Conflict, NotFound, NotPermitted
from shared_apps.agencies.models import Agreement, Evaluation
from shared_apps.agencies.permissions import MANAGERS, REGION, own_organisations, require
from shared_apps.agencies.rules.evaluations import EVALUATION, EvaluationState
from shared_apps.agencies.selectors.agreements import evaluator_of, visible
from shared_apps.region_journal.services import record
from tenants.database.context import region_atomic


class EvaluationClosed(Conflict):
    """Evaluations are given in the five working days after the work; before and after none is taken."""

    code = "evaluation-closed"
    title = _("Evaluations of this agreement are not taken now")


class AlreadyEvaluated(Conflict):
    code = "already-evaluated"
    title = _("This party has evaluated the agency under this agreement already")


class AlreadyAnswered(Conflict):
    code = "already-answered"
    title = _("The agency has answered this evaluation already")


def _tell(actor: Actor, event: str, evaluation: Evaluation, now: datetime) -> None:
    record(
        actor=actor,
        event=event,
        object_type="agency_evaluation",
        object_id=evaluation.pk,
        facts={
            "agreement": evaluation.agreement.number,
            "agreement_id": evaluation.agreement_id,
            "agency_id": evaluation.agency_id,
            "agency_name": evaluation.agreement.agency.name,
            "tenant_code": evaluation.agreement.tenant_code,
            "role": str(evaluation.role),
            "organisation_id": evaluation.organisation_id,
            "score": evaluation.score,
            "state": str(evaluation.state),
        },
        now=now,
    )


def evaluate(*, actor: Actor, agreement_id: int, score: int, comment: str, now: datetime) -> Evaluation:
    """The purchaser's or a participating supplier's judgement, once, within five working days of the end of the work.

    Raises NotFound, NotPermitted, EvaluationClosed, AlreadyEvaluated.
    """
    try:
        with region_atomic():
            agreement = visible(actor=actor).select_for_update(of=("self",)).filter(pk=agreement_id).first()
            if agreement is None:
                raise NotFound(agreement=agreement_id)
            party = evaluator_of(actor=actor, agreement=agreement)
            if party is None:
                raise NotPermitted(action="evaluate")
            _require_open(agreement, now)
            evaluation = Evaluation.objects.create(
                agreement=agreement, agency_id=agreement.agency_id, role=party.role,
                organisation_id=party.organisation_id, organisation_name=party.name, score=score, comment=comment,
                given_by_id=actor.user_id, given_at=now, state=EVALUATION.initial,
            )  # fmt: skip
            _tell(actor, "agencies.evaluated", evaluation, now)
    except IntegrityError as error:
        if "agency_evaluation_once" in str(error):
            raise AlreadyEvaluated(agreement=agreement_id) from error
        raise
    return evaluation


def _require_open(agreement: Agreement, now: datetime) -> None:
    due_on = agreement.evaluation_due_on
    if due_on is None or local_date(now) > due_on:
        raise EvaluationClosed(due_on=due_on)


def _own(actor: Actor, evaluation_id: int) -> Evaluation:
    """An evaluation of the actor's agency, locked. Raises NotFound."""
    evaluation = (
        Evaluation.objects.select_for_update(of=("self",))
        .select_related("agreement__agency")
        .filter(pk=evaluation_id, agency__organisation_id__in=own_organisations(actor, MANAGERS))
        .first()
    )
    if evaluation is None:
        raise NotFound(evaluation=evaluation_id)
    return evaluation


def answer_evaluation(*, actor: Actor, evaluation_id: int, answer: str, now: datetime) -> Evaluation:
    """The agency's words to it, once. Raises NotFound, AlreadyAnswered."""
    with region_atomic():
        evaluation = _own(actor, evaluation_id)
        if evaluation.answered_at is not None:
            raise AlreadyAnswered(evaluation=evaluation_id)
        evaluation.answer, evaluation.answered_at = answer, now
        evaluation.save(update_fields=["answer", "answered_at"])
        _tell(actor, "agencies.evaluation_answered", evaluation, now)
    return evaluation


def appeal_evaluation(*, actor: Actor, evaluation_id: int, reason: str, now: datetime) -> Evaluation:
    """Asks the region to set it aside. It counts until that is decided. Raises NotFound, WrongState."""
    with region_atomic():
        evaluation = _own(actor, evaluation_id)
        evaluation.state = EVALUATION.next(evaluation.state, "appeal").target
        evaluation.appeal_reason, evaluation.appealed_at = reason, now
        evaluation.save(update_fields=["state", "appeal_reason", "appealed_at"])
        _tell(actor, "agencies.evaluation_appealed", evaluation, now)
    return evaluation


def decide_appeal(*, actor: Actor, evaluation_id: int, keep: bool, reason: str, now: datetime) -> Evaluation:
    """Keeps the evaluation or sets it aside; averages follow at once. Raises NotFound, WrongState, NotPermitted."""
    require(actor, REGION)
    with region_atomic():
        evaluation: Any = (
            Evaluation.objects.select_for_update(of=("self",))
            .select_related("agreement__agency")
            .filter(pk=evaluation_id)
            .first()
        )
        if evaluation is None:
            raise NotFound(evaluation=evaluation_id)
        move = EVALUATION.next(evaluation.state, "keep" if keep else "set_aside")
        evaluation.state = EvaluationState(move.target)
        evaluation.decision_reason, evaluation.decided_at, evaluation.decided_by_name = reason, now, actor.name
        evaluation.save(update_fields=["state", "decision_reason", "decided_at", "decided_by_name"])
        _tell(actor, "agencies.evaluation_appeal_decided", evaluation, now)
    found: Evaluation = evaluation
    return found
