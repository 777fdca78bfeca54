"""One call each of the selectors and services of the ledger. Documents are filed by page: they come with a file."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, WriteView, actor_of, documented
from kernel.clock import fiscal_year, local_date, utc_now
from tenant_apps.commitments import selectors, services
from tenant_apps.commitments.permissions import BUREAU_READERS, READERS, REPORTERS, STEPPERS
from tenant_apps.commitments.serializers import (
    DeclareFoodInput,
    ExceptionOutput,
    ExceptionsQuery,
    FoodOutput,
    ReliefOutput,
    ReportReliefInput,
    ShareOutput,
    SharesQuery,
    StepExceptionInput,
    SumOutput,
    SumsQuery,
)
from tenant_apps.policies.selectors import effective_rules


@documented(summary="What a unit has committed this year, by budget item, item and class, beside the limits")
class Sums(ReadView):
    access = Access("commitments.api_sums", posts=READERS)
    output_serializer = SumOutput
    query_serializer = SumsQuery
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        wanted = self.query(request)
        unit = selectors.unit_of(actor=actor_of(request), unit_id=wanted["unit"])
        if unit is None:
            return []
        now = utc_now()
        return selectors.sums(
            unit_id=unit.id,
            fiscal_year=wanted["year"] or fiscal_year(now),
            rules=effective_rules(on=local_date(now)),
        )


@documented(summary="Exception documents of the caller's units")
class Exceptions(ReadView):
    access = Access("commitments.api_exceptions", posts=READERS)
    output_serializer = ExceptionOutput
    query_serializer = ExceptionsQuery
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        wanted = self.query(request)
        return selectors.exceptions(actor=actor_of(request), state=wanted["state"], unit_id=wanted["unit"])[:200]


@documented(summary="One exception document")
class OneException(ReadView):
    access = Access("commitments.api_exception", posts=READERS)
    output_serializer = ExceptionOutput

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.exception(actor=actor_of(request), exception_id=path["exception_id"])


@documented(summary="Accept, refuse, end or withdraw an exception document", problems=(404, 409))
class StepException(WriteView):
    access = Access("commitments.api_step_exception", posts=STEPPERS)
    input_serializer = StepExceptionInput
    output_serializer = ExceptionOutput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.step_exception(
            actor=actor_of(request), exception_id=path["exception_id"], now=utc_now(), **data
        )


@documented(summary="Declare the year's canteen food of a unit", problems=(404,))
class DeclareFood(WriteView):
    access = Access("commitments.api_declare_food", posts=REPORTERS)
    input_serializer = DeclareFoodInput
    output_serializer = FoodOutput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.declare_food(actor=actor_of(request), now=utc_now(), **data)


@documented(summary="Report canteen food bought in a relief area", problems=(404, 409))
class ReportRelief(WriteView):
    access = Access("commitments.api_report_relief", posts=REPORTERS)
    input_serializer = ReportReliefInput
    output_serializer = ReliefOutput
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.report_relief(actor=actor_of(request), now=utc_now(), **data)


@documented(summary="Take back a purchase reported by mistake", problems=(404,))
class TakeBackRelief(WriteView):
    access = Access("commitments.api_take_back_relief", posts=REPORTERS)
    output_serializer = ReliefOutput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.take_back_relief(actor=actor_of(request), purchase_id=path["purchase_id"], now=utc_now())


@documented(summary="Shares of small suppliers, relief areas and green products, by unit")
class Shares(ReadView):
    access = Access("commitments.api_shares", posts=BUREAU_READERS)
    output_serializer = ShareOutput
    query_serializer = SharesQuery
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        wanted = self.query(request)
        rows = selectors.shares_by_unit(actor=actor_of(request), fiscal_year=wanted["year"] or fiscal_year(utc_now()))
        return [row for row in rows if wanted["unit"] in {None, row.unit.id if row.unit else None}]
