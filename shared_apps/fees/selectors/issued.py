"""Stored statements: the list, one with its lines, shares, disputes and history, the uses of a line, the collection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Prefetch, Q, QuerySet, Sum

from kernel.actor import Actor
from kernel.money import ZERO
from kernel.posts import Post
from kernel.problems import NotFound
from shared_apps.fees.models import (
    FeeDispute,
    FeeReceipt,
    FeeStatement,
    StatementLine,
    StatementShare,
    StatementUse,
)
from shared_apps.fees.rules.lifecycles import PAYABLE, SEALED, STATEMENT_LIFECYCLE
from shared_apps.fees.rules.states import DisputeState, StatementState
from shared_apps.fees.selectors.reach import SEES_ALL, readable_codes, readable_tenant

_SUMS = ("issued", "confirmed", "disputed", "paid", "overdue")


@dataclass(frozen=True, slots=True)
class ShareView:
    """One payer's part. `left`: what is still to be paid, of a part below zero to be paid back."""

    payer_code: str
    payer_name: str
    percent: Decimal
    amount: Decimal
    paid: Decimal
    receipts: Sequence[FeeReceipt]

    @property
    def left(self) -> Decimal:
        return abs(self.amount) - self.paid


@dataclass(frozen=True, slots=True)
class IssuedLine:
    """A line with its disputes. `credit_left`: what may still be credited of it."""

    row: StatementLine
    disputes: Sequence[FeeDispute]

    @property
    def is_disputed(self) -> bool:
        return any(one.state == DisputeState.FILED for one in self.disputes)

    @property
    def credit_left(self) -> Decimal:
        return max(self.row.amount - sum((one.credit or ZERO for one in self.disputes), ZERO), ZERO)


@dataclass(frozen=True, slots=True)
class StoredStatement:
    """A metered, priced or issued statement. `actions` are what the reader may do now."""

    row: FeeStatement
    lines: Sequence[IssuedLine]
    shares: Sequence[ShareView]
    disputes: Sequence[FeeDispute]
    actions: frozenset[str]

    @property
    def paid(self) -> Decimal:
        return sum((-one.paid if one.amount < 0 else one.paid for one in self.shares), ZERO)

    @property
    def open_disputes(self) -> int:
        return sum(one.state == DisputeState.FILED for one in self.disputes)


@dataclass(frozen=True, slots=True)
class TenantCollection:
    """A mall's year: what was issued, confirmed, stands in dispute, was paid and is overdue; how many of each state."""

    issued: Decimal
    confirmed: Decimal
    disputed: Decimal
    paid: Decimal
    overdue: Decimal
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Collection:
    """What became of the statements of a year, in number and yuan, all malls or those of one."""

    year: int
    issued: Decimal
    confirmed: Decimal
    disputed: Decimal
    paid: Decimal
    overdue: Decimal
    counts: dict[str, int]
    by_tenant: dict[str, TenantCollection]


def readable(*, actor: Actor) -> QuerySet[FeeStatement]:
    """Region staff see every stored statement, a bureau its own once they are issued."""
    codes = readable_codes(actor=actor)
    rows = FeeStatement.objects.order_by("-month", "tenant_code")
    return rows if codes is None else rows.filter(tenant_code__in=codes, state__in=SEALED)


def statement_rows(
    *,
    actor: Actor,
    year: int | None = None,
    month: date | None = None,
    state: str = "",
    tenant: str = "",
    q: str = "",
) -> QuerySet[FeeStatement]:
    """The list under a filter; `q` is part of a number or of a mall's name."""
    rows = readable(actor=actor)
    if year:
        rows = rows.filter(month__year=year)
    if month:
        rows = rows.filter(month=month)
    if state:
        rows = rows.filter(state=state)
    if tenant:
        rows = rows.filter(tenant_code=tenant)
    if q:
        rows = rows.filter(Q(number__icontains=q) | Q(tenant_name__icontains=q) | Q(tenant_code=q))
    return rows


def totals_of(rows: QuerySet[FeeStatement]) -> tuple[int, Decimal]:
    """How many, and their sum. One statement."""
    found = rows.aggregate(count=Count("id"), total=Sum("total"))
    return found["count"], found["total"] or ZERO


def stored_statement(*, actor: Actor, tenant_code: str, month: date) -> FeeStatement | None:
    """The stored statement of a month, None while it is open (for a bureau: not issued). Two statements.

    Raises NotFound for a stranger's tenant.
    """
    readable_tenant(actor, tenant_code)
    return readable(actor=actor).select_related("tariff").filter(tenant_code=tenant_code, month=month).first()


def statement_of(*, actor: Actor, tenant_code: str, month: date) -> FeeStatement:
    """`stored_statement` where there must be one. Raises NotFound."""
    row = stored_statement(actor=actor, tenant_code=tenant_code, month=month)
    if row is None:
        raise NotFound(tenant=tenant_code, month=month)
    return row


