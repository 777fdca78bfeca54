"""Vocabulary of budget units, lines and their ledger. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from kernel.lifecycle import Lifecycle, Transition
from kernel.money import ZERO
from kernel.posts import Post


class EntryKind(StrEnum):
    """What an entry does to its line. A freeze is pending and resolves once: spent, released or carried on.

    Money that comes back after it was spent resolves the spending and is pending anew.
    """

    ALLOT = "allot"
    INCREASE = "increase"
    REDUCE = "reduce"
    TRANSFER_IN = "transfer_in"
    TRANSFER_OUT = "transfer_out"
    FREEZE = "freeze"
    # Late interest of an order, which is frozen and resolved apart from the order's own money.
    FREEZE_INTEREST = "freeze_interest"
    SPEND = "spend"
    RELEASE = "release"
    RETURN = "return"
    # A part of a freeze is given back, the rest stays pending.
    TRIM = "trim"
    # The end of the year: a line's money lapses or goes on, frozen money follows its order.
    LAPSE = "lapse"
    CARRY_OUT = "carry_out"
    CARRY_IN = "carry_in"
    FREEZE_OUT = "freeze_out"
    FREEZE_IN = "freeze_in"


PENDING = (EntryKind.FREEZE, EntryKind.FREEZE_INTEREST, EntryKind.FREEZE_IN, EntryKind.RETURN)
RESOLVING = (EntryKind.SPEND, EntryKind.RELEASE, EntryKind.FREEZE_OUT, EntryKind.RETURN)
OF_ORDERS = (*dict.fromkeys((*PENDING, *RESOLVING)), EntryKind.TRIM)

# Kind of entry to what it adds to total, frozen and spent, in times of its amount.
EFFECTS: Mapping[str, tuple[int, int, int]] = {
    EntryKind.ALLOT: (1, 0, 0),
    EntryKind.INCREASE: (1, 0, 0),
    EntryKind.REDUCE: (-1, 0, 0),
    EntryKind.TRANSFER_IN: (1, 0, 0),
    EntryKind.TRANSFER_OUT: (-1, 0, 0),
    EntryKind.FREEZE: (0, 1, 0),
    EntryKind.FREEZE_INTEREST: (0, 1, 0),
    EntryKind.SPEND: (0, -1, 1),
    EntryKind.RELEASE: (0, -1, 0),
    EntryKind.RETURN: (0, 1, -1),
    EntryKind.TRIM: (0, -1, 0),
    EntryKind.LAPSE: (-1, 0, 0),
    EntryKind.CARRY_OUT: (-1, 0, 0),
    EntryKind.CARRY_IN: (1, 0, 0),
    EntryKind.FREEZE_OUT: (-1, -1, 0),
    EntryKind.FREEZE_IN: (1, 1, 0),
}


class PlanState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    RETURNED = "returned"


P = PlanState
PLANNERS = frozenset({Post.BUYER_CLERK, Post.UNIT_ADMINISTRATOR})
_BUREAU = frozenset({Post.TIER_SUPERVISOR})
OPEN_PLANS = frozenset({P.DRAFT, P.SUBMITTED, P.RETURNED})
# Filing of a procurement plan. Source: Implementing Regulation art. 29.
PLAN_LIFECYCLE = Lifecycle(
    "procurement plan",
    PlanState,
    P.DRAFT,
    (P.ACCEPTED,),
    (
        Transition("amend", (P.DRAFT, P.RETURNED), P.DRAFT, PLANNERS),
        Transition("submit", (P.DRAFT, P.RETURNED), P.SUBMITTED, PLANNERS, guards=("at most the line's total",)),
        Transition("accept", (P.SUBMITTED,), P.ACCEPTED, _BUREAU),
        Transition("return", (P.SUBMITTED,), P.RETURNED, _BUREAU, guards=("comment",)),
    ),
)


class AdjustmentKind(StrEnum):
    INCREASE = "increase"
    DECREASE = "decrease"
    TRANSFER = "transfer"


class AdjustmentState(StrEnum):
    ASKED = "asked"
    APPLIED = "applied"
    REFUSED = "refused"


class Decision(StrEnum):
    """What becomes of a line's unspent money when its year is closed."""

    LAPSE = "lapse"
    CARRY = "carry"


class YearState(StrEnum):
    OPEN = "open"
    CLOSING = "closing"
    CLOSED = "closed"


def year_state(*, closing_at: datetime | None, closed_at: datetime | None) -> YearState:
    if closed_at is not None:
        return YearState.CLOSED
    return YearState.OPEN if closing_at is None else YearState.CLOSING


def parent_code(code: str, codes: Collection[str]) -> str | None:
    """The code of the nearest unit above, by the code's groups of three digits; None for a unit at the top.

    001001001 lies below 001001, or below 001 where there is no 001001.
    """
    return next((code[:end] for end in range(len(code) - 3, 0, -3) if code[:end] in codes), None)


def is_below(code: str, above: str) -> bool:
    """Whether the unit with `code` lies below the one with `above`, at any depth."""
    return len(code) > len(above) and code.startswith(above)


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
    item_id: int | None = None
    quota_number: str = ""

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
    other_line_id: int | None = None
    actor_id: int | None = None


@dataclass(frozen=True, slots=True)
class Balance:
    total: Decimal = ZERO
    frozen: Decimal = ZERO
    spent: Decimal = ZERO

    @property
    def available(self) -> Decimal:
        return self.total - self.frozen - self.spent

    def after(self, kind: str, amount: Decimal) -> Balance:
        """The balance once an entry is added. Raises KeyError for a kind that is none."""
        total, frozen, spent = EFFECTS[kind]
        return Balance(self.total + total * amount, self.frozen + frozen * amount, self.spent + spent * amount)


def running(entries: Iterable[Entry], opening: Balance | None = None) -> Sequence[tuple[Entry, Balance]]:
    """Each entry with the balance after it; the last one is the line's balance."""
    balance = opening or Balance()
    rows = []
    for entry in entries:
        balance = balance.after(entry.kind, entry.amount)
        rows.append((entry, balance))
    return rows
