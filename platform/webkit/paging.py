"""Long lists a page at a time, for lists that are made in memory or counted anyway."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, QuerySet

Row = TypeVar("Row")
ROWS_A_PAGE = 200


@dataclass(frozen=True, slots=True)
class Paged(Generic[Row]):
    """One page of a list and the way to its neighbours; the filter of the address is kept."""

    rows: Sequence[Row]
    total: int
    previous_url: str
    next_url: str


def paged(
    rows: Sequence[Row] | QuerySet[Model, Row],
    *,
    number: int,
    path: str,
    wanted: Mapping[str, Any],
    size: int = ROWS_A_PAGE,
) -> Paged[Row]:
    """The `number`-th page of `rows`. `wanted` is the filter as it was read; what is empty stays out of the address.

    A list or a queryset: of the latter the page alone is read, and it is counted.
    """
    start = (number - 1) * size
    found = list(rows[start : start + size])
    total = rows.count() if isinstance(rows, QuerySet) else len(rows)
    return Paged(rows=found, total=total, **pages_around(path, wanted, number, more=total > start + size))


def pages_around(path: str, wanted: Mapping[str, Any], number: int, *, more: bool) -> dict[str, str]:
    """The addresses of the pages before and after, "" where there is none."""
    return {
        "previous_url": page_address(path, wanted, number - 1) if number > 1 else "",
        "next_url": page_address(path, wanted, number + 1) if more else "",
    }


def page_address(path: str, wanted: Mapping[str, Any], number: int) -> str:
    """The address of a page of the list under the same filter; the first page has no number."""
    return address_with(path, {**wanted, "page": number} if number > 1 else wanted)


def address_with(path: str, wanted: Mapping[str, Any]) -> str:
    """The path with what is wanted behind it; what is empty stays out."""
    text = urlencode({key: value for key, value in wanted.items() if value not in {"", None}})
    return f"{path}?{text}" if text else path
