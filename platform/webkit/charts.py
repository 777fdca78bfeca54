"""Charts as drawings of the server: no script, no inline style. The figures stand in a table beside each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

# Units of the drawing: as wide as the narrowest screen, so that its letters stay readable there.
WIDTH, HEIGHT = 360, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 6, 354, 26, 164
_GAP = Decimal("0.28")
_WIDEST = Decimal(48)


@dataclass(frozen=True, slots=True)
class Column:
    """One place of the axis: what is known of it, and what is expected beyond that."""

    label: str
    known: Decimal
    expected: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Rectangle:
    x: Decimal
    y: Decimal
    width: Decimal
    height: Decimal
    is_known: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """A word below a column."""

    x: Decimal
    text: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A column chart, ready to be drawn. `label` says what it shows to those who do not see it."""

    label: str
    width: int
    height: int
    base: int
    top: int
    left: int
    right: int
    rectangles: tuple[Rectangle, ...]
    marks: tuple[Mark, ...]
    highest: Decimal


def column_chart(*, label: str, columns: Sequence[Column]) -> Drawing:
    """Columns from nothing to the highest one. What is below nothing is not drawn: its figure is in the table."""
    heights = [(max(one.known, Decimal(0)), max(one.expected, Decimal(0))) for one in columns]
    highest = max((known + expected for known, expected in heights), default=Decimal(0))
    place = Decimal(_RIGHT - _LEFT) / max(len(columns), 1)
    width = min(place * (1 - _GAP), _WIDEST)
    rectangles, marks = [], []
    for index, (column, (known, expected)) in enumerate(zip(columns, heights, strict=True)):
        x = _LEFT + place * index + (place - width) / 2
        bottom = Decimal(_BOTTOM)
        for amount, is_known in ((known, True), (expected, False)):
            if not amount:
                continue
            height = amount / highest * (_BOTTOM - _TOP)
            bottom -= height
            rectangles.append(Rectangle(_short(x), _short(bottom), _short(width), _short(height), is_known))
        marks.append(Mark(_short(x + width / 2), column.label))
    return Drawing(
        label, WIDTH, HEIGHT, _BOTTOM, _TOP, _LEFT, _RIGHT, tuple(rectangles), tuple(marks), highest
    )  # fmt: skip


def _short(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"))


def part_of_hundred(part: Decimal | None, whole: Decimal | None) -> Decimal:
    """How long a bar of a hundred is; nothing for what is below nothing, all for what is above the whole."""
    if part is None or whole is None or whole <= 0:
        return Decimal(0)
    return _short(min(max(part / whole * 100, Decimal(0)), Decimal(100)))
