"""What may not agree between journals, uses and statements: each kind has its name."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class DifferenceKind(StrEnum):
    # A journal row that counts on a meter, and nobody counted it.
    ROW_WITHOUT_USE = "row_without_use"
    # A use, and no journal row that it came of; rows that a restore took back are known.
    USE_WITHOUT_ROW = "use_without_row"
    # Two uses of one journal row on one meter.
    USE_TWICE = "use_twice"
    # The journal row stands, and its use is treated as taken back.
    ROW_MARKED_LOST = "row_marked_lost"
    WRONG_MALL = "wrong_mall"
    WRONG_MOMENT = "wrong_moment"
    WRONG_MONTH = "wrong_month"
    WRONG_QUANTITY = "wrong_quantity"
    WRONG_PERSON = "wrong_person"
    # A use on a meter that no app declares: nothing prices it.
    UNKNOWN_METER = "unknown_meter"
    # A use of a month whose statement is priced, and no line of it or of a later one names it.
    USE_IN_NO_LINE = "use_in_no_line"
    USE_NAMED_TWICE = "use_named_twice"
    # A line names a use of another mall, meter or month.
    USE_IN_WRONG_LINE = "use_in_wrong_line"
    # A line made again from the uses it names says something else.
    LINE_DIFFERS = "line_differs"
    TOTAL_DIFFERS = "total_differs"
    SHARES_DIFFER = "shares_differ"
    SEAL_BROKEN = "seal_broken"
    # The journal tells another seal than the statement bears, or none.
    SEAL_NOT_TOLD = "seal_not_told"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that does not agree. `reference` says where to look: room/epoch/row, or a statement and its line."""

    tenant_code: str
    kind: DifferenceKind
    meter: str
    reference: str
    expected: str = ""
    found: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """What a comparison looked at, and what it found."""

    rows: int
    uses: int
    differences: tuple[Difference, ...]
