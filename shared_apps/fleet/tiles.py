"""The schematic of the region: one tile a finance level, laid out by prefecture. Not a map."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from shared_apps.fleet.selectors import MallRow
from tenants.divisions.selectors import Place, places

DATA = Path(__file__).parent / "data" / "tiles.csv"
COLUMNS = 5


@dataclass(frozen=True, slots=True)
class Tile:
    """One finance level. `state` is empty where there is neither mall nor application."""

    code: str
    name: str
    state: str
    has_mall: bool


@dataclass(frozen=True, slots=True)
class Block:
    """A prefecture with its own level first. `row` and `column` count from 1; 0 for one without a place."""

    code: str
    name: str
    row: int
    column: int
    tiles: tuple[Tile, ...]


@lru_cache(maxsize=1)
def layout() -> dict[str, tuple[int, int]]:
    """Row and column of each block by the group's code."""
    with DATA.open(encoding="utf-8", newline="") as file:
        return {line["group"]: (int(line["row"]), int(line["column"])) for line in csv.DictReader(file)}


def blocks(rows: Sequence[MallRow]) -> list[Block]:
    """Every finance level that has a mall, an application, or is meant to have one; one statement."""
    by_division = {row.division_code: row for row in rows if not row.is_practice}
    groups: dict[str, list[Tile]] = {}
    by_code = places()
    for place in by_code.values():
        row = by_division.get(place.code)
        if row is None and not place.is_default_tenant:
            continue
        groups.setdefault(place.prefecture_code, []).append(_tile(place, row))
    where = layout()
    found = [Block(code, by_code[code].name, *where.get(code, (0, 0)), tuple(tiles)) for code, tiles in groups.items()]
    # In the order of reading, which is also that of a narrow screen; those without a place last.
    return sorted(found, key=lambda block: (block.row or 99, block.column, block.code))


def _tile(place: Place, row: MallRow | None) -> Tile:
    if row is None:
        return Tile(place.code, place.name, "", False)
    return Tile(row.code, row.name, row.state, row.has_mall)
