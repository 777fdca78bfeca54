"""Figures of price control that no rule gives: proposals, dated and editable. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Parameter(StrEnum):
    """What may be set. The names say the unit."""

    ABOVE_PAID_PERCENT = "above_paid_percent"
    ABOVE_OFFERS_PERCENT = "above_offers_percent"
    OFFERS_COMPARED_MIN = "offers_compared_min"
    RAISED_BEFORE_DISCOUNT_DAYS = "raised_before_discount_days"
    REVIEW_WORKING_DAYS = "review_working_days"
    REFERENCE_DAYS = "reference_days"
    REFERENCE_ORDERS_MIN = "reference_orders_min"
    ENDING_WARNING_DAYS = "ending_warning_days"
    LICENSED_SCOPE = "licensed_scope"


@dataclass(frozen=True, slots=True)
class Bounds:
    """The proposal the platform ships, and what may be entered instead."""

    proposal: Decimal
    low: int
    high: int
    places: int = 0


# No rule of the region was found for any of them. 180 days and three working days are how the work was ordered.
BOUNDS: Mapping[Parameter, Bounds] = {
    Parameter.ABOVE_PAID_PERCENT: Bounds(Decimal(15), 0, 500),
    Parameter.ABOVE_OFFERS_PERCENT: Bounds(Decimal(20), 0, 500),
    Parameter.OFFERS_COMPARED_MIN: Bounds(Decimal(2), 1, 50),
    Parameter.RAISED_BEFORE_DISCOUNT_DAYS: Bounds(Decimal(30), 1, 366),
    Parameter.REVIEW_WORKING_DAYS: Bounds(Decimal(3), 1, 30),
    Parameter.REFERENCE_DAYS: Bounds(Decimal(180), 30, 730),
    # Below it a range would say what one mall paid.
    Parameter.REFERENCE_ORDERS_MIN: Bounds(Decimal(3), 2, 50),
    # How long before an offer ends its supplier is told, and how long after its end it can be renewed in one step.
    Parameter.ENDING_WARNING_DAYS: Bounds(Decimal(14), 1, 90),
    # 0 is not looked at, 1 is shown to the reviewer, 2 must be corrected first. No rule of the region says that offers
    # must fall within the scope, so nothing is looked at until it does.
    Parameter.LICENSED_SCOPE: Bounds(Decimal(0), 0, 2),
}


@dataclass(frozen=True, slots=True)
class Parameters:
    """The figures in force on a day: what was entered, and the proposal where nothing was."""

    entered: Mapping[str, Decimal]

    def __getitem__(self, name: Parameter) -> Decimal:
        return self.entered.get(name, BOUNDS[name].proposal)

    def whole(self, name: Parameter) -> int:
        return int(self[name])
