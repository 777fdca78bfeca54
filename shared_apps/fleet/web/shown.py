"""Rows as the pages show them."""

from __future__ import annotations

from typing import Any

from shared_apps.fleet.selectors import MallRow
from shared_apps.fleet.words import LEVELS, MARKS, state_words

_UNITS = (("GB", 1024**3), ("MB", 1024**2), ("KB", 1024))


def size(value: int | None) -> str:
    """Bytes as a short text in units of 1,024; a dash where nothing was measured."""
    if value is None:
        return "—"
    for unit, factor in _UNITS:
        if value >= factor:
            return f"{value / factor:.1f} {unit}"
    return f"{value} B"


def shown(row: MallRow) -> dict[str, Any]:
    label, colour = state_words(state=row.state, has_mall=row.has_mall)
    return {
        "row": row,
        "level": LEVELS.get(row.level, row.level),
        "state_label": label,
        "state_colour": colour,
        "mark": MARKS[row.state],
        "size": size(row.schema_bytes),
    }
