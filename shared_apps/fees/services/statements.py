"""Statements: a month that is over is metered, priced, issued; once issued nothing of it changes any more."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connections
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.clock import local_date, month_bounds
from kernel.money import ZERO
from kernel.posts import Post
from kernel.problems import Conflict, NotFound, NotPermitted, WrongState
from shared_apps.fees.models import FeeStatement, StatementLine, StatementShare, UsageEvent
from shared_apps.fees.rules.composing import DraftLine, compose
from shared_apps.fees.rules.lifecycles import STATEMENT_LIFECYCLE
from shared_apps.fees.rules.parameters import Period, Periods
from shared_apps.fees.rules.seals import seal
from shared_apps.fees.rules.shares import share_out
from shared_apps.fees.rules.states import StatementState
from shared_apps.fees.selectors.budgets import cost_shares
from shared_apps.fees.selectors.closing import Unclosed, unclosed
from shared_apps.fees.selectors.composing import (
    PENDING_USES,
    charged_so_far,
    credits_due,
    months_known,
    pending_uses,
    sealed_form,
    uses_digests,
)
from shared_apps.fees.selectors.periods import periods
from shared_apps.fees.selectors.terms import in_force_in
from shared_apps.region_journal.services import record
from shared_apps.rulebook.selectors import calendar
from tenants.database.context import REGION_ALIAS, region_atomic
from tenants.journaling.consumers import REGION_ROOM
from tenants.journaling.models import RelayCursor
from tenants.registry.selectors import TenantName, tenant_names

SEVERAL_MAX = 500


_NAME_USES = f"""
INSERT INTO fees_statementuse (line_id, usage_id, turn)
SELECT l.id, p.id, coalesce(p.turn + 1, 0)
  FROM ({PENDING_USES}) p
  JOIN fees_statementline l ON l.statement_id = %(statement)s AND l.item = p.meter AND l.for_month = p.month
   AND (l.kind = 'use' OR (l.kind = 'correction' AND l.corrects = 'use'))
