"""When accepted goods must be paid, and what lateness costs. Pure.

Source: Regulation on Ensuring Payment to Small and Medium-sized Enterprises (State Council Order 802, in force since
2025-06-01). Arts. 9-10: a public body pays within 30 days of delivery, or as the contract says but within 60; where the
contract makes acceptance a condition, of the day the goods were accepted. The day itself is not counted (Civil Code
art. 201). Calendar days: the Regulation says 日, not working days. Art. 17: who is late owes interest; where no rate
was agreed, 0.05 % of the amount for each day. This platform keeps no agreed rate: one may not be below the one-year LPR
of the day of the contract, which no source at hand gives.

For other suppliers no term of law was found that we could verify: none is shown, and no interest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from kernel.clock import SHANGHAI, local_date
from kernel.money import ZERO
from shared_apps.rulebook.late_payment import late_interest

SME_PAYMENT_DAYS = 30
# The longest term that may be agreed (art. 9).
AGREED_DAYS_MOST = 60
# From how many days before the last one the payer's list warns: ours, not the law's.
WARNING_DAYS = 7


@dataclass(frozen=True, slots=True)
class PaymentDue:
    """`last_on` is the last day in time; `days_left` is 0 on it and negative when it has passed."""

    last_on: date
    days_left: int
    amount: Decimal = ZERO

    @property
    def overdue(self) -> bool:
        return self.days_left < 0

    @property
    def days_late(self) -> int:
        return max(0, -self.days_left)

    @property
    def soon(self) -> bool:
        return 0 <= self.days_left <= WARNING_DAYS

    @property
    def interest(self) -> Decimal:
        """What lateness has cost up to the day this is said of."""
        return late_interest(amount=self.amount, days=self.days_late)


def interest_between(*, amount: Decimal, last_on: date, start: date, end: date) -> Decimal:
    """What the late days of the half-open period from `start` until before `end` add.

    The first late day is the one after `last_on`. Periods that follow each other add up to the interest of the whole:
    each is the difference of two sums that are rounded once, so that no cent is made or lost by cutting.
    """
    first_late = last_on + timedelta(days=1)

    def until(day: date) -> Decimal:
        return late_interest(amount=amount, days=(day - first_late).days)

    return until(max(start, end)) - until(start)


def last_payment_day(*, goods_accepted_on: date, is_sme: bool, agreed_days: int | None = None) -> date | None:
    """The last day to pay in time, or None where the Regulation sets none."""
    return goods_accepted_on + timedelta(days=agreed_days or SME_PAYMENT_DAYS) if is_sme else None


def payment_due(
    *,
    goods_accepted_at: datetime | None,
    is_sme: bool,
    now: datetime,
    agreed_days: int | None = None,
    amount: Decimal = ZERO,
) -> PaymentDue | None:
    """The clock as it stands now; None before acceptance and where there is no term."""
    if goods_accepted_at is None:
        return None
    last_on = last_payment_day(goods_accepted_on=local_date(goods_accepted_at), is_sme=is_sme, agreed_days=agreed_days)
    return None if last_on is None else PaymentDue(last_on, (last_on - local_date(now)).days, amount)


def payment_late_from(*, goods_accepted_at: datetime, is_sme: bool, agreed_days: int | None = None) -> datetime | None:
    """The first late moment: midnight in Xinjiang after the last day."""
    last_on = last_payment_day(goods_accepted_on=local_date(goods_accepted_at), is_sme=is_sme, agreed_days=agreed_days)
    if last_on is None:
        return None
    return datetime.combine(last_on + timedelta(days=1), datetime.min.time(), tzinfo=SHANGHAI)
