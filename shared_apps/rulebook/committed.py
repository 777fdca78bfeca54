"""What a unit has committed in a fiscal year: sums by item code and class, and shares. Pure.

Source of the sums: Implementing Regulation art. 28 - one fiscal year, one purchaser, one budget item, the same item or
class of goods or services, bought more than once by other than open tender.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Final

NOTHING: Final = Decimal("0.00")
# Budget item and item code.
ItemKey = tuple[str, str]


class Scope(StrEnum):
    """What is added up: one item of the catalogue, or the class it stands in (art. 28: 同一品目或者类别)."""

    ITEM = "item"
    CLASS = "class"


@dataclass(frozen=True, slots=True)
class Excepted:
    """An accepted exception document: sums of `code` and what lies below it may reach `up_to`."""

    budget_item: str
    code: str
    up_to: Decimal
    number: str


@dataclass(frozen=True, slots=True)
class CommittedSum:
    """One sum: what was committed before, and what this purchase asks."""

    budget_item: str
    scope: Scope
    code: str
    before: Decimal
    asked: Decimal
    exception: Excepted | None = None

    @property
    def after(self) -> Decimal:
        return self.before + self.asked

    @property
    def is_excepted(self) -> bool:
        return self.exception is not None and self.after <= self.exception.up_to


@dataclass(frozen=True, slots=True)
class Committed:
    """`before` holds every item of the budget items that pay; `asked` what this purchase adds."""

    unit_id: int
    fiscal_year: int
    before: Mapping[ItemKey, Decimal]
    asked: Mapping[ItemKey, Decimal]
    exceptions: tuple[Excepted, ...] = ()

    def sums(self, *, class_level: int) -> tuple[CommittedSum, ...]:
        """The sums this purchase adds to, items before classes. `class_level` 0 adds up no classes.

        An item that is its own class gives one sum.
        """
        items = {key: self.before.get(key, NOTHING) for key in self.asked}
        found = [self._sum(Scope.ITEM, key, before, self.asked[key]) for key, before in items.items()]
        if class_level > 0:
            asked = _by_class(self.asked.items(), class_level)
            before = _by_class(self.before.items(), class_level)
            found += [
                self._sum(Scope.CLASS, key, before.get(key, NOTHING), amount)
                for key, amount in asked.items()
                if key not in items
            ]
        return tuple(found)

    def _sum(self, scope: Scope, key: ItemKey, before: Decimal, asked: Decimal) -> CommittedSum:
        budget_item, code = key
        fitting = [
            one for one in self.exceptions if one.budget_item == budget_item and code.startswith(stem_of(one.code))
        ]
        best = max(fitting, key=lambda one: one.up_to, default=None)
        return CommittedSum(budget_item, scope, code, before, asked, best)


@dataclass(frozen=True, slots=True)
class YearShares:
    """What a unit has committed in a fiscal year, this purchase not included."""

    total: Decimal = NOTHING
    sme: Decimal = NOTHING
    small: Decimal = NOTHING
    green_due: Decimal = NOTHING
    green: Decimal = NOTHING


@dataclass(frozen=True, slots=True)
class ReliefYear:
    """A unit's declaration on canteen food of a fiscal year, and what it reported to have bought in relief areas."""

    has_canteen: bool = True
    food_planned: Decimal = field(default=NOTHING)
    bought: Decimal = field(default=NOTHING)


def stem_of(code: str) -> str:
    """The code without its padding zeros: what every code below it begins with."""
    pairs = [code[at : at + 2] for at in range(1, len(code), 2)]
    while pairs and pairs[-1] == "00":
        pairs.pop()
    return code[:1] + "".join(pairs)


def class_of(code: str, level: int) -> str:
    """The code of the class that stands `level` digit pairs below the letter; a higher code is its own class."""
    if len(stem_of(code)) <= 1 + 2 * level:
        return code
    return code[: 1 + 2 * level].ljust(len(code), "0")


def _by_class(amounts: Iterable[tuple[ItemKey, Decimal]], level: int) -> dict[ItemKey, Decimal]:
    found: dict[ItemKey, Decimal] = {}
    for (budget_item, code), amount in amounts:
        key = (budget_item, class_of(code, level))
        found[key] = found.get(key, NOTHING) + amount
    return found
