"""What statements are made of: tariffs of months, what was charged, uses to name, credits due, digests of uses.

Read inside the transaction that prices a statement, and again when one is checked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connections
from django.db.models import Count, Exists, OuterRef, Sum

from shared_apps.fees.models import FeeDispute, FeeStatement, StatementLine, StatementUse
from shared_apps.fees.rules.composing import Credit, DraftLine, Item, Month, compose
from shared_apps.fees.rules.months import next_month
from shared_apps.fees.rules.seals import NO_USES, SealedLine, SealedShare, SealedStatement, digests, seal
from shared_apps.fees.rules.states import DisputeState, LineKind
from shared_apps.fees.selectors.terms import tariff_terms
from shared_apps.fees.selectors.usage import month_quantities
from tenants.database.context import REGION_ALIAS

# Characters of uses at a time: memory stays flat whatever a line names.
_CHUNK_USES = 5000

# A tenant's uses up to the statement, with the last turn that names each and whether a restore took it back.
PENDING_USES = """
SELECT u.id, u.meter, u.month, t.turn
  FROM fees_usageevent u
  LEFT JOIN LATERAL (SELECT max(n.turn) AS turn FROM fees_statementuse n WHERE n.usage_id = u.id) t ON true
 WHERE u.tenant_code = %(code)s AND u.month <= %(month)s AND u.id <= %(upto)s
   AND (t.turn IS NULL OR t.turn %% 2 = 1)
       <> EXISTS (SELECT 1 FROM journaling_lostentry l
                   WHERE l.room = u.room AND l.epoch = u.epoch AND l.journal_id = u.journal_id)
