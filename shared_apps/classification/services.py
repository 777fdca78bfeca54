"""Loading the catalogue from its files; a second loading changes nothing but what the files changed."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path

from kernel.actor import Actor
from kernel.problems import InvalidInput, NotPermitted
from shared_apps.classification.models import AttributeVersion, CatalogueCategory, CategoryAttribute, ItemCategory
from shared_apps.classification.permissions import ADMINISTRATORS
from shared_apps.classification.rules import kind_of, level_of
from shared_apps.region_journal.services import record
from tenants.database.context import region_atomic

FOLDER = Path(__file__).parent
DATA = FOLDER / "data"
Row = dict[str, str]


def load_catalogue(*, actor: Actor, now: datetime, folder: Path = DATA) -> tuple[int, int, int]:
    """Item codes, shop categories and attributes of `folder`; returns how many of each.

    The whole file set is one transaction and one journal row. Raises InvalidInput for a row that contradicts itself.
    """
    if not (actor.is_system or actor.posts & ADMINISTRATORS):
        raise NotPermitted(action="load_catalogue")
    items = _items(_read(folder / "item_categories.csv"))
    aliases = {row["code"]: row["aliases"] for row in _read(FOLDER / "aliases.csv")}
    categories = [
        CatalogueCategory(
            code=row["code"],
            name=row["name"],
            item_id=row["item_category"],
            sort_order=int(row["sort_order"]),
            aliases=aliases.get(row["code"], ""),
            verified=row["verified"] == "true",
        )
        for row in _read(folder / "catalogue_categories.csv")
    ]
    attributes = [
        CategoryAttribute(
            category_id=row["catalogue_category"],
            key=row["key"],
            name=row["name"],
            type=row["type"],
            unit=row["unit"],
            is_facet=row["is_facet"] == "true",
            sort_order=int(row["sort_order"]),
        )
        for row in _read(folder / "category_attributes.csv")
    ]
    with region_atomic():
        # What people have set since stays: the ministry's table, and attributes by version.
        imported = set(ItemCategory.objects.filter(imported_in__isnull=False).values_list("code", flat=True))
        own = set(AttributeVersion.objects.values_list("category_id", flat=True))
        counts = (len(items), len(categories), len(attributes))
        items = [item for item in items if item.code not in imported]
        attributes = [attribute for attribute in attributes if attribute.category_id not in own]
        # Parents before children: the foreign key is checked row by row.
        for level in sorted({item.level for item in items}):
            ItemCategory.objects.bulk_create(
                [item for item in items if item.level == level],
                update_conflicts=True,
                unique_fields=["code"],
                update_fields=["name", "level", "parent", "kind", "source", "verified"],
            )
        CatalogueCategory.objects.bulk_create(
            categories,
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=["name", "item", "sort_order", "aliases", "verified"],
        )
        CategoryAttribute.objects.bulk_create(
            attributes,
            update_conflicts=True,
            unique_fields=["category", "key"],
            update_fields=["name", "type", "unit", "is_facet", "sort_order"],
        )
        record(
            actor=actor,
            event="classification.catalogue_loaded",
            object_type="catalogue",
            object_id="items",
            facts=dict(zip(("items", "categories", "attributes"), counts, strict=True)),
            now=now,
        )
    return counts


def _items(rows: list[Row]) -> list[ItemCategory]:
    items = []
    for row in rows:
        code = row["code"]
        if level_of(code) != int(row["level"]) or kind_of(code) != row["kind"]:
            raise InvalidInput(errors={code: ["level or kind does not follow from the code"]})
        items.append(
            ItemCategory(
                code=code,
                name=row["name"],
                level=int(row["level"]),
                parent_id=row["parent"] or None,
                kind=row["kind"],
                source=row["source"],
                verified=row["verified"] == "true",
            )
        )
    return items


def _read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
