"""Periods of statements that no rule gives: proposals (未核实), dated and editable. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Period(StrEnum):
    """What may be set. The names say the unit."""

    CLOSING_GRACE_DAYS = "closing_grace_days"
    DISPUTE_WORKING_DAYS = "dispute_working_days"
    ANSWER_WORKING_DAYS = "answer_working_days"
    PAYMENT_DAYS = "payment_days"


@dataclass(frozen=True, slots=True)
class Bounds:
    """The proposal the platform ships, and what may be entered instead."""

    proposal: int
    low: int
    high: int


# No rule of the region was found for any of them: the founding document names no period of fees.
BOUNDS: Mapping[Period, Bounds] = {
    # Days after a month's end before it is closed by itself, so that what arrives late is still in it.
    Period.CLOSING_GRACE_DAYS: Bounds(3, 0, 28),
    # From the day after the statement is issued.
    Period.DISPUTE_WORKING_DAYS: Bounds(10, 1, 60),
    # From the day after a dispute is filed.
    Period.ANSWER_WORKING_DAYS: Bounds(10, 1, 60),
    # Calendar days from the day after the statement is issued.
    Period.PAYMENT_DAYS: Bounds(30, 1, 366),
}


@dataclass(frozen=True, slots=True)
class Periods:
    """The figures in force on a day: what was entered, and the proposal where nothing was."""

    entered: Mapping[str, int]

    def __getitem__(self, name: Period) -> int:
        return self.entered.get(name, BOUNDS[name].proposal)
