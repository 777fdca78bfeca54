"""The list of malls for programs."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, documented
from shared_apps.portal.selectors import MallList, malls
from shared_apps.portal.serializers import MallCursor, MallListSerializer

API_MALLS = 200


@documented(
    summary="Malls of all finance levels, by prefecture",
    description="Pass `next_after` of one page as `after` of the next; it is null on the last page.",
)
class MallsView(ReadView):
    access = Access("portal.malls", public=True)
    query_serializer = MallCursor
    output_serializer = MallListSerializer

    def read(self, request: Request, **path: Any) -> MallList:
        wanted = self.query(request)
        return malls(text=wanted.get("q", "")).page(after=wanted["after"], size=API_MALLS)
