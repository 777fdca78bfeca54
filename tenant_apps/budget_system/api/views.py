"""One call each of the selectors and services of the budget-management system's adapter."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, WriteView, actor_of, documented
from kernel.clock import utc_now
from tenant_apps.budget_system import inputs, selectors, services
from tenant_apps.budgets.permissions import BUREAU_READERS, WRITERS

ROWS_MAX = 200


@documented(summary="Reports to the budget-management system, newest first; a page of at most 200")
class Reports(ReadView):
    access = Access("budget_system.api_reports", posts=BUREAU_READERS)
    query_serializer = inputs.ReportsQuery
    output_serializer = inputs.ReportOutput
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        wanted = self.query(request)
        start = (wanted.pop("page") - 1) * ROWS_MAX
        return selectors.reports_for(actor=actor_of(request), **wanted)[start : start + ROWS_MAX]


@documented(summary="Have a refused report sent again under its number")
class Resend(WriteView):
    access = Access("budget_system.api_resend", posts=WRITERS)
    output_serializer = inputs.ReportOutput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.resend(actor=actor_of(request), report_id=path["report_id"], now=utc_now())


@documented(summary="Quotas of a unit and year as both systems have them", problems=(404, 409))
class Quotas(ReadView):
    access = Access("budget_system.api_quotas", posts=BUREAU_READERS)
    query_serializer = inputs.QuotasQuery
    output_serializer = inputs.ComparedOutput
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.compared(actor=actor_of(request), **self.query(request))


@documented(summary="Enter budget lines for quotas that are not here yet", problems=(404,))
class TakeOver(WriteView):
    access = Access("budget_system.api_take_over", posts=WRITERS)
    input_serializer = inputs.TakeOverInput
    output_serializer = inputs.TakenOutput
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return {"line_ids": services.take_over(actor=actor_of(request), now=utc_now(), **data)}
