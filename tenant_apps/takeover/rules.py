"""The life of a takeover package, which orders may be taken over, and whether a package's money adds up. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from kernel.lifecycle import Lifecycle, Transition
from kernel.money import ZERO
from kernel.posts import SUPERVISE_FROM_ABOVE, Post

# A run says that it lives with every piece; when it has been silent for so long another takes the package up.
LEASE = timedelta(seconds=60)
# A wake-up that nobody followed is repeated by the sweep.
WAKE_UP = timedelta(seconds=20)
RUNS_MAX = 20
# One piece is one transaction: a longer one would hold the journal's relay and the budget lines back.
PIECE_ITEMS = 50
# All sheets of a package together.
ROWS_MAX = 50_000
ERRORS_KEPT = 1000
OPEN_MAX = 5
# Read in the request that sends it.
SMALL_BYTES_MAX = 100 * 1024
SMALL_ITEMS_MAX = 50


class TakeoverState(StrEnum):
    RECEIVED = "received"
    READING = "reading"
    UNREADABLE = "unreadable"
    CHECKED = "checked"
    PROPOSED = "proposed"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"


S = TakeoverState
# The bureau that runs the mall, and the body that runs it for the bureau; the money is the bureau's to confirm.
SENDERS = frozenset({Post.TIER_SUPERVISOR, Post.CPB_OPERATOR})
CONFIRMERS = frozenset({Post.TIER_SUPERVISOR})
READERS = SENDERS | SUPERVISE_FROM_ABOVE | {Post.AUDITOR}
_SYSTEM: tuple[Post | None, ...] = (None,)

TAKEOVER_LIFECYCLE = Lifecycle(
    name="takeover",
    states=TakeoverState,
    initial=S.RECEIVED,
    terminal=(S.UNREADABLE, S.DONE, S.CANCELLED),
    transitions=(
        Transition("read", (S.RECEIVED,), S.READING, _SYSTEM),
        Transition("refuse", (S.READING,), S.UNREADABLE, _SYSTEM),
        Transition("check", (S.READING,), S.CHECKED, _SYSTEM),
        Transition("judge_again", (S.CHECKED,), S.RECEIVED, SENDERS),
        Transition(
            "propose", (S.CHECKED,), S.PROPOSED, SENDERS, guards=("nothing wrong", "every code mapped", "sums match")
        ),
        Transition("send_back", (S.PROPOSED,), S.CHECKED, SENDERS),
        Transition("confirm", (S.PROPOSED,), S.RUNNING, CONFIRMERS, guards=("not who proposed it",)),
        Transition("finish", (S.RUNNING,), S.DONE, _SYSTEM),
        Transition("give_up", (S.READING, S.RUNNING), S.CANCELLED, _SYSTEM, guards=("broken off too often",)),
        Transition("cancel", (S.RECEIVED, S.READING, S.CHECKED, S.PROPOSED), S.CANCELLED, SENDERS),
    ),
)
ENDED = frozenset({S.UNREADABLE, S.DONE, S.CANCELLED})
AT_WORK = frozenset({S.RECEIVED, S.READING, S.RUNNING})


class Outcome(StrEnum):
    """What an item of a package does; `refused` is the database's last word while the package is taken over."""

    NEW = "new"
    SAME = "same"
    WRONG = "wrong"
    DONE = "done"
    REFUSED = "refused"


class ItemKind(StrEnum):
    LINE = "line"
    ORDER = "order"


class CodeKind(StrEnum):
    """What codes of the old mall are mapped to codes of ours. A credit code or the region's number needs no mapping."""

    UNIT = "unit"
    SUPPLIER = "supplier"
    PRODUCT = "product"
    STATE = "state"
    PERSON = "person"


# A person of the old mall who has no account here: chosen, never guessed.
NOBODY = "-"


@dataclass(frozen=True, slots=True)
class TakenState:
    """A state in which an order may arrive: which days it must bring, and whether its money is still frozen."""

    state: str
    days: tuple[str, ...]
    is_paid: bool = False

    @property
    def is_shipped(self) -> bool:
        return "shipped_on" in self.days


