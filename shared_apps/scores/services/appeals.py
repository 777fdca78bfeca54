"""Appeals of suppliers against counted orders, and the region's decisions on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.clock import local_date
from kernel.problems import Conflict, NotFound, NotPermitted
from shared_apps.region_files.services import store_file
from shared_apps.region_journal.services import record
from shared_apps.scores.files import APPEAL
from shared_apps.scores.formulas import formula_on
from shared_apps.scores.models import OrderOutcome, ScoreAppeal
from shared_apps.scores.reach import own_supplier_ids, own_suppliers
from shared_apps.scores.rules import APPEAL_LIFECYCLE, DECIDERS, AppealState, Outcome, appeal_until
from shared_apps.scores.services.computing import recompute
from tenants.database.context import region_atomic


class NothingToAppeal(Conflict):
    code = "nothing-to-appeal"
    title = _("Nothing of this order lowers the score")


class AppealExists(Conflict):
    code = "appeal-exists"
    title = _("There is an appeal against this order already")


class AppealTooLate(Conflict):
    code = "appeal-too-late"
    title = _("The time to appeal against this order is over")


@dataclass(frozen=True, slots=True)
class Paper:
    """A document as a person sends it."""

    name: str
    content: bytes


def outcome_of(row: OrderOutcome) -> Outcome:
    return Outcome(row.accepted_at, row.declined_at, row.expired_at, row.received_at, row.refused_at)


def file_appeal(
    *, actor: Actor, outcome_id: int, reason: str, now: datetime, paper: Paper | None = None
) -> ScoreAppeal:
    """A supplier asks that one of its orders be left out. The order counts until the region has decided.

    Raises NotFound for another supplier's order, NothingToAppeal, AppealTooLate and AppealExists.
    """
    own = {supplier.id: supplier for supplier in own_suppliers(actor)}
    order = OrderOutcome.objects.filter(pk=outcome_id, supplier_id__in=own).first()
    if order is None:
        raise NotFound(order=outcome_id)
    formula = formula_on(day=local_date(now))
    until = appeal_until(outcome=outcome_of(order), formula=formula)
    if until is None:
        raise NothingToAppeal(order_number=order.order_number)
    if local_date(now) > until:
        raise AppealTooLate(order_number=order.order_number, until=until)
    try:
        with region_atomic():
            appeal = ScoreAppeal.objects.create(
                supplier_id=order.supplier_id,
                tenant_code=order.tenant_code,
                order_id=order.order_id,
                order_number=order.order_number,
                supplier_name=own[order.supplier_id].name,
                reason=reason,
                state=AppealState.FILED,
                filed_by_name=actor.name,
                filed_at=now,
                due_on=local_date(now) + timedelta(days=formula.decide_days),
            )
            if paper is not None:
                kept = store_file(
                    actor=actor,
                    name=paper.name,
                    content=paper.content,
                    purpose=APPEAL.name,
                    organisation_id=own[order.supplier_id].organisation_id,
                    now=now,
                )
                appeal.file, appeal.file_name = kept.key, kept.name
                appeal.save(update_fields=["file", "file_name"])
            _record(actor, "scores.appeal_filed", appeal, now, due_on=appeal.due_on, file=appeal.file)
    except IntegrityError as error:
        raise AppealExists(order_number=order.order_number) from error
    return appeal


def decide_appeal(*, actor: Actor, appeal_id: int, action: str, reason: str, now: datetime) -> ScoreAppeal:
    """The region accepts an appeal, and the order is left out of the score at once, or dismisses it.

    Raises NotPermitted, NotFound and WrongState.
    """
    if not actor.posts & DECIDERS:
        raise NotPermitted(action=action)
    with region_atomic():
        appeal = ScoreAppeal.objects.select_for_update().filter(pk=appeal_id).first()
        if appeal is None:
            raise NotFound(appeal=appeal_id)
        move = APPEAL_LIFECYCLE.next(appeal.state, action)
        appeal.state, appeal.decided_at = move.target, now
        appeal.decided_by_name, appeal.decision_reason = actor.name, reason
        appeal.save(update_fields=["state", "decided_at", "decided_by_name", "decision_reason"])
        _record(actor, "scores.appeal_decided", appeal, now, reason=reason)
        if appeal.state == AppealState.ACCEPTED:
            recompute(now=now, supplier_ids=[appeal.supplier_id])
    return appeal


def withdraw_appeal(*, actor: Actor, appeal_id: int, now: datetime) -> ScoreAppeal:
    """The supplier takes its appeal back; it may file another one in time. Raises NotFound and WrongState."""
    with region_atomic():
        appeal = (
            ScoreAppeal.objects.select_for_update()
            .filter(pk=appeal_id, supplier_id__in=own_supplier_ids(actor))
            .first()
        )
        if appeal is None:
            raise NotFound(appeal=appeal_id)
        appeal.state = APPEAL_LIFECYCLE.next(appeal.state, "withdraw").target
        appeal.save(update_fields=["state"])
        _record(actor, "scores.appeal_withdrawn", appeal, now)
    return appeal


def _record(actor: Actor, event: str, appeal: ScoreAppeal, now: datetime, **more: object) -> None:
    facts = {
        "supplier_id": appeal.supplier_id,
        "supplier_name": appeal.supplier_name,
        "tenant_code": appeal.tenant_code,
        "order_id": appeal.order_id,
        "order_number": appeal.order_number,
        "state": str(appeal.state),
        **more,
    }
    record(actor=actor, event=event, object_type="score_appeal", object_id=appeal.pk, facts=facts, now=now)
