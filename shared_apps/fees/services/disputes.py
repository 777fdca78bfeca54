"""A bureau objects to a line, down to the events; the region answers; the bureau withdraws or confirms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.actor import Actor
from kernel.clock import local_date
from kernel.money import ZERO
from kernel.posts import Post
from kernel.problems import Conflict, InvalidInput, NotFound, NotPermitted
from shared_apps.fees.models import FeeDispute, FeeStatement, StatementLine, StatementUse
from shared_apps.fees.rules.lifecycles import DISPUTE_LIFECYCLE, STATEMENT_LIFECYCLE
from shared_apps.fees.rules.parameters import Period
from shared_apps.fees.rules.states import DisputeState, StatementState
from shared_apps.fees.selectors.periods import periods
from shared_apps.fees.selectors.reach import readable_codes
from shared_apps.fees.services.settling import settle_if_covered
from shared_apps.fees.services.statements import locked, tell
from shared_apps.region_journal.services import record
from shared_apps.rulebook.selectors import calendar
from tenants.database.context import region_atomic

USES_MAX = 1000


class DisputeTooLate(Conflict):
    code = "dispute-too-late"
    title = gettext_lazy("The period to dispute this statement is over")


class DisputeOpen(Conflict):
    code = "dispute-open"
    title = gettext_lazy("A dispute of this statement is not answered yet")


class LineDisputed(Conflict):
    code = "line-disputed"
    title = gettext_lazy("This line is disputed already")


class NothingToCredit(Conflict):
    code = "nothing-to-credit"
    title = gettext_lazy("The credit is more than the line has left")


def file_dispute(
    *, actor: Actor, statement_id: int, position: int, uses: Sequence[int], reason: str, now: datetime
) -> FeeDispute:
    """The bureau objects to a line, or to some of the uses it names, within the period; once at a time a line.

    Raises NotPermitted, NotFound, WrongState, DisputeTooLate, LineDisputed, InvalidInput, and CalendarYearMissing.
    """
    _require_bureau(actor)
    with region_atomic():
        row = _own(actor, statement_id)
        target = STATEMENT_LIFECYCLE.next(row.state, "dispute").target
        if row.dispute_until is None or local_date(now) > row.dispute_until:
            raise DisputeTooLate(dispute_until=row.dispute_until)
        line = row.lines.filter(position=position).first()
        if line is None:
            raise NotFound(line=position)
        if line.disputes.filter(state=DisputeState.FILED).exists():
            raise LineDisputed(line=position)
        wanted = sorted(set(uses))
        if wanted and StatementUse.objects.filter(line=line, usage_id__in=wanted).count() != len(wanted):
            raise InvalidInput(errors={"uses": [_("The line does not name all of these events.")]})
        due = calendar().add_working_days(local_date(now), periods(on=local_date(now))[Period.ANSWER_WORKING_DAYS])
        dispute = FeeDispute.objects.create(
            statement=row,
            line=line,
            state=DISPUTE_LIFECYCLE.initial,
            reason=reason,
            uses=wanted,
            filed_by=actor.user_id,
            filed_by_name=actor.name,
            filed_at=now,
            answer_due_on=due,
        )
        row.state = target
        row.save(update_fields=["state"])
        _tell(actor, "fees.dispute_filed", dispute, now, reason=reason, uses=wanted, answer_due_on=due)
    return dispute


def answer_dispute(
    *, actor: Actor, dispute_id: int, uphold: bool, answer: str, credit: Decimal | None = None, now: datetime
) -> FeeDispute:
    """Region staff refuse with a reason, or uphold with a credit that the next statement takes off.

    A line is never credited more than it charged. Raises NotPermitted, NotFound, WrongState, InvalidInput and
    NothingToCredit.
    """
    if not actor.has(Post.REGION_SUPERVISOR):
        raise NotPermitted
    with region_atomic():
        dispute, row = _with_statement(dispute_id)
        target = DISPUTE_LIFECYCLE.next(dispute.state, "uphold" if uphold else "refuse").target
        STATEMENT_LIFECYCLE.next(row.state, "answer")
        if uphold and not credit:
            raise InvalidInput(errors={"credit": [_("Say how many yuan are credited.")]})
        if not uphold and credit:
            raise InvalidInput(errors={"credit": [_("A refused dispute brings no credit.")]})
        if uphold and credit is not None and credit > (left := credit_left(dispute.line)):
            raise NothingToCredit(left=left, wanted=credit)
        dispute.state, dispute.answer, dispute.credit = target, answer, credit if uphold else None
        _answered(dispute, actor, now)
        _tell(
            actor, "fees.dispute_answered", dispute, now,
            answer=answer, credit=dispute.credit, open=_open_count(row),
        )  # fmt: skip
    return dispute


def withdraw_dispute(*, actor: Actor, dispute_id: int, now: datetime) -> FeeDispute:
    """The bureau takes its objection back. Raises NotPermitted, NotFound and WrongState."""
    _require_bureau(actor)
    with region_atomic():
        dispute, row = _with_statement(dispute_id)
        _reached(actor, row)
        dispute.state = DISPUTE_LIFECYCLE.next(dispute.state, "withdraw").target
        STATEMENT_LIFECYCLE.next(row.state, "withdraw")
        _answered(dispute, actor, now)
        _tell(actor, "fees.dispute_withdrawn", dispute, now, open=_open_count(row))
    return dispute


def confirm_statement(*, actor: Actor, statement_id: int, now: datetime) -> FeeStatement:
    """The bureau owes what the statement says. A statement that is paid already is settled by it.

    Raises NotPermitted, NotFound, WrongState and DisputeOpen.
    """
    _require_bureau(actor)
    with region_atomic():
        row = _own(actor, statement_id)
        target = STATEMENT_LIFECYCLE.next(row.state, "confirm").target
        if _open_count(row):
            raise DisputeOpen(number=row.number)
        row.state, row.confirmed_at = target, now
        row.confirmed_by, row.confirmed_by_name = actor.user_id, actor.name
        row.save(update_fields=["state", "confirmed_at", "confirmed_by", "confirmed_by_name"])
        tell(actor, "fees.statement_confirmed", row, now, total=row.total)
        settle_if_covered(row=row, actor=actor, now=now)
    return row


def credit_left(line: StatementLine) -> Decimal:
    """What may still be credited of a line: its amount less the credits given; nothing of a line below zero."""
    given = line.disputes.filter(state=DisputeState.UPHELD).aggregate(sum=Sum("credit"))["sum"] or ZERO
    return max(line.amount - given, ZERO)


def _open_count(row: FeeStatement) -> int:
    return FeeDispute.objects.filter(statement=row, state=DisputeState.FILED).count()


def _answered(dispute: FeeDispute, actor: Actor, now: datetime) -> None:
    dispute.answered_by, dispute.answered_by_name, dispute.answered_at = actor.user_id, actor.name, now
    dispute.save(update_fields=["state", "answer", "credit", "answered_by", "answered_by_name", "answered_at"])


def _with_statement(dispute_id: int) -> tuple[FeeDispute, FeeStatement]:
    """The dispute and its statement, which is locked first: everybody's order. Raises NotFound."""
    found = FeeDispute.objects.filter(pk=dispute_id).values_list("statement_id", flat=True).first()
    if found is None:
        raise NotFound(dispute=dispute_id)
    row = locked(found)
    return FeeDispute.objects.select_for_update(of=("self",)).select_related("line").get(pk=dispute_id), row


def _own(actor: Actor, statement_id: int) -> FeeStatement:
    row = locked(statement_id)
    _reached(actor, row)
    return row


def _reached(actor: Actor, row: FeeStatement) -> None:
    """What is not issued does not exist for a bureau, nor does another mall's. Raises NotFound."""
    codes = readable_codes(actor=actor)
    if (codes is not None and row.tenant_code not in codes) or row.state in (
        StatementState.METERED,
        StatementState.PRICED,
    ):
        raise NotFound


def _require_bureau(actor: Actor) -> None:
    if not actor.has(Post.TIER_SUPERVISOR):
        raise NotPermitted


def _tell(actor: Actor, event: str, dispute: FeeDispute, now: datetime, **facts: object) -> None:
    statement, line = dispute.statement, dispute.line
    record(
        actor=actor,
        event=event,
        object_type="fee_dispute",
        object_id=dispute.pk,
        facts={
            "number": statement.number,
            "tenant": statement.tenant_code,
            "month": statement.month,
            "position": line.position,
            "item": line.item,
            "state": dispute.state,
            **facts,
        },
        now=now,
    )
