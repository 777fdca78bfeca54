"""Bans of parties: their life, how long the law lets them last, and what fine it names. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from kernel.lifecycle import Lifecycle, Transition
from kernel.posts import Post


class SanctionState(StrEnum):
    DRAFTED = "drafted"
    IN_FORCE = "in_force"
    ENDED = "ended"
    LIFTED = "lifted"
    ANNULLED = "annulled"


class Scope(StrEnum):
    """What the decision says of where it holds. A decision holds in the whole country (Caiku [2015] 150, 2)."""

    EVERYWHERE = "everywhere"
    DIVISIONS = "divisions"
    UNKNOWN = "unknown"


class LiftGround(StrEnum):
    """Why a ban ended before its time."""

    RECONSIDERATION = "reconsideration"
    COURT = "court"
    ISSUER = "issuer"


S = SanctionState
# Decisions on bans are the finance departments' (Law arts. 77 and 78, Regulation arts. 72 to 74).
KEEPERS = frozenset({Post.TIER_SUPERVISOR, Post.REGION_SUPERVISOR})
SANCTION_LIFECYCLE = Lifecycle(
    name="sanction",
    states=SanctionState,
    initial=S.DRAFTED,
    terminal=(S.ENDED, S.LIFTED, S.ANNULLED),
    transitions=(
        Transition(
            action="put_in_force",
            sources=(S.DRAFTED,),
            target=S.IN_FORCE,
            posts=KEEPERS,
            guards=("another person than who entered it", "the decision is attached"),
        ),
        # Implementing Regulation art. 19: when its time is over the party may take part again.
        Transition(action="end", sources=(S.IN_FORCE,), target=S.ENDED, posts=(None,), guards=("its time is over",)),
        Transition(action="lift", sources=(S.IN_FORCE,), target=S.LIFTED, posts=KEEPERS, guards=("a decision",)),
        # A wrong entry is never edited: it is annulled and entered anew.
        Transition(
            action="annul", sources=(S.DRAFTED, S.IN_FORCE), target=S.ANNULLED, posts=KEEPERS, guards=("reason",)
        ),
    ),
)
# What the public never sees is what was never in force.
PUBLIC_STATES = (S.IN_FORCE, S.ENDED, S.LIFTED, S.ANNULLED)


@dataclass(frozen=True, slots=True)
class Cause:
    """A situation of the statutes with what they say of ban and fine; None where they say nothing.

    `fine_per_mille` is of the purchase's amount; `fine` is in yuan. Both bounds belong to the range.
    """

    code: str
    party_kind: str
    statute: str
    article: int
    article_label: str
    item: str
    words: str
    ban_years: tuple[int, int]
    fine_per_mille: tuple[Decimal, Decimal] | None
    fine: tuple[Decimal | None, Decimal] | None


@dataclass(frozen=True, slots=True)
class Period:
    """The days of a ban: from `starts_on` until the day before `returns_on`."""

    starts_on: date
    returns_on: date

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day < self.returns_on

    @property
    def last_on(self) -> date:
        return self.returns_on - timedelta(days=1)


def years_later(day: date, years: int) -> date:
    """The same day so many years later; 1 March for 29 February where it is missing: full years."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def return_range(*, starts_on: date, cause: Cause) -> tuple[date, date]:
    """The earliest and the latest day of return that the law allows, full years counted with the first day.

    How a decision counts its years is not fixed in the texts at hand: the first day is counted here.
    """
    fewest, most = cause.ban_years
    return years_later(starts_on, fewest), years_later(starts_on, most)


def fine_range(*, cause: Cause, purchase_amount: Decimal | None) -> tuple[Decimal | None, Decimal] | None:
    """Bounds of the fine in yuan, both included; None where the law or the purchase's amount is not known."""
    if cause.fine_per_mille is not None:
        if purchase_amount is None:
            return None
        least, most = cause.fine_per_mille
        return purchase_amount * least / 1000, purchase_amount * most / 1000
    return cause.fine


def is_held(*, bans: Iterable[tuple[str, Period]], on: date) -> bool:
    """Whether a party with these bans, by state and days, is kept out on that day."""
    return any(state == S.IN_FORCE and on in period for state, period in bans)


def reference_of(key: int) -> str:
    """What a ban is called outside: by its row."""
    return f"CF{key:06}"
