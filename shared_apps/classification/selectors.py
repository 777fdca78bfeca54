"""Reading the catalogue: small tables, kept for a minute in each process."""

from __future__ import annotations

import time
from dataclasses import dataclass

from shared_apps.classification.models import CatalogueCategory, CategoryAttribute, ItemCategory
from shared_apps.classification.rules import Kind

_KEPT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class CategoryView:
    """A shop category."""

    code: str
    name: str
    item_code: str
    item_name: str
    kind: Kind
    aliases: str


@dataclass(frozen=True, slots=True)
class AttributeView:
    key: str
    name: str
    type: str
    unit: str
    is_facet: bool


_kept: tuple[float, tuple[CategoryView, ...]] | None = None
_kept_attributes: tuple[float, dict[str, tuple[AttributeView, ...]]] | None = None


def forget() -> None:
    """After the catalogue changed in this process."""
    global _kept, _kept_attributes
    _kept = _kept_attributes = None


def catalogue() -> tuple[CategoryView, ...]:
    """The shop categories in their order. An empty answer is not kept: it is a catalogue about to be loaded."""
    global _kept
    if _kept and time.monotonic() - _kept[0] < _KEPT_SECONDS:
        return _kept[1]
    found = tuple(
        CategoryView(row.code, row.name, row.item_id, row.item.name, Kind(row.item.kind), row.aliases)
        for row in CatalogueCategory.objects.select_related("item").order_by("sort_order", "code")
    )
    _kept = (time.monotonic(), found) if found else None
    return found


def category(*, code: str) -> CategoryView | None:
    return next((found for found in catalogue() if found.code == code), None)


def attributes_of(*, category_code: str) -> tuple[AttributeView, ...]:
    """What products of a shop category say of themselves, in their order."""
    global _kept_attributes
    if _kept_attributes is None or time.monotonic() - _kept_attributes[0] >= _KEPT_SECONDS:
        found: dict[str, tuple[AttributeView, ...]] = {}
        for row in CategoryAttribute.objects.order_by("category_id", "sort_order", "key"):
            view = AttributeView(row.key, row.name, row.type, row.unit, row.is_facet)
            found[row.category_id] = (*found.get(row.category_id, ()), view)
        if not found:
            return ()
        _kept_attributes = (time.monotonic(), found)
    return _kept_attributes[1].get(category_code, ())


def item_name(*, code: str) -> str:
    """The name of an item code, or the code itself when it is not loaded."""
    return ItemCategory.objects.filter(code=code).values_list("name", flat=True).first() or code
