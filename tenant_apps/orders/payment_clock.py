"""When accepted goods must be paid. Pure.

Source: Regulation on Ensuring Payment to Small and Medium-sized Enterprises (State Council Order 802, in force since
2025-06-01) arts. 9-10: a public body pays within 30 days of delivery; where the contract makes acceptance a condition,
of the day the goods were accepted. The day itself is not counted (Civil Code art. 201). Calendar days: the Regulation
says 日, not 工作日. A longer term of up to 60 days needs an agreement that this platform does not keep yet.

For other suppliers no term of law was found that we could verify: none is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kernel.clock import SHANGHAI, local_date

SME_PAYMENT_DAYS = 30
# From how many days before the last one the payer's list warns: ours, not the law's.
WARNING_DAYS = 7


@dataclass(frozen=True, slots=True)
class PaymentDue:
    """`last_on` is the last day in time; `days_left` is 0 on it and negative when it has passed."""

    last_on: date
    days_left: int

    @property
    def overdue(self) -> bool:
        return self.days_left < 0

    @property
    def days_late(self) -> int:
        return max(0, -self.days_left)

    @property
    def soon(self) -> bool:
        return 0 <= self.days_left <= WARNING_DAYS


def last_payment_day(*, goods_accepted_on: date, is_sme: bool) -> date | None:
    """The last day to pay in time, or None where the Regulation sets none."""
    return goods_accepted_on + timedelta(days=SME_PAYMENT_DAYS) if is_sme else None


def payment_due(*, goods_accepted_at: datetime | None, is_sme: bool, now: datetime) -> PaymentDue | None:
    """The clock as it stands now; None before acceptance and where there is no term."""
    if goods_accepted_at is None:
        return None
    last_on = last_payment_day(goods_accepted_on=local_date(goods_accepted_at), is_sme=is_sme)
    return None if last_on is None else PaymentDue(last_on, (last_on - local_date(now)).days)


def payment_late_from(*, goods_accepted_at: datetime, is_sme: bool) -> datetime | None:
    """The first late moment: midnight in Xinjiang after the last day."""
    last_on = last_payment_day(goods_accepted_on=local_date(goods_accepted_at), is_sme=is_sme)
    if last_on is None:
        return None
    return datetime.combine(last_on + timedelta(days=1), datetime.min.time(), tzinfo=SHANGHAI)
