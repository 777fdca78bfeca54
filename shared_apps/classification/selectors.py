"""Reading the catalogue: small tables, kept for a minute in each process."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q

from kernel.problems import NotFound
from shared_apps.classification.attribute_rules import AttributeView
from shared_apps.classification.models import (
    AttributeVersion,
    CatalogueCategory,
    CategoryAttribute,
    ItemCategory,
    ItemImport,
)
from shared_apps.classification.rules import Kind, ancestors_of

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


_kept: tuple[float, tuple[CategoryView, ...]] | None = None
_kept_attributes: tuple[float, dict[str, tuple[AttributeView, ...]]] | None = None
_kept_names: dict[str, tuple[float, str]] = {}


def forget() -> None:
    """After the catalogue changed in this process."""
    global _kept, _kept_attributes
    _kept = _kept_attributes = None
    _kept_names.clear()


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
        rows = CategoryAttribute.objects.filter(retired_at__isnull=True)
        for row in rows.order_by("category_id", "sort_order", "key"):
            view = AttributeView(
                key=row.key,
                name=row.name,
                type=row.type,
                unit=row.unit,
                is_facet=row.is_facet,
                is_required=row.is_required,
                choices=tuple(row.choices),
                min_value=row.min_value,
                max_value=row.max_value,
            )
            found[row.category_id] = (*found.get(row.category_id, ()), view)
        if not found:
            return ()
        _kept_attributes = (time.monotonic(), found)
    return _kept_attributes[1].get(category_code, ())


def item_name(*, code: str) -> str:
    """The name of an item code, or the code itself when it is not loaded."""
    return ItemCategory.objects.filter(code=code).values_list("name", flat=True).first() or code


def item_names(*, codes: Collection[str]) -> dict[str, str]:
    """Names by item code; codes that are not loaded are left out. One statement, none for what is kept a while."""
    now = time.monotonic()
    asked = {code for code in codes if code not in _kept_names or now - _kept_names[code][0] >= _KEPT_SECONDS}
    if asked:
        found = dict(ItemCategory.objects.filter(code__in=asked).values_list("code", "name"))
        for code in asked:
            _kept_names.pop(code, None)
        _kept_names.update({code: (now, name) for code, name in found.items()})
    return {code: _kept_names[code][1] for code in codes if code in _kept_names}


# -- the tree of items ------------------------------------------------------------------------------------------------
ITEMS_MAX = 200


@dataclass(frozen=True, slots=True)
class ItemView:
    """One item code, with how many codes stand directly below it."""

    code: str
    name: str
    level: int
    notes: str
    source: str
    verified: bool
    retired: bool
    below: int


@dataclass(frozen=True, slots=True)
class ItemPage:
    """A node with the way to it and what is below, or what a search found (at most ITEMS_MAX)."""

    node: ItemView | None
    above: tuple[ItemView, ...]
    items: tuple[ItemView, ...]
    more: bool


def items(*, under: str = "", text: str = "") -> ItemPage:
    """The tree at one place, or every item whose code begins with or whose name holds `text`.

    At most three statements. Raises NotFound for a code that is not there.
    """
    rows = ItemCategory.objects.annotate(below=Count("children", filter=Q(children__retired_at__isnull=True)))
    if text:
        found = rows.filter(Q(code__istartswith=text) | Q(name__icontains=text)).order_by("code")[: ITEMS_MAX + 1]
        views = tuple(_item_view(row) for row in found)
        return ItemPage(None, (), views[:ITEMS_MAX], len(views) > ITEMS_MAX)
    shown = rows.filter(retired_at__isnull=True).order_by("code")
    if not under:
        return ItemPage(None, (), tuple(_item_view(row) for row in shown.filter(parent__isnull=True)), False)
    node = rows.filter(code=under).first()
    if node is None:
        raise NotFound(item=under)
    by_code = {row.code: row for row in rows.filter(code__in=ancestors_of(under))}
    above, code = list[ItemView](), node.parent_id
    while code in by_code:
        above.append(_item_view(by_code[code]))
        code = by_code[code].parent_id
    below = tuple(_item_view(row) for row in shown.filter(parent_id=under))
    return ItemPage(_item_view(node), tuple(reversed(above)), below, False)


def all_items() -> Iterator[ItemView]:
    """Every item that is not retired, by code: for a file."""
    rows = ItemCategory.objects.annotate(below=Count("children", filter=Q(children__retired_at__isnull=True)))
    for row in rows.filter(retired_at__isnull=True).order_by("code"):
        yield _item_view(row)


def _item_view(row: Any) -> ItemView:
    return ItemView(
        code=row.code,
        name=row.name,
        level=row.level,
        notes=row.notes,
        source=row.source,
        verified=row.verified,
        retired=row.retired_at is not None,
        below=row.below,
    )


def is_current_item(*, code: str) -> bool:
    """Whether products may be given the code: it is there and not retired."""
    return ItemCategory.objects.filter(code=code, retired_at__isnull=True).exists()


def imports() -> tuple[ItemImport, ...]:
    """The last takings over of the ministry's table, newest first."""
    return tuple(ItemImport.objects.order_by("-id")[:20])


def attribute_versions() -> dict[str, int]:
    """The number of the last version by category; a category without one has the shipped attributes."""
    rows = AttributeVersion.objects.values_list("category_id").annotate(last=Max("number"))
    return dict(rows.order_by("category_id"))


def attribute_history(*, category_code: str) -> tuple[AttributeVersion, ...]:
    """The versions of a category's attributes, newest first."""
    return tuple(AttributeVersion.objects.filter(category_id=category_code).order_by("-number")[:20])
