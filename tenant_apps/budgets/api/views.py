"""One call each of the selectors and services of budgets."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, WriteView, actor_of, documented
from kernel.clock import utc_now
from tenant_apps.budgets import importing, selectors, services
from tenant_apps.budgets.permissions import READERS, WRITERS
from tenant_apps.budgets.process_inputs import StatementQuery
from tenant_apps.budgets.serializers import (
    AdjustInput,
    CreateLineInput,
    CreateUnitInput,
    FilePlanInput,
    ImportOutput,
    ImportUnitsInput,
    LineOutput,
    LinesQuery,
    StatementOutput,
    UnitOutput,
)


@documented(summary="Budget units the caller belongs to or oversees")
class Units(ReadView):
    access = Access("budgets.api_units", posts=READERS)
    output_serializer = UnitOutput
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.units_of(actor_of(request))


@documented(summary="Enter a budget unit")
class CreateUnit(WriteView):
    access = Access("budgets.api_create_unit", posts=WRITERS)
    input_serializer = CreateUnitInput
    output_serializer = UnitOutput
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.create_unit(actor=actor_of(request), now=utc_now(), **data)


@documented(summary="Enter budget units by the table: all rows or none; the same rows again change nothing")
class ImportUnits(WriteView):
    access = Access("budgets.api_import_units", posts=WRITERS)
    input_serializer = ImportUnitsInput
    output_serializer = ImportOutput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return importing.import_units(actor=actor_of(request), now=utc_now(), **data)


@documented(summary="Budget lines with their balances")
class Lines(ReadView):
    access = Access("budgets.api_lines", posts=READERS)
    output_serializer = LineOutput
    query_serializer = LinesQuery
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.lines_of(actor=actor_of(request), **self.query(request))


@documented(summary="Enter a budget line with its first allotment", problems=(404,))
class CreateLine(WriteView):
    access = Access("budgets.api_create_line", posts=WRITERS)
    input_serializer = CreateLineInput
    output_serializer = LineOutput
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        line = services.create_line(actor=actor_of(request), now=utc_now(), **data)
        return selectors.line_view(line)


@documented(summary="Statement of a budget line: opening, every entry with the balance after it, closing")
class Statement(ReadView):
    access = Access("budgets.api_statement", posts=READERS)
    query_serializer = StatementQuery
    output_serializer = StatementOutput

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.statement(actor=actor_of(request), line_id=path["line_id"], **self.query(request))


@documented(summary="Add to or take from a line's total")
class Adjust(WriteView):
    access = Access("budgets.api_adjust", posts=WRITERS)
    input_serializer = AdjustInput
    output_serializer = LineOutput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        line = services.allot(
            actor=actor_of(request),
            line_id=path["line_id"],
            change=data["amount"] if data["direction"] == "add" else -data["amount"],
            reason=data["reason"],
            document=data["document"],
            now=utc_now(),
        )
        return selectors.line_view(line)


@documented(summary="Note the day a line's procurement plan was filed")
class FilePlan(WriteView):
    access = Access("budgets.api_file_plan", posts=WRITERS)
    input_serializer = FilePlanInput
    output_serializer = LineOutput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        line = services.file_plan(actor=actor_of(request), line_id=path["line_id"], now=utc_now(), **data)
        return selectors.line_view(line)