"""

_USES_OF_LINES = f"""
SELECT line_id, string_agg(line_text, '' ORDER BY usage_id, turn) FROM (
    SELECT n.line_id, (row_number() OVER (PARTITION BY n.line_id ORDER BY n.usage_id, n.turn) - 1) / {_CHUNK_USES} AS part,
           n.usage_id, n.turn,
           concat_ws('|', n.usage_id, n.turn, u.tenant_code, u.room, u.epoch, u.journal_id, u.meter,
                     to_char(u.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), u.month, u.quantity, u.subject)
           || E'\\n' AS line_text
      FROM fees_statementuse n
      JOIN fees_statementline l ON l.id = n.line_id
      JOIN fees_usageevent u ON u.id = n.usage_id
     WHERE l.statement_id = %s
) uses GROUP BY line_id, part ORDER BY line_id, part
"""  # noqa: E501, S608  # a table as wide as it is; the number is ours


@dataclass(frozen=True, slots=True)
class Check:
    """A statement made again from the uses that it names. `differences` are empty when it is as it was issued."""

    lines: int
    uses: int
    seal: str
    differences: tuple[tuple[str, str, str], ...]  # where, as stored, as computed

    @property
    def agrees(self) -> bool:
        return not self.differences


def pending_uses(*, tenant_code: str, month: date, upto: int) -> dict[tuple[str, date], int]:
    """How many uses the next statement names, by meter and month: new ones, and those lost or given back since."""
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(
            f"SELECT meter, month, count(*) FROM ({PENDING_USES}) pending GROUP BY 1, 2",  # noqa: S608  # our own text
            {"code": tenant_code, "month": month, "upto": upto},
        )
        return {(meter, of): count for meter, of, count in cursor.fetchall()}


def months_known(
    *, tenant_code: str, level: str, first: date, last: date, upto: int | None = None, named_until: date | None = None
) -> dict[date, Month]:
    """What each month from `first` to `last` costs: by the tariff and level of its statement, where it has one."""
    caps = None if upto is None else {tenant_code: upto}
    quantities = month_quantities(codes=[tenant_code], first=first, last=last, upto=caps, named_until=named_until)
    stored = {
        row.month: row
        for row in FeeStatement.objects.filter(
            tenant_code=tenant_code, month__gte=first, month__lte=last, total__isnull=False
        ).only("month", "tariff_id", "level")
    }
    wanted, month = [], first
    while month <= last:
        wanted.append(month)
        month = next_month(month)
    terms = tariff_terms(
        months=[month for month in wanted if month not in stored],
        ids={row.tariff_id for row in stored.values() if row.tariff_id},
    )
    return {
        month: Month(
            quantities=quantities.get((tenant_code, month), {}),
            tariff=terms.of_id(stored[month].tariff_id) if month in stored else terms.of_month(month),
            level=stored[month].level if month in stored else level,
        )
        for month in wanted
    }


def charged_so_far(*, tenant_code: str, first: date, before: date) -> dict[date, dict[Item, Decimal]]:
    """What statements before `before` charged for each month from `first` on, credits apart: they are no price."""
    found: dict[date, dict[Item, Decimal]] = {}
    rows = (
        StatementLine.objects.filter(
            statement__tenant_code=tenant_code, statement__month__lt=before, for_month__gte=first
        )
        .exclude(kind=LineKind.CREDIT)
        .order_by()
        .values_list("for_month", "kind", "corrects", "item")
        .annotate(charged=Sum("amount"))
    )
    for month, kind, corrects, item, amount in rows:
        key = (corrects if kind == LineKind.CORRECTION else kind, item)
        of_month = found.setdefault(month, {})
        of_month[key] = of_month.get(key, Decimal(0)) + amount
    return found


def credits_due(*, tenant_code: str) -> list[Credit]:
    """Upheld disputes of the tenant that no statement has credited yet."""
    given = StatementLine.objects.filter(dispute_id=OuterRef("pk"))
    rows = (
        FeeDispute.objects.filter(statement__tenant_code=tenant_code, state=DisputeState.UPHELD)
        .exclude(Exists(given))
        .select_related("line")
    )
    return [credit_of(row) for row in rows]


def credit_of(dispute: FeeDispute) -> Credit:
    line = dispute.line
    kind = line.corrects if line.kind == LineKind.CORRECTION else line.kind
    return Credit(dispute.pk, line.item, str(kind), line.for_month, dispute.credit or Decimal(0))


def uses_digests(*, statement_id: int) -> dict[int, str]:
    """The digest of the uses of each line; read in chunks, whatever their number."""
    return digests(_use_chunks(statement_id))


def _use_chunks(statement_id: int) -> Iterator[tuple[int, str]]:
    with connections[REGION_ALIAS].chunked_cursor() as cursor:
        cursor.execute(_USES_OF_LINES, [statement_id])
        while chunk := cursor.fetchmany(1):
            yield from chunk


def sealed_form(row: FeeStatement, *, lines: Collection[StatementLine], uses: dict[int, str]) -> SealedStatement:
    """What the seal of the row covers; its shares are read."""
    if row.total is None or row.issued_at is None or row.dispute_until is None or row.pay_by is None:
        raise ValueError(f"statement {row.number} is not issued")
    return SealedStatement(
        number=row.number,
        tenant_code=row.tenant_code,
        tenant_name=row.tenant_name,
        level=row.level,
        month=row.month,
        tariff=row.tariff.version if row.tariff else None,
        total=row.total,
        issued_at=row.issued_at,
        issued_by_name=row.issued_by_name,
        dispute_until=row.dispute_until,
        pay_by=row.pay_by,
        lines=[
            SealedLine(
                line.position, line.kind, line.item, line.corrects, line.for_month, line.quantity, line.opening,
                line.free, line.billable, line.amount, line.event_count, line.dispute_id, uses.get(line.pk, NO_USES),
            )
            for line in lines
        ],
        shares=[
            SealedShare(share.payer_code, share.payer_name, share.percent, share.amount) for share in row.shares.all()
        ],
    )  # fmt: skip


def verify_statement(*, row: FeeStatement) -> Check:
    """Makes a priced statement again from the uses that it and those before it name, and compares every line.

    Quantities come from the uses, amounts from the tariff, the seal from all of it: nothing is taken from the lines
    but what they are compared with. Constant in the number of uses: they are summed and hashed where they are.
    """
    stored = list(row.lines.order_by("position"))
    counted = dict(
        StatementUse.objects.filter(line__statement=row).order_by().values_list("line_id").annotate(uses=Count("id"))
    )
    named: dict[tuple[str, date], int] = {}
    for line in stored:
        if count := counted.get(line.pk, 0):
            named[line.item, line.for_month] = named.get((line.item, line.for_month), 0) + count
    first = min((line.for_month for line in stored if line.kind == LineKind.CORRECTION), default=row.month)
    given = [line.dispute_id for line in stored if line.kind == LineKind.CREDIT and line.dispute_id is not None]
    found = compose(
        month=row.month,
        months=months_known(
            tenant_code=row.tenant_code, level=row.level, first=first, last=row.month, named_until=row.month
        ),
        named=named,
        charged=charged_so_far(tenant_code=row.tenant_code, first=first, before=row.month),
        credits_due=[
            credit_of(one) for one in FeeDispute.objects.filter(pk__in=given).select_related("line")
        ],
    )  # fmt: skip
    differences = [*_compared(stored, found)]
    total = sum((line.amount for line in found), Decimal("0.00"))
    if row.total != total:
        differences.append(("total", str(row.total), str(total)))
    made = ""
    if row.seal:
        made = seal(sealed_form(row, lines=stored, uses=uses_digests(statement_id=row.pk)))
        if made != row.seal:
            differences.append(("seal", row.seal, made))
        shares = sum((share.amount for share in row.shares.all()), Decimal("0.00"))
        if shares != total:
            differences.append(("shares", str(shares), str(total)))
    return Check(len(stored), sum(counted.values()), made, tuple(differences))


def _compared(stored: Collection[StatementLine], found: Collection[DraftLine]) -> Iterator[tuple[str, str, str]]:
    def key(line: StatementLine | DraftLine) -> tuple[str, str, str, date, int]:
        return (str(line.kind), line.item, line.corrects, line.for_month, line.dispute_id or 0)

    def said(line: StatementLine | DraftLine | None) -> str:
        if line is None:
            return ""
        figures = (line.quantity, line.opening, line.free, line.billable)
        return " ".join(
            ["-" if one is None else f"{one:.4f}" for one in figures] + [f"{line.amount:.2f}", str(line.event_count)]
        )

    before, after = {key(line): line for line in stored}, {key(line): line for line in found}
    for one in sorted({*before, *after}):
        as_stored, as_computed = said(before.get(one)), said(after.get(one))
        if as_stored != as_computed:
            kind, item, corrects, month, _dispute = one
            yield " ".join(part for part in (kind, corrects, item, f"{month:%Y-%m}") if part), as_stored, as_computed
