"""One call each of the services of plans, transfers and fiscal years."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, WriteView, actor_of, documented
from kernel.clock import utc_now
from tenant_apps.budgets import adjusting, line_importing, overviews, plans, years
from tenant_apps.budgets import process_inputs as shapes
from tenant_apps.budgets.permissions import ADMINISTRATORS, BUREAU_READERS, PLANNING, READERS, TRANSFERRING, WRITERS
from tenant_apps.budgets.serializers import ImportLinesInput

ROWS_MAX = 200


@documented(summary="Enter budget lines by the table: all rows or none; the same rows again change nothing")
class ImportLines(WriteView):
    access = Access("budgets.api_import_lines", posts=WRITERS)
    input_serializer = ImportLinesInput
    output_serializer = shapes.LinesStored

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return line_importing.import_lines(actor=actor_of(request), now=utc_now(), **data)


@documented(summary="Procurement plans of the caller's units, or those sent to the bureau; a page of at most 200")
class Plans(ReadView):
    access = Access("budgets.api_plans", posts=READERS)
    query_serializer = shapes.PlansQuery
    output_serializer = shapes.PlanOutput
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        wanted = self.query(request)
        start = (wanted.pop("page") - 1) * ROWS_MAX
        return overviews.plans_of(actor=actor_of(request), **wanted)[start : start + ROWS_MAX]


@documented(summary="Draft the procurement plan of a budget line, or the change of a filed one", problems=(404,))
class DraftPlan(WriteView):
    access = Access("budgets.api_draft_plan", posts=PLANNING)
    input_serializer = shapes.PlanInput
    output_serializer = shapes.PlanOutput
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return plans.draft_plan(actor=actor_of(request), line_id=path["line_id"], now=utc_now(), **data)


@documented(summary="Change a draft or a plan that came back")
class AmendPlan(WriteView):
    access = Access("budgets.api_amend_plan", posts=PLANNING)
    input_serializer = shapes.PlanInput
    output_serializer = shapes.PlanOutput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return plans.amend_plan(actor=actor_of(request), plan_id=path["plan_id"], now=utc_now(), **data)


@documented(summary="Submit a procurement plan to the finance bureau")
class SubmitPlan(WriteView):
    access = Access("budgets.api_submit_plan", posts=PLANNING)
    output_serializer = shapes.PlanOutput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return plans.submit_plan(actor=actor_of(request), plan_id=path["plan_id"], now=utc_now())


@documented(summary="File a procurement plan, or return it with a comment")
class DecidePlan(WriteView):
    access = Access("budgets.api_decide_plan", posts=WRITERS)
    input_serializer = shapes.DecidePlanInput
    output_serializer = shapes.PlanOutput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        decide = plans.accept_plan if data["decision"] == "accept" else plans.return_plan
        return decide(actor=actor_of(request), plan_id=path["plan_id"], comment=data["comment"], now=utc_now())


@documented(summary="Changes of totals of the caller's lines; a page of at most 200")
class Adjustments(ReadView):
    access = Access("budgets.api_adjustments", posts=READERS)
    query_serializer = shapes.AdjustmentsQuery
    output_serializer = shapes.AdjustmentOutput
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        wanted = self.query(request)
        start = (wanted.pop("page") - 1) * ROWS_MAX
        return overviews.adjustments_of(actor=actor_of(request), **wanted)[start : start + ROWS_MAX]


@documented(summary="Ask to move money between two budget lines", problems=(404,))
class AskTransfer(WriteView):
    access = Access("budgets.api_ask_transfer", posts=TRANSFERRING)
    input_serializer = shapes.AskTransferInput
    output_serializer = shapes.AdjustmentOutput
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return adjusting.ask_transfer(actor=actor_of(request), now=utc_now(), **data)


@documented(summary="Move the money of a transfer another person asked for, or refuse it")
class DecideTransfer(WriteView):
    access = Access("budgets.api_decide_transfer", posts=WRITERS)
    input_serializer = shapes.DecideTransferInput
    output_serializer = shapes.AdjustmentOutput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        decide = adjusting.apply_transfer if data["decision"] == "apply" else adjusting.refuse_transfer
        return decide(
            actor=actor_of(request), adjustment_id=path["adjustment_id"], comment=data["comment"], now=utc_now()
        )


@documented(summary="Fiscal years with the sums of their lines")
class Years(ReadView):
    access = Access("budgets.api_years", posts=BUREAU_READERS)
    output_serializer = shapes.YearOutput
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        return overviews.years()


@documented(summary="Enter a fiscal year")
class OpenYear(WriteView):
    access = Access("budgets.api_open_year", posts=WRITERS)
    input_serializer = shapes.YearInput
    output_serializer = shapes.YearOutput
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        years.open_year(actor=actor_of(request), now=utc_now(), **data)
        return overviews.year_view(year=data["year"])


@documented(summary="Begin to close a fiscal year, or close it", problems=(404,))
class StepYear(WriteView):
    access = Access("budgets.api_step_year", posts=WRITERS)
    input_serializer = shapes.YearStepInput
    output_serializer = shapes.YearOutput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        step = years.begin_closing if data["action"] == "begin_closing" else years.close_year
        step(actor=actor_of(request), year=path["year"], now=utc_now())
        return overviews.year_view(year=path["year"])


@documented(summary="Unspent money of a fiscal year and what becomes of it", problems=(404,))
class CarryOvers(ReadView):
    access = Access("budgets.api_carry_overs", posts=READERS)
    output_serializer = shapes.CarryOverOutput
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        return overviews.carry_overs(actor=actor_of(request), year=path["year"])


@documented(summary="Ask for a line's unspent money to go on into the next year", problems=(404,))
class AskCarryOver(WriteView):
    access = Access("budgets.api_ask_carry_over", posts=ADMINISTRATORS)
    input_serializer = shapes.AskCarryOverInput
    output_serializer = shapes.CarryOverOutput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return years.ask_carry_over(actor=actor_of(request), line_id=path["line_id"], now=utc_now(), **data)


@documented(summary="Decide what becomes of a line's unspent money", problems=(404,))
class DecideCarryOver(WriteView):
    access = Access("budgets.api_decide_carry_over", posts=WRITERS)
    input_serializer = shapes.DecideCarryOverInput
    output_serializer = shapes.CarryOverOutput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return years.decide_carry_over(actor=actor_of(request), line_id=path["line_id"], now=utc_now(), **data)
