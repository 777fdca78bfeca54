"""The workbench for programs."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, actor_of, documented
from kernel.clock import utc_now
from shared_apps.workbench.rules import SUPPLIER_POSTS
from shared_apps.workbench.selectors import Work, work
from shared_apps.workbench.serializers import WorkQuery, WorkSerializer


@documented(
    summary="A supplier's work in all malls: what waits for it, what it is owed, how it delivered",
    description="One page of one tab with the sums of all; `next_after` of one page is `after` of the next.",
)
class WorkView(ReadView):
    access = Access("workbench.work_api", posts=SUPPLIER_POSTS)
    query_serializer = WorkQuery
    output_serializer = WorkSerializer

    def read(self, request: Request, **path: Any) -> Work:
        return work(actor=actor_of(request), now=utc_now(), **self.query(request))