# What is open in the old mall and can go on here by the ordinary steps. Not among them: what nobody approved yet (it is
# submitted here anew, and judged), what the treasury is paying, and what is in dispute (ended there first).
TAKEN_STATES: Mapping[str, TakenState] = {
    one.state: one
    for one in (
        TakenState("placed", ("placed_on",)),
        TakenState("accepted", ("placed_on", "accepted_on")),
        TakenState("shipped", ("placed_on", "accepted_on", "shipped_on")),
        TakenState("returned", ("placed_on", "accepted_on", "shipped_on")),
        TakenState("goods_accepted", ("placed_on", "accepted_on", "shipped_on", "received_on")),
        TakenState("paid", ("placed_on", "accepted_on", "shipped_on", "received_on", "paid_on"), is_paid=True),
    )
}
DAYS = ("placed_on", "accepted_on", "shipped_on", "received_on", "paid_on")


def days_wrong(*, state: str, days: Mapping[str, date | None], today: date) -> tuple[str, str] | None:
    """The first day that does not fit the state, and why: "missing", "too-early", "future" or "not-yet"."""
    needed = TAKEN_STATES[state].days
    before: date | None = None
    for name in DAYS:
        day = days.get(name)
        if day is None:
            if name in needed:
                return name, "missing"
            continue
        if name not in needed:
            return name, "not-yet"
        if day > today:
            return name, "future"
        if before is not None and day < before:
            return name, "too-early"
        before = day
    return None


# -- money -----------------------------------------------------------------------------------------------------------
LineKey = tuple[str, int, str]
"""A budget line as the package names it: the old unit's code, the fiscal year, the plan's number."""


@dataclass(frozen=True, slots=True)
class LineMoney:
    total: Decimal
    frozen: Decimal
    spent: Decimal


@dataclass(frozen=True, slots=True)
class Draw:
    """What one order takes from one budget line."""

    line: LineKey
    state: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Comparison:
    """One figure of the package's control totals beside the sum of its orders."""

    what: str  # "orders", "amount", "frozen", "spent" or "total"
    line: LineKey
    state: str
    said: Decimal
    summed: Decimal
    matches: bool


def earlier_spent(money: LineMoney, draws: Iterable[Draw]) -> Decimal:
    """What the old mall spent of a line on orders that are over there: it is taken off, and no order carries it."""
    return money.spent - sum((draw.amount for draw in draws if TAKEN_STATES[draw.state].is_paid), ZERO)


def reconcile(
    *,
    lines: Mapping[LineKey, LineMoney],
    draws: Sequence[Draw],
    controls: Mapping[tuple[LineKey, str], tuple[int, Decimal]],
) -> tuple[Comparison, ...]:
    """Every figure the package states beside what its orders add up to, to the cent.

    A pair of line and state that only one side has is a difference too. Spent may be more than the paid orders of the
    package: the rest was spent on orders that ended in the old mall.
    """
    found: list[Comparison] = []
    summed: dict[tuple[LineKey, str], tuple[int, Decimal]] = {}
    for draw in draws:
        count, amount = summed.get((draw.line, draw.state), (0, ZERO))
        summed[draw.line, draw.state] = (count + 1, amount + draw.amount)
    for line, state in sorted({*controls, *summed}):
        said, own = controls.get((line, state), (0, ZERO)), summed.get((line, state), (0, ZERO))
        found.append(_compared("orders", line, state, Decimal(said[0]), Decimal(own[0])))
        found.append(_compared("amount", line, state, said[1], own[1]))
    for line, money in sorted(lines.items()):
        own_draws = [draw for draw in draws if draw.line == line]
        frozen = sum((draw.amount for draw in own_draws if not TAKEN_STATES[draw.state].is_paid), ZERO)
        paid = sum((draw.amount for draw in own_draws if TAKEN_STATES[draw.state].is_paid), ZERO)
        found.append(_compared("frozen", line, "", money.frozen, frozen))
        found.append(Comparison("spent", line, "", money.spent, paid, money.spent >= paid))
        used = money.frozen + money.spent
        found.append(Comparison("total", line, "", money.total, used, money.total >= used))
    return tuple(found)


def _compared(what: str, line: LineKey, state: str, said: Decimal, summed: Decimal) -> Comparison:
    return Comparison(what, line, state, said, summed, said == summed)


def matches(found: Iterable[Comparison]) -> bool:
    return all(one.matches for one in found)
