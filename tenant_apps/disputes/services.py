"""Opening, stating, mediating and ending a dispute. One transaction and one journal row of its own a step.

Lock order: the order, then its dispute. The order's own step is `orders.services.disputing`, in the same transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.problems import Conflict, InvalidInput, NotPermitted
from shared_apps.rulebook.selectors import calendar
from tenant_apps.disputes import selectors
from tenant_apps.disputes.events import dispute_facts
from tenant_apps.disputes.models import Dispute, DisputeStatement
from tenant_apps.disputes.rules import DISPUTE_LIFECYCLE, MEDIATION_DEADLINE, STATEMENT_DEADLINE, DisputeState, Side
from tenant_apps.files.services import store_file
from tenant_apps.journal.services import record
from tenant_apps.orders.rules import due_at
from tenant_apps.orders.services import disputing
from tenant_apps.orders.services.holding import person_id
from tenants.database.context import tenant_atomic


class DisputeChanged(Conflict):
    """Somebody else took a step in the meantime."""

    code = "dispute-changed"
    title = _("The dispute has changed in the meantime")


class NotTheOpener(NotPermitted):
    """Only the side that opened a dispute takes it back."""

    code = "not-the-opener"
    title = _("Only the side that opened the dispute can withdraw it")


@dataclass(frozen=True, slots=True)
class Paper:
    """A file as it was sent along."""

    name: str
    content: bytes


def open_dispute(
    *, actor: Actor, order_id: int, text: str, now: datetime, paper: Paper | None = None, version: int | None = None
) -> Dispute:
    """Buyer or supplier stops the order and says why; the central purchasing body is to mediate.

    Raises InvalidInput without a reason, WrongState where the table has no dispute, FileRefused.
    """
    said = _said(text)
    with tenant_atomic(savepoint=False):
        mediation_due = due_at(deadline=MEDIATION_DEADLINE, entered_at=now, calendar=calendar())
        stopped = disputing.stop(
            actor=actor, order_id=order_id, reason=said[:300], due_at=mediation_due, now=now, version=version
        )
        dispute = Dispute.objects.create(
            order_id=stopped.order_id,
            order_number=stopped.number,
            unit_id=stopped.unit_id,
            unit_name=stopped.unit_name,
            organisation_id=stopped.organisation_id,
            supplier_name=stopped.supplier_name,
            supplier_organisation_id=stopped.supplier_organisation_id,
            stopped_in=stopped.stopped_in,
            opened_by=stopped.party,
            opened_by_name=actor.name,
            opened_at=now,
            state=DISPUTE_LIFECYCLE.initial,
            statement_due_at=due_at(deadline=STATEMENT_DEADLINE, entered_at=now, calendar=calendar()),
            mediation_due_at=mediation_due,
        )
        sm3 = _put_on_record(actor, dispute, Side(stopped.party), said, paper, now)
        _tell(actor, dispute, "disputes.opened", now, sm3)
    return dispute


def state(*, actor: Actor, dispute_id: int, text: str, now: datetime, paper: Paper | None = None) -> Dispute:
    """One side, or the mediator, puts something on record. Raises NotPermitted for readers; WrongState once over."""
    said = _said(text)
    with tenant_atomic(savepoint=False):
        dispute, side = _held(actor, dispute_id, "state")
        sm3 = _put_on_record(actor, dispute, side, said, paper, now)
        _tell(actor, dispute, "disputes.stated", now, sm3)
    return dispute


def take_up(*, actor: Actor, dispute_id: int, now: datetime) -> Dispute:
    """The central purchasing body begins to mediate."""
    with tenant_atomic(savepoint=False):
        dispute, side = _held(actor, dispute_id, "take_up")
        _only(side, Side.MEDIATOR)
        _move(dispute, "take_up", mediator_id=person_id(actor), mediator_name=actor.name)
        _tell(actor, dispute, "disputes.taken_up", now, None)
    return dispute


def decide(*, actor: Actor, dispute_id: int, outcome: str, conclusion: str, now: datetime) -> Dispute:
    """The mediator says where the order goes on, or that it ends; the budget follows. See orders.dispute_rules.

    Raises OutcomeNotPossible for what the order's state does not allow, InvalidInput without grounds.
    """
    if not conclusion.strip():
        raise InvalidInput(errors={"conclusion": [str(_("Give the reason."))]})
    with tenant_atomic(savepoint=False):
        dispute, side = _held(actor, dispute_id, "decide")
        _only(side, Side.MEDIATOR)
        disputing.settle(
            actor=actor, order_id=dispute.order_id, action=outcome, reason=conclusion.strip()[:300], now=now
        )
        _move(
            dispute,
            "decide",
            outcome=outcome,
            conclusion=conclusion.strip(),
            settled_at=now,
            mediator_id=person_id(actor),
            mediator_name=actor.name,
        )
        _tell(actor, dispute, "disputes.decided", now, None)
    return dispute


def withdraw(*, actor: Actor, dispute_id: int, now: datetime) -> Dispute:
    """The side that opened it takes it back: the order goes on where it stopped. Raises NotTheOpener."""
    with tenant_atomic(savepoint=False):
        dispute, side = _held(actor, dispute_id, "withdraw")
        if side != dispute.opened_by:
            raise NotTheOpener
        disputing.go_on(actor=actor, order_id=dispute.order_id, now=now)
        _move(dispute, "withdraw", settled_at=now)
        _tell(actor, dispute, "disputes.withdrawn", now, None)
    return dispute


def outcomes_of(dispute: Dispute) -> tuple[str, ...]:
    """What the mediator may decide."""
    return disputing.outcomes(dispute.stopped_in) if dispute.state == DisputeState.MEDIATING else ()


def _held(actor: Actor, dispute_id: int, action: str) -> tuple[Dispute, Side]:
    """The dispute with its order locked before it. Raises NotFound, NotPermitted, WrongState."""
    found = selectors.dispute_for(actor=actor, dispute_id=dispute_id)
    side = selectors.side_of(actor=actor, dispute=found)
    if side is None:
        raise NotPermitted(action=action)
    DISPUTE_LIFECYCLE.next(found.state, action)
    disputing.lock_order(order_id=found.order_id)
    dispute = Dispute.objects.select_for_update(no_key=True).get(pk=dispute_id)
    DISPUTE_LIFECYCLE.next(dispute.state, action)
    return dispute, side


def _only(side: Side, wanted: Side) -> None:
    if side != wanted:
        raise NotPermitted


def _said(text: str) -> str:
    said = text.strip()
    if not said:
        raise InvalidInput(errors={"text": [str(_("Say what it is about."))]})
    return said


def _put_on_record(
    actor: Actor, dispute: Dispute, side: Side, text: str, paper: Paper | None, now: datetime
) -> str | None:
    """One row; gives the paper's digest for the journal."""
    file = None
    if paper is not None:
        file = store_file(actor=actor, name=paper.name, content=paper.content, purpose="disputes.paper", now=now)
    DisputeStatement.objects.create(
        dispute=dispute,
        side=side,
        text=text,
        paper_key=file.key if file else "",
        paper_name=file.name if file else "",
        stated_by_id=person_id(actor),
        stated_by_name=actor.name,
        stated_at=now,
    )
    return file.sm3 if file else None


def _move(dispute: Dispute, action: str, **changes: object) -> None:
    step = DISPUTE_LIFECYCLE.next(dispute.state, action)
    moved = Dispute.objects.filter(pk=dispute.pk, state=dispute.state, version=dispute.version).update(
        state=step.target, version=F("version") + 1, **changes
    )
    if moved != 1:
        raise DisputeChanged(dispute_id=dispute.pk)
    dispute.state = step.target
    for name, value in changes.items():
        setattr(dispute, name, value)


def _tell(actor: Actor, dispute: Dispute, event: str, now: datetime, paper_sm3: str | None) -> None:
    record(
        actor=actor,
        event=event,
        object_type="dispute",
        object_id=dispute.pk,
        facts=dispute_facts(dispute, paper_sm3=paper_sm3),
        now=now,
    )
