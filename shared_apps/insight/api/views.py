"""Supervision for programs."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, actor_of, documented
from kernel.clock import fiscal_year, utc_now
from shared_apps.insight.selectors import READERS, Supervision, supervision
from shared_apps.insight.serializers import SupervisionSerializer, YearQuery


@documented(summary="Orders and value by tenant, stage and state of one budget year")
class SupervisionView(ReadView):
    access = Access("insight.figures", posts=READERS)
    query_serializer = YearQuery
    output_serializer = SupervisionSerializer

    def read(self, request: Request, **path: Any) -> Supervision:
        year = self.query(request).get("year") or fiscal_year(utc_now())
        return supervision(actor=actor_of(request), fiscal_year=year)
