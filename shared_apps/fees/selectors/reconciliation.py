"""Uses against statements, and what comparisons found."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connections
from django.db.models import QuerySet

from kernel.problems import NotFound
from shared_apps.fees.models import FeeDifference, FeeReconciliation, FeeStatement
from shared_apps.fees.rules.differences import Difference, DifferenceKind
from shared_apps.fees.selectors.composing import verify_statement
from tenants.database.context import REGION_ALIAS
from tenants.registry.selectors import tenant_names

# A comparison that says nothing for so long was killed: the next one looks again.
STALE_SECONDS = 3600

_NOT_LOST = """NOT EXISTS (SELECT 1 FROM journaling_lostentry l
                     WHERE l.room = u.room AND l.epoch = u.epoch AND l.journal_id = u.journal_id)"""
_USES = f"""
SELECT u.tenant_code, 'use_in_no_line', u.meter, concat_ws('/', u.room, u.epoch, u.journal_id), s.number, ''
  FROM fees_usageevent u
  JOIN LATERAL (SELECT number FROM fees_feestatement s
                 WHERE s.tenant_code = u.tenant_code AND s.month >= u.month AND s.upto_use >= u.id
                   AND s.total IS NOT NULL ORDER BY s.month LIMIT 1) s ON true
 WHERE u.tenant_code = ANY(%(codes)s::text[]) AND {_NOT_LOST}
   AND NOT EXISTS (SELECT 1 FROM fees_statementuse n WHERE n.usage_id = u.id)
UNION ALL
SELECT u.tenant_code, 'use_named_twice', u.meter, concat_ws('/', u.room, u.epoch, u.journal_id), '0',
       string_agg(n.turn::text, ', ' ORDER BY n.turn)
  FROM fees_usageevent u JOIN fees_statementuse n ON n.usage_id = u.id
 WHERE u.tenant_code = ANY(%(codes)s::text[])
 GROUP BY u.id HAVING count(*) <> max(n.turn) + 1
UNION ALL
SELECT s.tenant_code, 'use_in_wrong_line', u.meter,
       concat_ws(' ', s.number, l.position, concat_ws('/', u.room, u.epoch, u.journal_id)),
       concat_ws(' ', s.tenant_code, l.item, to_char(l.for_month, 'YYYY-MM')),
       concat_ws(' ', u.tenant_code, u.meter, to_char(u.month, 'YYYY-MM'))
  FROM fees_feestatement s
  JOIN fees_statementline l ON l.statement_id = s.id
  JOIN fees_statementuse n ON n.line_id = l.id
  JOIN fees_usageevent u ON u.id = n.usage_id
 WHERE s.tenant_code = ANY(%(codes)s::text[])
   AND (u.tenant_code <> s.tenant_code OR u.meter <> l.item OR u.month <> l.for_month)
UNION ALL
SELECT s.tenant_code, 'total_differs', '', s.number, sum(l.amount)::text, s.total::text
  FROM fees_feestatement s LEFT JOIN fees_statementline l ON l.statement_id = s.id
 WHERE s.tenant_code = ANY(%(codes)s::text[]) AND s.total IS NOT NULL
 GROUP BY s.id HAVING s.total <> coalesce(sum(l.amount), 0)
UNION ALL
SELECT s.tenant_code, 'seal_not_told', '', s.number, s.seal, coalesce(string_agg(j.facts->>'seal', ' '), '')
  FROM fees_feestatement s
  LEFT JOIN region_journal_regionjournalentry j
    ON j.object_type = 'fee_statement' AND j.object_id = s.number AND j.event = 'fees.statement_issued'
 WHERE s.tenant_code = ANY(%(codes)s::text[]) AND s.seal <> ''
 GROUP BY s.id HAVING s.seal <> coalesce(string_agg(j.facts->>'seal', ' '), '')
"""  # noqa: S608  # our own text; values are parameters
# What a statement made again says of itself.
_PARTS = {
    "total": DifferenceKind.TOTAL_DIFFERS,
    "shares": DifferenceKind.SHARES_DIFFER,
    "seal": DifferenceKind.SEAL_BROKEN,
}


def compare_statements(*, codes: Collection[str]) -> tuple[int, tuple[Difference, ...]]:
    """Uses, lines and totals of the malls' priced statements; how many there are, and what does not agree."""
    found: dict[tuple[str, str], Difference] = {}
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(_USES, {"codes": list(codes)})
        for tenant, kind, meter, reference, expected, got in cursor.fetchall():
            found[kind, reference] = Difference(
                tenant, DifferenceKind(kind), meter, reference, expected or "", got or ""
            )
    count = 0
    priced = FeeStatement.objects.filter(tenant_code__in=codes, total__isnull=False).select_related("tariff")
    for row in priced.order_by("tenant_code", "month"):
        count += 1
        for one in _made_again(row):
            found.setdefault((one.kind, one.reference), one)
    return count, tuple(found.values())


def _made_again(row: FeeStatement) -> Iterator[Difference]:
    for where, stored, computed in verify_statement(row=row).differences:
        kind = _PARTS.get(where)
        if kind is None:
            yield Difference(
                row.tenant_code, DifferenceKind.LINE_DIFFERS, "", f"{row.number} {where}", computed, stored
            )
        else:
            yield Difference(row.tenant_code, kind, "", row.number, computed, stored)


def metered_malls() -> list[str]:
    """Every mall but those for practice, by code."""
    return [code for code, tenant in tenant_names().items() if not tenant.is_practice]


@dataclass(frozen=True, slots=True)
class RunView:
    """A comparison: how far it is, or what it found."""

    id: int
    started_at: datetime
    finished_at: datetime | None
    started_by_name: str
    malls: int
    journal_rows: int
    uses: int
    statements: int
    differences: int
    is_stale: bool

    @property
    def moving(self) -> bool:
        return self.finished_at is None and not self.is_stale


def runs(*, now: datetime) -> list[RunView]:
    """The latest comparisons, the newest first. Only for those who see all malls."""
    return [_view(row, now) for row in FeeReconciliation.objects.order_by("-id")[:100]]


def run(*, run_id: int, now: datetime) -> RunView:
    """Raises NotFound."""
    row = FeeReconciliation.objects.filter(pk=run_id).first()
    if row is None:
        raise NotFound(reconciliation=run_id)
    return _view(row, now)


def _view(row: FeeReconciliation, now: datetime) -> RunView:
    stale = row.finished_at is None and (now - row.started_at).total_seconds() > STALE_SECONDS
    return RunView(
        row.pk, row.started_at, row.finished_at, row.started_by_name, row.malls, row.journal_rows, row.uses,
        row.statements, row.differences, stale,
    )  # fmt: skip


def differences_of(*, run_id: int, tenant_code: str = "", kind: str = "") -> QuerySet[FeeDifference]:
    """What a comparison found, mall by mall."""
    rows = FeeDifference.objects.filter(reconciliation_id=run_id).order_by("tenant_code", "id")
    if tenant_code:
        rows = rows.filter(tenant_code=tenant_code)
    return rows.filter(kind=kind) if kind else rows
