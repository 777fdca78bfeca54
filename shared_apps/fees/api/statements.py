"""Stored statements for programs: what the pages show and do."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, UploadView, WriteView, actor_of, documented
from kernel.clock import local_date, utc_now
from kernel.inputs import StrictSerializer
from kernel.posts import Post
from kernel.problems import NotFound
from shared_apps.fees.models import FeeStatement
from shared_apps.fees.receipt_table import FILE_BYTES_MAX
from shared_apps.fees.selectors import READERS
from shared_apps.fees.selectors import issued as selectors
from shared_apps.fees.selectors.composing import Check, verify_statement
from shared_apps.fees.selectors.periods import PeriodRow, period_rows
from shared_apps.fees.serializers.fields import month_in_path
from shared_apps.fees.serializers.issued import (
    AnswerDisputeInput,
    ClosedSerializer,
    CloseInput,
    DisputeInput,
    DisputeSerializer,
    ImportedSerializer,
    IssueInput,
    LineQuery,
    LineUsesSerializer,
    PeriodInput,
    PeriodSerializer,
    ReceiptInput,
    ReceiptSerializer,
    StatementCheckSerializer,
    StatementListSerializer,
    StatementQuery,
    StatementRowSerializer,
    StoredStatementSerializer,
)
from shared_apps.fees.services import disputes, periods, settling, statements

REGION = frozenset({Post.REGION_SUPERVISOR})
BUREAU = frozenset({Post.TIER_SUPERVISOR})
PAGE_ROWS = 200


def _stored(request: Request, path: dict[str, Any]) -> FeeStatement:
    return selectors.statement_of(
        actor=actor_of(request), tenant_code=str(path["tenant"]), month=month_in_path(str(path["month"]))
    )


@documented(summary="Stored fee statements, the latest month first")
class StatementsView(ReadView):
    access = Access("fees.api_statements", posts=READERS)
    query_serializer = StatementQuery
    output_serializer = StatementListSerializer

    def read(self, request: Request, **path: Any) -> dict[str, Any]:
        wanted = self.query(request)
        number = wanted.pop("page", 1)
        rows = selectors.statement_rows(actor=actor_of(request), **wanted)
        count, total = selectors.totals_of(rows)
        start = (number - 1) * PAGE_ROWS
        return {"count": count, "total": total, "page": number, "statements": rows[start : start + PAGE_ROWS]}


@documented(summary="One stored fee statement with its lines, shares and disputes")
class StoredView(ReadView):
    access = Access("fees.api_stored_statement", posts=READERS)
    output_serializer = StoredStatementSerializer

    def read(self, request: Request, **path: Any) -> selectors.StoredStatement:
        return selectors.stored_view(actor=actor_of(request), row=_stored(request, path))


@documented(summary="A stored statement made again from its events and compared with what was issued")
class CheckView(ReadView):
    access = Access("fees.api_check_statement", posts=READERS)
    output_serializer = StatementCheckSerializer

    def read(self, request: Request, **path: Any) -> Check:
        row = _stored(request, path)
        if row.total is None:
            raise NotFound
        return verify_statement(row=row)


@documented(summary="The events that one line of a statement names")
class LineView(ReadView):
    access = Access("fees.api_statement_line", posts=READERS)
    query_serializer = LineQuery
    output_serializer = LineUsesSerializer

    def read(self, request: Request, **path: Any) -> dict[str, Any]:
        wanted = self.query(request)
        _row, line = selectors.line_of(
            actor=actor_of(request),
            tenant_code=str(path["tenant"]),
            month=month_in_path(str(path["month"])),
            position=path["position"],
        )
        uses = selectors.uses_of(line, q=wanted.get("q", ""))
        number = wanted.get("page", 1)
        start = (number - 1) * PAGE_ROWS
        return {"line": line, "count": uses.count(), "page": number, "uses": uses[start : start + PAGE_ROWS]}


@documented(summary="Meter and price a month that is over")
class CloseView(WriteView):
    access = Access("fees.api_close_month", posts=REGION)
    input_serializer = CloseInput
    output_serializer = ClosedSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> statements.Closed:
        return statements.close_month(actor=actor_of(request), month=data["month"], now=utc_now())


@documented(summary="Seal and issue priced statements, all or none", problems=(404,))
class IssueView(WriteView):
    access = Access("fees.api_issue_statements", posts=REGION)
    input_serializer = IssueInput
    output_serializer = StatementRowSerializer
    many = True

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> list[FeeStatement]:
        actor, numbers = actor_of(request), set(data["statements"])
        found = dict(selectors.readable(actor=actor).filter(number__in=numbers).values_list("number", "pk"))
        if numbers - found.keys():
            raise NotFound
        return statements.issue_statements(actor=actor, statement_ids=list(found.values()), now=utc_now())


@documented(summary="The bureau disputes a line, down to its events", problems=(404,))
class DisputeView(WriteView):
    access = Access("fees.api_dispute_line", posts=BUREAU)
    input_serializer = DisputeInput
    output_serializer = DisputeSerializer
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        row = _stored(request, path)
        return disputes.file_dispute(
            actor=actor_of(request), statement_id=row.pk, position=path["position"], now=utc_now(), **data
        )


@documented(summary="The region answers a dispute: refuses it, or upholds it with a credit", problems=(404,))
class AnswerView(WriteView):
    access = Access("fees.api_answer_dispute", posts=REGION)
    input_serializer = AnswerDisputeInput
    output_serializer = DisputeSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return disputes.answer_dispute(
            actor=actor_of(request),
            dispute_id=path["fee_dispute_id"],
            uphold=data["decision"] == "uphold",
            answer=data["answer"],
            credit=data["credit"],
            now=utc_now(),
        )


@documented(summary="The bureau takes its dispute back", problems=(404,))
class WithdrawView(WriteView):
    access = Access("fees.api_withdraw_dispute", posts=BUREAU)
    input_serializer = StrictSerializer
    output_serializer = DisputeSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return disputes.withdraw_dispute(actor=actor_of(request), dispute_id=path["fee_dispute_id"], now=utc_now())


@documented(summary="The bureau confirms what the statement says", problems=(404,))
class ConfirmView(WriteView):
    access = Access("fees.api_confirm_statement", posts=BUREAU)
    input_serializer = StrictSerializer
    output_serializer = StatementRowSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> FeeStatement:
        row = _stored(request, path)
        return disputes.confirm_statement(actor=actor_of(request), statement_id=row.pk, now=utc_now())


@documented(summary="Record money that arrived for one payer's share", problems=(404,))
class ReceiptView(WriteView):
    access = Access("fees.api_record_receipt", posts=REGION)
    input_serializer = ReceiptInput
    output_serializer = ReceiptSerializer
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        row = _stored(request, path)
        given = dict(data)
        return settling.record_receipt(
            actor=actor_of(request), statement_id=row.pk, payer_code=given.pop("payer"), now=utc_now(), **given
        )


@documented(summary="Record a table of receipts: each right row whole, each wrong one with its reason")
class ImportReceiptsView(UploadView):
    access = Access("fees.api_import_receipts", posts=REGION)
    output_serializer = ImportedSerializer
    file_bytes_max = FILE_BYTES_MAX

    def receive(self, request: Request, name: str, content: bytes, data: dict[str, Any], **path: Any) -> Any:
        return settling.import_receipts(actor=actor_of(request), content=content, now=utc_now())


@documented(summary="How long one may dispute, answer or pay, and which figures are proposals")
class PeriodsView(ReadView):
    access = Access("fees.api_periods", posts=READERS)
    output_serializer = PeriodSerializer
    many = True

    def read(self, request: Request, **path: Any) -> list[PeriodRow]:
        return period_rows(on=local_date(utc_now()))


@documented(summary="Set how long one may dispute, answer or pay")
class EnterPeriodView(WriteView):
    access = Access("fees.api_enter_period", posts=REGION)
    input_serializer = PeriodInput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> None:
        periods.enter_period(actor=actor_of(request), now=utc_now(), **data)
