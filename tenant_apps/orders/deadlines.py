"""What is due of an order now, since when it runs, and how much of the time is used. Pure.

To answer: working days of the calendar (R-ACCEPT, a proposal). To deliver: the day the supplier promised, from the
delivery days of its offers. To pay: the clock of small suppliers (`payment_clock`). To close: R-CLOSE, a proposal.
Nothing says by when goods must be inspected: no limit is shown for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum

from kernel.clock import SHANGHAI
from tenant_apps.orders.payment_clock import payment_late_from
from tenant_apps.orders.rules import OrderState

S = OrderState
DELIVERING = frozenset({S.ACCEPTED, S.CONTRACTED, S.PARTLY_ACCEPTED, S.GOODS_REFUSED, S.RETURNED})
PAYABLE = frozenset({S.GOODS_ACCEPTED, S.INVOICED, S.PAYMENT_FAILED})


class Used(IntEnum):
    """How far a limit has run, in percent of its time."""

    NONE = 0
    HALF = 50
    MOST = 80
    OVER = 100


@dataclass(frozen=True, slots=True)
class Limit:
    """`due_at` is the first moment that is late."""

    begins_at: datetime
    due_at: datetime

    def used(self, now: datetime) -> Used:
        if now >= self.due_at:
            return Used.OVER
        whole = (self.due_at - self.begins_at).total_seconds()
        percent = 100 * (now - self.begins_at).total_seconds() / whole if whole > 0 else 100
        return Used.MOST if percent >= Used.MOST else Used.HALF if percent >= Used.HALF else Used.NONE


def promised_day(*, accepted_on: date, delivery_days: Iterable[int]) -> date | None:
    """The last day to deliver by: the longest of the offers' delivery days after acceptance; None without any."""
    longest = max(delivery_days, default=0)
    return accepted_on + timedelta(days=longest) if longest else None


def midnight_after(day: date) -> datetime:
    """The first moment after a day, in Xinjiang."""
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), tzinfo=SHANGHAI)


def limit_of(
    *,
    state: str,
    placed_at: datetime | None,
    accepted_at: datetime | None,
    promised_on: date | None,
    goods_accepted_at: datetime | None,
    paid_at: datetime | None,
    next_due_at: datetime | None,
    is_sme: bool,
    agreed_days: int | None = None,
) -> Limit | None:
    """The limit that runs in this state; None where none does."""
    if state == S.PLACED and placed_at and next_due_at:
        return Limit(placed_at, next_due_at)
    if state in DELIVERING and accepted_at and promised_on:
        return Limit(accepted_at, midnight_after(promised_on))
    if state in PAYABLE and goods_accepted_at:
        late_from = payment_late_from(goods_accepted_at=goods_accepted_at, is_sme=is_sme, agreed_days=agreed_days)
        return Limit(goods_accepted_at, late_from) if late_from else None
    if state == S.PAID and paid_at and next_due_at:
        return Limit(paid_at, next_due_at)
    return None
