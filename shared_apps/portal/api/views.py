"""The list of malls for programs."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, documented
from shared_apps.portal.selectors import MallList, malls
from shared_apps.portal.serializers import MallListSerializer, MallQuery


@documented(summary="Malls of all finance levels, by prefecture")
class MallsView(ReadView):
    access = Access("portal.malls", public=True)
    query_serializer = MallQuery
    output_serializer = MallListSerializer

    def read(self, request: Request, **path: Any) -> MallList:
        return malls(text=self.query(request).get("q", ""))
