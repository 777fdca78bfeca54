"""Reports to the budget-management system: their kinds, states and numbers. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from kernel.lifecycle import Lifecycle, Transition
from kernel.money import ZERO
from kernel.posts import Post
from tenant_apps.budgets.rules import Balance, EntryKind


class ReportKind(StrEnum):
    """What is reported of an order's money. Our ledger spends when the treasury has paid: spending is the payment."""

    FREEZE = "freeze"
    SPEND = "spend"
    RELEASE = "release"
    RETURN = "return"


# Entries of the ledger that are reported; money carried into a new year is not: that system carries its own.
REPORTED: Mapping[EntryKind, ReportKind] = {
    EntryKind.FREEZE: ReportKind.FREEZE,
    EntryKind.FREEZE_INTEREST: ReportKind.FREEZE,
    EntryKind.SPEND: ReportKind.SPEND,
    EntryKind.RELEASE: ReportKind.RELEASE,
    EntryKind.TRIM: ReportKind.RELEASE,
    EntryKind.RETURN: ReportKind.RETURN,
}


class ReportState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    ACCEPTED = "accepted"
    REFUSED = "refused"


S = ReportState
_SYSTEM: frozenset[Post | None] = frozenset({None})
REPORT_LIFECYCLE = Lifecycle(
    "budget report",
    ReportState,
    S.WAITING,
    (S.ACCEPTED,),
    (
        Transition("send", (S.WAITING,), S.SENT, _SYSTEM, guards=("the system has taken it and answers later",)),
        Transition("accept", (S.WAITING, S.SENT), S.ACCEPTED, _SYSTEM),
        Transition("refuse", (S.WAITING, S.SENT), S.REFUSED, _SYSTEM, guards=("reason",)),
        Transition("resend", (S.REFUSED,), S.WAITING, frozenset({Post.TIER_SUPERVISOR})),
    ),
)
OPEN = frozenset({S.WAITING, S.SENT})


@dataclass(frozen=True, slots=True)
class Compared:
    """One quota as the two sides have it; None where a side does not know it."""

    quota_number: str
    name: str
    line_id: int | None
    ours: tuple[Decimal, Decimal, Decimal] | None
    theirs: tuple[Decimal, Decimal, Decimal] | None
    unsettled: int

    @property
    def is_missing_here(self) -> bool:
        return self.ours is None

    @property
    def differs(self) -> bool:
        return self.ours != self.theirs

    @property
    def our_balance(self) -> Balance | None:
        return Balance(*self.ours) if self.ours else None

    @property
    def their_balance(self) -> Balance | None:
        return Balance(*self.theirs) if self.theirs else None

    @property
    def differences(self) -> tuple[Decimal, Decimal, Decimal]:
        """Ours less theirs: total, frozen, spent."""
        ours, theirs = self.ours or (ZERO, ZERO, ZERO), self.theirs or (ZERO, ZERO, ZERO)
        return ours[0] - theirs[0], ours[1] - theirs[1], ours[2] - theirs[2]
