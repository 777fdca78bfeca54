"""Pages of a list that is in memory: a cursor names the last row of the page before, not how many rows went before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from django.utils.translation import gettext_lazy as _

from kernel.problems import InvalidInput

T = TypeVar("T")


def page_after(rows: Sequence[T], *, after: str, size: int, key: Callable[[T], str]) -> tuple[list[T], str | None]:
    """The next `size` rows behind the one whose key is `after`, from the first without one; and the next cursor.

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
