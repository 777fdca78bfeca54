"""API of the supplier library, on the region's host."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, documented
from shared_apps.suppliers.selectors import list_suppliers
from shared_apps.suppliers.serializers import SupplierListInput, SupplierListSerializer


@documented(summary="The region's supplier library")
class Suppliers(ReadView):
    access = Access("suppliers.api_suppliers", public=True)
    query_serializer = SupplierListInput
    output_serializer = SupplierListSerializer

    def read(self, request: Request, **path: Any) -> Any:
        given = self.query(request)
        return list_suppliers(text=given["q"], standing=given["standing"], after=given["after"])
