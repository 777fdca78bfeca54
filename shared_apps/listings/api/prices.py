"""What the malls of the region paid for a product, for everybody."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, documented
from kernel.problems import NotFound
from shared_apps.listings.outputs import ProductPaidPriceOutput
from shared_apps.listings.selectors.prices import price_reference
from shared_apps.products.library import product_id_of, surviving_code


@documented(summary="Paid prices of a product over all malls: median and range; a merged code answers with its product")
class PriceReferences(ReadView):
    access = Access("listings.api_price_reference", public=True)
    output_serializer = ProductPaidPriceOutput

    def read(self, request: Request, **path: Any) -> Any:
        code = surviving_code(code=path["code"])
        product_id = product_id_of(code=code)
        if product_id is None:
            raise NotFound(product_code=code)
        return {"product_code": code, "paid": price_reference(product_ids=[product_id]).get(product_id)}
