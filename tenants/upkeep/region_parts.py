"""What the region keeps of a mall, for its export. Each app that keeps something registers its part at app start."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kernel.registry import Registry

Rows = Callable[[str], Iterable[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class RegionPart:
    """Rows of the region about one mall. `columns` maps each column to its type, in the order of the rows."""

    name: str
    about: str
    columns: Mapping[str, str]
    rows: Rows


parts: Registry[RegionPart] = Registry("parts of the region in an export")


def region_part(name: str, *, about: str, columns: Mapping[str, str]) -> Callable[[Rows], Rows]:
    """Declares a part. The function takes the tenant's code and reads as the owner, in the export's one moment."""

    def declare(rows: Rows) -> Rows:
        parts.register(name, RegionPart(name, about, columns, rows))
        return rows

    return declare


def every_field(model: Any) -> dict[str, str]:
    """All columns of a model with the database's types, for a part that is a table's rows of one mall."""
    from django.db import connections

    from tenants.database.context import REGION_ALIAS

    connection = connections[REGION_ALIAS]
    return {field.column: str(field.db_type(connection)) for field in model._meta.concrete_fields}
