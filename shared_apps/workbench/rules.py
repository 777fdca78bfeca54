"""What waits for a supplier, and how its deliveries are counted. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from kernel.clock import local_date
from kernel.money import ZERO
from kernel.posts import Post
from shared_apps.rulebook.late_payment import late_interest

SUPPLIER_POSTS = frozenset({Post.SUPPLIER_ADMIN, Post.SUPPLIER_SALES})
# How far back deliveries are counted: ours, no rule says it.
WINDOW_DAYS = 365


class Tab(StrEnum):
    TO_ACCEPT = "to_accept"
    TO_SHIP = "to_ship"
    TO_INVOICE = "to_invoice"
    TO_BE_PAID = "to_be_paid"
    OVERDUE = "overdue"
    PAID_LATE = "paid_late"


# States of an order under each tab, by the words the malls' events use. Overdue are those to be paid that are
# late; paid late those whose money came after the last day, with the interest.
STATES: Mapping[Tab, tuple[str, ...]] = {
    Tab.TO_ACCEPT: ("placed",),
    Tab.TO_SHIP: ("accepted", "contracted", "partly_accepted", "goods_refused", "returned"),
    Tab.TO_INVOICE: ("goods_accepted",),
    Tab.TO_BE_PAID: ("goods_accepted", "invoiced", "paying", "payment_failed"),
    Tab.OVERDUE: ("goods_accepted", "invoiced", "paying", "payment_failed"),
    Tab.PAID_LATE: ("paid", "closed"),
}


@dataclass(frozen=True, slots=True)
class Lateness:
    """A payment that is late: `days` begin with the first late day."""

    days: int
    interest: Decimal


def lateness(*, late_from: datetime | None, amount: Decimal, now: datetime) -> Lateness:
    """How late a payment is now, and the interest of it (Order 802 art. 17)."""
    if late_from is None or now < late_from:
        return Lateness(0, ZERO)
    days = (local_date(now) - local_date(late_from)).days + 1
    return Lateness(days, late_interest(amount=amount, days=days))


def percent(part: int, whole: int) -> Decimal | None:
    """A share in percent with one decimal, half up; None of nothing."""
    if not whole:
        return None
    exact = Fraction(part * 1000, whole)
    return Decimal((exact.numerator * 2 + exact.denominator) // (exact.denominator * 2)) / 10
