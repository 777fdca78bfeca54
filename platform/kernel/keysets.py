"""Pages of a list: a cursor names the last row of the page before, not how many rows went before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from kernel.problems import InvalidInput

T = TypeVar("T")
Row = TypeVar("Row", bound=Model)


def page_after(rows: Sequence[T], *, after: str, size: int, key: Callable[[T], str]) -> tuple[list[T], str | None]:
    """Of a list in memory: the next `size` rows behind the one whose key is `after`, from the first without one.

    The second value is the next cursor.

    Raises InvalidInput for a cursor that is in the list no more: where it was nobody can say.
    """
    start = 0
    if after:
        found = next((number for number, row in enumerate(rows) if key(row) == after), None)
        if found is None:
            raise InvalidInput(errors={"after": [str(_("The list does not have this row any more: begin anew."))]})
        start = found + 1
    page = list(rows[start : start + size])
    return page, key(page[-1]) if start + size < len(rows) else None


def page_of_rows(
    rows: QuerySet[Row], *, after: int | None, size: int, oldest_first: bool = False
) -> tuple[list[Row], int | None]:
    """The next `size` rows behind the id `after`, and the next cursor. One statement."""
    if after is not None:
        rows = rows.filter(pk__gt=after) if oldest_first else rows.filter(pk__lt=after)
    found = list(rows.order_by("pk" if oldest_first else "-pk")[: size + 1])
    return found[:size], found[size - 1].pk if len(found) > size else None
