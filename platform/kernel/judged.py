"""What storing one row of many would do: the answer of every set-based service that takes tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["new", "changed", "unchanged", "wrong"]


@dataclass(frozen=True, slots=True)
class JudgedRow:
    """`column` and `reason` where the row cannot be stored."""

    verdict: Verdict
    column: str = ""
    reason: str = ""
