"""API of the product library, on the region's host."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, documented
from kernel.clock import local_date, utc_now
from shared_apps.products.library import list_products, product_record, surviving_code
from shared_apps.products.serializers import ProductListInput, ProductListSerializer, ProductRecordSerializer


@documented(summary="The region's product library")
class Products(ReadView):
    access = Access("products.api_products", public=True)
    query_serializer = ProductListInput
    output_serializer = ProductListSerializer

    def read(self, request: Request, **path: Any) -> Any:
        given = self.query(request)
        return list_products(
            text=given["q"], category_code=given["category"], label=given["label"], after=given["after"]
        )


@documented(summary="One product of the library; a merged product's code answers with the one it was merged into")
class Product(ReadView):
    access = Access("products.api_product", public=True)
    output_serializer = ProductRecordSerializer

    def read(self, request: Request, **path: Any) -> Any:
        return product_record(code=surviving_code(code=path["code"]), on=local_date(utc_now()))
