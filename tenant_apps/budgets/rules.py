"""Vocabulary of budget units, lines and their ledger. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from kernel.money import ZERO


class EntryKind(StrEnum):
    """`freeze` is pending and resolves once, by `spend` or by `release`; the other two change the total."""

    ALLOT = "allot"
    REDUCE = "reduce"
    FREEZE = "freeze"
    SPEND = "spend"
    RELEASE = "release"


RESOLVING = (EntryKind.SPEND, EntryKind.RELEASE)


class FundSource(StrEnum):
    """Where a line's money comes from. The wording of the kinds is the platform's, not an official code list."""

    FISCAL = "fiscal"
    SPECIAL_ACCOUNT = "special_account"
    OWN_INCOME = "own_income"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class UnitView:
    id: int
    code: str
    name: str
    organisation_id: int
    is_active: bool


@dataclass(frozen=True, slots=True)
class LineView:
    """A budget line with its balance. `available` is what may still be frozen."""

    id: int
    unit_id: int
    unit_code: str
    unit_name: str
    fiscal_year: int
    plan_number: str
    plan_filed_on: date | None
    budget_item: str
    fund_source: str
    functional_class: str
    economic_class: str
    total: Decimal
    frozen: Decimal
    spent: Decimal
    is_open: bool

    @property
    def available(self) -> Decimal:
        return self.total - self.frozen - self.spent

    @property
    def plan_filed(self) -> bool:
        return self.plan_filed_on is not None


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the ledger as statements read it."""

    id: int
    kind: str
    amount: Decimal
    order_id: int | None
    resolves_id: int | None
    reason: str
    actor_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Balance:
    total: Decimal = ZERO
    frozen: Decimal = ZERO
    spent: Decimal = ZERO

    @property
    def available(self) -> Decimal:
        return self.total - self.frozen - self.spent

    def after(self, kind: str, amount: Decimal) -> Balance:
        """The balance once an entry is added."""
        total, frozen, spent = self.total, self.frozen, self.spent
        match kind:
            case EntryKind.ALLOT:
                total += amount
            case EntryKind.REDUCE:
                total -= amount
            case EntryKind.FREEZE:
                frozen += amount
            case EntryKind.SPEND:
                frozen, spent = frozen - amount, spent + amount
            case EntryKind.RELEASE:
                frozen -= amount
            case _:
                raise ValueError(f"unknown kind of entry {kind!r}")
        return Balance(total, frozen, spent)


def running(entries: Iterable[Entry]) -> Sequence[tuple[Entry, Balance]]:
    """Each entry with the balance after it; the last one is the line's balance."""
    balance = Balance()
    rows = []
    for entry in entries:
        balance = balance.after(entry.kind, entry.amount)
        rows.append((entry, balance))
    return rows