def stored_view(*, actor: Actor, row: FeeStatement) -> StoredStatement:
    """The statement with all that belongs to it; four statements."""
    receipts = Prefetch("receipts", FeeReceipt.objects.order_by("recorded_at", "id"))
    shares = [
        ShareView(
            share.payer_code,
            share.payer_name,
            share.percent,
            share.amount,
            sum((one.amount for one in share.receipts.all()), ZERO),
            list(share.receipts.all()),
        )
        for share in row.shares.order_by("payer_code").prefetch_related(receipts)
    ]
    disputes = list(row.disputes.order_by("id").select_related("line"))
    lines = [
        IssuedLine(line, [one for one in disputes if one.line_id == line.pk])
        for line in row.lines.order_by("position")
    ]  # fmt: skip
    may = {str(move.action) for move in STATEMENT_LIFECYCLE.actions(row.state, actor.posts)}
    if row.state in PAYABLE and actor.has(Post.REGION_SUPERVISOR):
        may.add("receipt")
    return StoredStatement(row, lines, shares, disputes, frozenset(may))


def line_of(*, actor: Actor, tenant_code: str, month: date, position: int) -> tuple[FeeStatement, StatementLine]:
    """One line of a stored statement. Raises NotFound."""
    row = statement_of(actor=actor, tenant_code=tenant_code, month=month)
    line = row.lines.filter(position=position).first()
    if line is None:
        raise NotFound(line=position)
    return row, line


def uses_of(line: StatementLine, *, q: str = "") -> QuerySet[StatementUse]:
    """The uses that a line names, in the order of their moments; `q` is part of a number or a name in their facts."""
    rows = StatementUse.objects.filter(line=line).select_related("usage").order_by("usage__at", "usage_id", "turn")
    if q:
        wanted = Q(usage__object_id=q)
        for fact in ("order_number", "unit_name", "supplier_name"):
            wanted |= Q(**{f"usage__facts__{fact}__icontains": q})
        if q.isascii() and q.isdigit() and len(q) < 19:
            wanted |= Q(usage_id=int(q)) | Q(usage__journal_id=int(q))
        rows = rows.filter(wanted)
    return rows


def disputes(*, actor: Actor, state: str = "") -> QuerySet[FeeDispute]:
    """The disputes of the statements that the actor reads, the latest first."""
    codes = readable_codes(actor=actor)
    rows = FeeDispute.objects.select_related("statement", "line").order_by("-filed_at", "-id")
    if codes is not None:
        rows = rows.filter(statement__tenant_code__in=codes)
    return rows.filter(state=state) if state else rows


def dispute(*, actor: Actor, dispute_id: int) -> FeeDispute:
    """Raises NotFound."""
    found = disputes(actor=actor).filter(pk=dispute_id).first()
    if found is None:
        raise NotFound(dispute=dispute_id)
    return found


def collection(*, actor: Actor, year: int, on: date) -> Collection:
    """What was issued in statements of a year, confirmed, disputed, paid, and what is overdue on a day.

    `confirmed` holds settled ones as well; `disputed` is the sum of statements with a dispute that waits; `overdue` is
    what is left of shares whose last day is over. Three statements whatever the number of malls.
    """
    if not actor.posts & SEES_ALL and not readable_codes(actor=actor):
        return Collection(year, ZERO, ZERO, ZERO, ZERO, ZERO, {}, {})
    rows = readable(actor=actor).filter(month__year=year, state__in=SEALED).order_by()
    confirmed_states = (StatementState.CONFIRMED, StatementState.SETTLED)
    of: dict[str, dict[str, Decimal]] = {}
    counts: dict[str, dict[str, int]] = {}
    waiting = Q(disputes__state=DisputeState.FILED)
    for code, state, total, disputed in rows.annotate(filed=Count("disputes", filter=waiting)).values_list(
        "tenant_code", "state", "total", "filed"
    ):
        sums = of.setdefault(code, dict.fromkeys(_SUMS, ZERO))
        owed = total or ZERO
        sums["issued"] += owed
        sums["confirmed"] += owed if state in confirmed_states else ZERO
        sums["disputed"] += owed if disputed else ZERO
        of_state = counts.setdefault(code, {})
        of_state[state] = of_state.get(state, 0) + 1
    shares = (
        StatementShare.objects.filter(statement__in=rows)
        .annotate(received=Sum("receipts__amount"))
        .values_list("statement__tenant_code", "statement__pay_by", "amount", "received")
    )
    for code, pay_by, amount, received in shares:
        paid = received or ZERO
        of[code]["paid"] += -paid if amount < 0 else paid
        if pay_by is not None and pay_by < on and amount > paid:
            of[code]["overdue"] += amount - paid
    by_tenant = {code: TenantCollection(**sums, counts=counts[code]) for code, sums in of.items()}
    states = {state for one in counts.values() for state in one}
    whole = {name: sum((sums[name] for sums in of.values()), ZERO) for name in _SUMS}
    return Collection(
        year=year,
        counts={state: sum(one.get(state, 0) for one in counts.values()) for state in states},
        by_tenant=by_tenant,
        **whole,
    )
