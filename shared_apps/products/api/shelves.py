"""API of the bound of the malls' shelves, on the region's host."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, WriteView, actor_of, documented
from kernel.clock import utc_now
from kernel.problems import NotFound
from shared_apps.products import shelf_bounds as bounds
from shared_apps.products.serializers import ShelfBoundInput, ShelfBoundSerializer


@documented(summary="Whether malls may approve suppliers themselves", description="POST sets it anew, with its reason.")
class ShelfBound(ReadView, WriteView):
    access = Access("products.api_shelf_bound", posts=bounds.BOUND_POSTS)
    input_serializer = ShelfBoundInput
    output_serializer = ShelfBoundSerializer

    def read(self, request: Request, **path: Any) -> Any:
        history = bounds.shelf_bounds()
        if not history:
            raise NotFound
        return history[0]

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return bounds.set_shelf_bound(actor=actor_of(request), now=utc_now(), **data)
