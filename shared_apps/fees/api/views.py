"""Statements for programs: the same selectors as the pages."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, actor_of, documented
from kernel.clock import local_date, utc_now
from kernel.problems import NotFound
from shared_apps.fees import selectors
from shared_apps.fees.selectors import READERS, Statement
from shared_apps.fees.serializers import MonthListSerializer, MonthQuery, StatementSerializer, month_in_path


@documented(summary="Uses and fees of a month, by mall")
class MonthsView(ReadView):
    access = Access("fees.month_list", posts=READERS)
    query_serializer = MonthQuery
    output_serializer = MonthListSerializer

    def read(self, request: Request, **path: Any) -> dict[str, Any]:
        month = self.query(request).get("month") or local_date(utc_now()).replace(day=1)
        tariff, rows = selectors.month_of_all(actor=actor_of(request), month=month)
        return {"month": month, "tariff": tariff, "tenants": rows}


@documented(summary="The fee statement of one mall and month, with the events it sums")
class StatementView(ReadView):
    access = Access("fees.read_statement", posts=READERS)
    output_serializer = StatementSerializer

    def read(self, request: Request, **path: Any) -> Statement:
        month = month_in_path(str(path["month"]))
        now = utc_now()
        if month > local_date(now):
            raise NotFound
        return selectors.statement(
            actor=actor_of(request), tenant_code=str(path["tenant"]), month=month, now=now, events_max=1000
        )
