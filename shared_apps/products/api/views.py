"""API of the product library, on the region's host."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, documented
from shared_apps.products.library import list_products
from shared_apps.products.serializers import ProductListInput, ProductListSerializer


@documented(summary="The region's product library")
class Products(ReadView):
    access = Access("products.api_products", public=True)
    query_serializer = ProductListInput
    output_serializer = ProductListSerializer

    def read(self, request: Request, **path: Any) -> Any:
        given = self.query(request)
        return list_products(text=given["q"], category_code=given["category"], after=given["after"])
