"""API of the catalogue, on the region's host."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, WriteView, actor_of, documented
from kernel.clock import utc_now
from kernel.problems import NotFound
from shared_apps.classification import selectors
from shared_apps.classification.attributes import set_attributes
from shared_apps.classification.permissions import ADMINISTRATORS
from shared_apps.classification.serializers import (
    CategoryAttributesOutput,
    ItemPageOutput,
    ItemQuery,
    SetAttributesInput,
    views_of,
)


def _category(code: str) -> dict[str, Any]:
    shown = selectors.category(code=code)
    if shown is None:
        raise NotFound(category=code)
    return {
        "code": shown.code,
        "name": shown.name,
        "item_code": shown.item_code,
        "version": selectors.attribute_versions().get(code, 0),
        "attributes": selectors.attributes_of(category_code=code),
    }


@documented(summary="Item codes of the ministry's catalogue: a place in the tree, or a search")
class Items(ReadView):
    access = Access("classification.api_items", public=True)
    query_serializer = ItemQuery
    output_serializer = ItemPageOutput

    def read(self, request: Request, **path: Any) -> Any:
        given = self.query(request)
        return selectors.items(under=given["under"], text=given["q"])


@documented(summary="A shop category with its attributes")
class Category(ReadView):
    access = Access("classification.api_category", public=True)
    output_serializer = CategoryAttributesOutput

    def read(self, request: Request, **path: Any) -> Any:
        return _category(path["category_code"])


@documented(summary="Set the attributes of a shop category, as they were read")
class SetAttributes(WriteView):
    access = Access("classification.api_set_attributes", posts=ADMINISTRATORS)
    input_serializer = SetAttributesInput
    output_serializer = CategoryAttributesOutput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        set_attributes(
            actor=actor_of(request),
            category_code=path["category_code"],
            attributes=views_of(data["attributes"]),
            version=data["version"],
            reason=data["reason"],
            now=utc_now(),
        )
        return _category(path["category_code"])
