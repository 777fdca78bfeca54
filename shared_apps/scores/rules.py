"""A supplier's score: parts, weights, and when there is none. Pure: no database, no Django.

No rule was found for any of it: weights, window and deadlines are a proposal until the region verifies a formula.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction

from kernel.clock import local_date
from kernel.lifecycle import Lifecycle, Transition
from kernel.posts import Post

TENTH = Decimal("0.1")
FULL = Decimal("100.0")


class Part(StrEnum):
    """What lowers a score. Each is a share of the orders that it is counted over."""

    DECLINED = "declined"
    EXPIRED = "expired"
    REFUSED = "refused"


class FormulaState(StrEnum):
    """Read off the row's moments: nothing else says it."""

    ENTERED = "entered"
    VERIFIED = "verified"
    WITHDRAWN = "withdrawn"
    PROPOSAL = "proposal"


class AppealState(StrEnum):
    FILED = "filed"
    ACCEPTED = "accepted"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"


SUPPLIER_POSTS = frozenset({Post.SUPPLIER_ADMIN, Post.SUPPLIER_SALES})
DECIDERS = frozenset({Post.REGION_SUPERVISOR})
READERS = frozenset({Post.REGION_SUPERVISOR, Post.TIER_SUPERVISOR, Post.CPB_OPERATOR, Post.AUDITOR})
APPEAL_LIFECYCLE = Lifecycle(
    name="appeal",
    states=AppealState,
    initial=AppealState.FILED,
    terminal=(AppealState.ACCEPTED, AppealState.DISMISSED, AppealState.WITHDRAWN),
    transitions=(
        Transition("accept", (AppealState.FILED,), AppealState.ACCEPTED, DECIDERS, guards=("reason",)),
        Transition("dismiss", (AppealState.FILED,), AppealState.DISMISSED, DECIDERS, guards=("reason",)),
        Transition("withdraw", (AppealState.FILED,), AppealState.WITHDRAWN, SUPPLIER_POSTS),
    ),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one order: the first moment of each step, None where it has not come."""

    accepted_at: datetime | None = None
    declined_at: datetime | None = None
    expired_at: datetime | None = None
    received_at: datetime | None = None
    refused_at: datetime | None = None

    @property
    def answered_at(self) -> datetime | None:
        """When the supplier took the order up or did not."""
        return min((at for at in (self.accepted_at, self.declined_at, self.expired_at) if at is not None), default=None)

    @property
    def bad_parts(self) -> Mapping[Part, datetime]:
        """What of it lowers the score, and since when."""
        found = {Part.DECLINED: self.declined_at, Part.EXPIRED: self.expired_at, Part.REFUSED: self.refused_at}
        return {part: at for part, at in found.items() if at is not None}


@dataclass(frozen=True, slots=True)
class Counts:
    """A supplier's orders of the window: answered ones, and ones whose goods were judged."""

    answered: int = 0
    declined: int = 0
    expired: int = 0
    judged: int = 0
    refused: int = 0

    def of(self, part: Part) -> tuple[int, int]:
        """How many lower the score, of how many."""
        if part == Part.REFUSED:
            return self.refused, self.judged
        return (self.declined if part == Part.DECLINED else self.expired), self.answered


@dataclass(frozen=True, slots=True)
class Formula:
    """Weights of the parts in points, adding up to 100. `version` 0 is the proposal that ships."""

    version: int
    name: str
    weights: Mapping[Part, int]
    orders_min: int
    window_days: int
    appeal_days: int
    decide_days: int
    document_number: str = ""
    valid_from: date | None = None

    @property
    def is_proposal(self) -> bool:
        return self.version == 0


PROPOSAL = Formula(
    version=0,
    name="演示方案（建议，未经核定）",
    weights={Part.DECLINED: 20, Part.EXPIRED: 30, Part.REFUSED: 50},
    orders_min=5,
    window_days=365,
    appeal_days=30,
    decide_days=20,
)


def count(outcomes: Iterable[Outcome]) -> Counts:
    """The counts of answered orders; an order that waits for its answer is not counted yet."""
    answered = [one for one in outcomes if one.answered_at is not None]
    return Counts(
        answered=len(answered),
        declined=sum(one.declined_at is not None for one in answered),
        expired=sum(one.expired_at is not None for one in answered),
        judged=sum(one.received_at is not None or one.refused_at is not None for one in answered),
        refused=sum(one.refused_at is not None for one in answered),
    )


def score(*, counts: Counts, formula: Formula) -> Decimal | None:
    """Points from 0 to 100 with one decimal, half up; None for too few answered orders.

    Each part loses its weight times its bad share. A part that nothing was counted for is left out, and the others
    make up the whole.
    """
    if counts.answered < max(1, formula.orders_min):
        return None
    weight = lost = Fraction(0)
    for part, points in formula.weights.items():
        bad, of = counts.of(part)
        if of:
            weight += points
            lost += Fraction(points * bad, of)
    if not weight:
        return None
    exact = 100 * (1 - lost / weight)
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(TENTH, ROUND_HALF_UP)


def window_from(*, formula: Formula, now: datetime) -> date:
    """The first day whose answers count, in Asia/Shanghai."""
    return local_date(now) - timedelta(days=formula.window_days)


def appeal_until(*, outcome: Outcome, formula: Formula) -> date | None:
    """The last day to appeal against an order; None when nothing of it lowers the score."""
    days = [local_date(at) for at in outcome.bad_parts.values()]
    return max(days) + timedelta(days=formula.appeal_days) if days else None