"""  # noqa: S608  # our own text


class MonthNotOver(Conflict):
    code = "month-not-over"
    title = _("The month is not over: its uses are still being counted")


class RelayBehind(Conflict):
    """Not everything that was written in the month has been counted."""

    code = "relay-behind"
    title = _("Not every journal row of the month has been counted yet")


class EarlierMonthOpen(Conflict):
    code = "earlier-month-open"
    title = _("An earlier month of this mall is not priced yet")


class UsesChanged(Conflict):
    """Counted and named differ: nothing is stored."""

    code = "uses-changed"
    title = _("The uses changed while the statement was priced; try again")


@dataclass(frozen=True, slots=True)
class Closed:
    """What closing a month did: numbers of statements, and malls that wait with the reason (a problem's code)."""

    metered: tuple[str, ...]
    priced: tuple[str, ...]
    waiting: tuple[tuple[str, str], ...]


def close_month(*, actor: Actor, month: date, now: datetime, codes: Collection[str] | None = None) -> Closed:
    """Meters and prices a month that is over, of one mall or of all; what waits for its relay stays open.

    A transaction a mall and step; running it again, or twice at once, makes nothing twice. Raises NotPermitted,
    MonthNotOver.
    """
    metered, waiting = meter_month(actor=actor, month=month, now=now, codes=codes)
    left = FeeStatement.objects.filter(month=month, state=StatementState.METERED)
    if codes is not None:
        left = left.filter(tenant_code__in=codes)
    priced, behind = [], list(waiting)
    for pk, code in left.order_by("tenant_code").values_list("pk", "tenant_code"):
        try:
            priced.append(price_statement(actor=actor, statement_id=pk, now=now).number)
        except EarlierMonthOpen as error:
            behind.append((code, error.code))
        except WrongState:
            # Another run has priced it meanwhile.
            continue
    return Closed(tuple(metered), tuple(priced), tuple(behind))


def meter_month(
    *, actor: Actor, month: date, now: datetime, codes: Collection[str] | None = None
) -> tuple[list[str], list[tuple[str, str]]]:
    """Freezes a month: which uses its statement may name. Returns the numbers made, and malls that wait with why.

    Raises NotPermitted, MonthNotOver.
    """
    _require(actor)
    if now < month_bounds(month.year, month.month)[1]:
        raise MonthNotOver(month=month)
    made, waiting = [], []
    found = unclosed(month=month, codes=codes)
    names = tenant_names(codes=[one.tenant_code for one in found])
    for one in found:
        if one.reason:
            waiting.append((one.tenant_code, one.reason))
        elif number := _meter(actor=actor, one=one, tenant=names[one.tenant_code], month=month, now=now):
            made.append(number)
    return made, waiting


def _meter(*, actor: Actor, one: Unclosed, tenant: TenantName, month: date, now: datetime) -> str:
    """The number of the statement, or nothing when another run has made it meanwhile."""
    with region_atomic():
        lock_relay(one.tenant_code)
        if FeeStatement.objects.filter(tenant_code=one.tenant_code, month__gte=month).exists():
            return ""
        last = UsageEvent.objects.filter(tenant_code=one.tenant_code).aggregate(last=Max("id"))["last"]
        row = FeeStatement.objects.create(
            number=f"FY{one.tenant_code}{month:%Y%m}",
            tenant_code=one.tenant_code,
            tenant_name=tenant.name,
            level=tenant.level,
            month=month,
            state=STATEMENT_LIFECYCLE.next(StatementState.OPEN, "meter").target,
            upto_use=last or 0,
            metered_at=now,
        )
        tell(actor, "fees.statement_metered", row, now, upto_use=row.upto_use)
    return row.number


def lock_relay(code: str) -> None:
    """Keeps relays and restores of the mall away until the transaction ends, so that its uses stand still.

    Its uses are written by two relays, its own journal's and the region's; the order is everybody's.
    """
    for room in (code, REGION_ROOM):
        list(RelayCursor.objects.select_for_update().filter(room=room))


def price_statement(*, actor: Actor, statement_id: int, now: datetime) -> FeeStatement:
    """Prices what was metered: lines, corrections of earlier months, credits, and the uses that each line names.

    Uses are named by one statement of the database, however many. Raises NotPermitted, NotFound, WrongState and
    EarlierMonthOpen.
    """
    _require(actor)
    with region_atomic():
        row = locked(statement_id)
        target = STATEMENT_LIFECYCLE.next(row.state, "price").target
        before = FeeStatement.objects.filter(tenant_code=row.tenant_code, month__lt=row.month)
        if before.filter(state=StatementState.METERED).exists():
            raise EarlierMonthOpen(number=row.number)
        lock_relay(row.tenant_code)
        code, month = row.tenant_code, row.month
        named = pending_uses(tenant_code=code, month=month, upto=row.upto_use)
        first = min((of for _meter_code, of in named), default=month)
        lines = compose(
            month=month,
            months=months_known(tenant_code=code, level=row.level, first=first, last=month, upto=row.upto_use),
            named=named,
            charged=charged_so_far(tenant_code=code, first=first, before=month),
            credits_due=credits_due(tenant_code=code),
        )
        _store(row, lines)
        if _name_uses(row) != sum(named.values()):
            raise UsesChanged(number=row.number)
        row.state, row.priced_at = target, now
        row.total = sum((line.amount for line in lines), start=ZERO)
        row.tariff_id = in_force_in([month])[month]
        row.save(update_fields=["state", "priced_at", "total", "tariff"])
        tell(actor, "fees.statement_priced", row, now, total=row.total, lines=len(lines), uses=sum(named.values()))
    return row


def _store(row: FeeStatement, lines: Iterable[DraftLine]) -> None:
    StatementLine.objects.bulk_create(
        StatementLine(
            statement=row,
            position=position,
            kind=line.kind,
            item=line.item,
            corrects=line.corrects,
            for_month=line.for_month,
            quantity=line.quantity,
            opening=line.opening,
            free=line.free,
            billable=line.billable,
            amount=line.amount,
            event_count=line.event_count,
            dispute_id=line.dispute_id,
        )
        for position, line in enumerate(lines, start=1)
    )


def _name_uses(row: FeeStatement) -> int:
    """Binds every pending use to the line of its meter and month, as its next turn; returns how many."""
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(
            _NAME_USES,
            {"code": row.tenant_code, "month": row.month, "upto": row.upto_use, "statement": row.pk},
        )
        return int(cursor.rowcount)


def issue_statements(*, actor: Actor, statement_ids: Sequence[int], now: datetime) -> list[FeeStatement]:
    """Seals and sends statements to their bureaus, all or none of them.

    Raises NotPermitted, NotFound, WrongState, and CalendarYearMissing when the period to dispute reaches into a year
    without a calendar.
    """
    if not actor.has(Post.REGION_SUPERVISOR):
        raise NotPermitted
    chosen = periods(on=local_date(now))
    with region_atomic():
        return [_issue(actor, pk, chosen, now) for pk in sorted(set(statement_ids))[:SEVERAL_MAX]]


def _issue(actor: Actor, statement_id: int, chosen: Periods, now: datetime) -> FeeStatement:
    row = locked(statement_id)
    target = STATEMENT_LIFECYCLE.next(row.state, "issue").target
    if row.total is None:
        raise ValueError(f"statement {row.number} is priced without a total")
    parts = cost_shares(tenant_code=row.tenant_code, month=row.month)
    amounts = share_out(row.total, parts)
    StatementShare.objects.bulk_create(
        StatementShare(
            statement=row,
            payer_code=part.payer_code,
            payer_name=part.payer_name,
            percent=part.percent,
            amount=amount,
        )
        for part, amount in zip(parts, amounts, strict=True)
    )
    today = local_date(now)
    row.issued_at, row.issued_by, row.issued_by_name = now, actor.user_id, actor.name
    row.dispute_until = calendar().add_working_days(today, chosen[Period.DISPUTE_WORKING_DAYS])
    row.pay_by = today + timedelta(days=chosen[Period.PAYMENT_DAYS])
    lines = list(row.lines.order_by("position"))
    row.seal = seal(sealed_form(row, lines=lines, uses=uses_digests(statement_id=row.pk)))
    row.state = target
    row.save(
        update_fields=["state", "issued_at", "issued_by", "issued_by_name", "dispute_until", "pay_by", "seal"]
    )  # fmt: skip
    tell(
        actor, "fees.statement_issued", row, now,
        total=row.total, seal=row.seal, dispute_until=row.dispute_until, pay_by=row.pay_by,
    )  # fmt: skip
    return row


def locked(statement_id: int) -> FeeStatement:
    """The statement, locked. Raises NotFound."""
    row = FeeStatement.objects.select_for_update().filter(pk=statement_id).first()
    if row is None:
        raise NotFound
    return row


def tell(actor: Actor, event: str, row: FeeStatement, now: datetime, **facts: object) -> None:
    record(
        actor=actor,
        event=event,
        object_type="fee_statement",
        object_id=row.number,
        facts={"number": row.number, "tenant": row.tenant_code, "month": row.month, **facts},
        now=now,
    )


def _require(actor: Actor) -> None:
    if not actor.is_system and not actor.has(Post.REGION_SUPERVISOR):
        raise NotPermitted
