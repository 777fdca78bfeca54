"""What small and medium suppliers are owed by when, over every order the actor may see, and who must act.

The sums are the database's, over all rows; days and interest are counted as in `payment_clock` (a test compares them).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import (
    Count,
    DateField,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    Prefetch,
    Q,
    QuerySet,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce, Round, TruncDate

from kernel.actor import Actor
from kernel.clock import SHANGHAI, local_date
from kernel.fields import MoneyField
from kernel.money import ZERO
from kernel.posts import Post
from shared_apps.rulebook.late_payment import DAILY_RATE
from tenant_apps.access.selectors import holders
from tenant_apps.orders.deadlines import PAYABLE
from tenant_apps.orders.models import Order, OrderLine
from tenant_apps.orders.payment_clock import SME_PAYMENT_DAYS, WARNING_DAYS, PaymentDue
from tenant_apps.orders.permissions import visible_to
from tenant_apps.orders.rules import OrderState
from tenant_apps.orders.services import guarding
from tenant_apps.orders.worklists import clock_of

PAGE_SIZE = 20
EXPORT_ROWS_MAX = 10_000
# `late` were paid, but after their last day; `year_end` were overdue and not paid when the last year ended.
TABS = ("overdue", "soon", "in_time", "late", "year_end")


@dataclass(frozen=True, slots=True)
class DueRow:
    """One order with its clock: of a paid order as it stood on that day, in the list of a year's end as it was then."""

    order: Order
    first_title: str
    line_count: int
    due: PaymentDue


@dataclass(frozen=True, slots=True)
class Sums:
    orders: int
    amount: Decimal
    interest: Decimal


@dataclass(frozen=True, slots=True)
class DueList:
    """One page, the longest overdue first. `next_after` is the number of rows before the next page, if there is one."""

    rows: Sequence[DueRow]
    sums: Mapping[str, Sums]
    next_after: int | None


@dataclass(frozen=True, slots=True)
class WhoActs:
    """Whom an unpaid order waits for; names only of people of the unit."""

    post: Post | None
    names: tuple[str, ...] = ()


def due_list(
    *, actor: Actor, tab: str, now: datetime, search: str = "", after: int | None = None, size: int = PAGE_SIZE
) -> DueList:
    """Accepted goods of small and medium suppliers by their clock. Three statements, whatever the number of rows."""
    clocks = _clocks(actor, now)
    begin = after or 0
    found = _ordered(_found(clocks, tab, search, now))[begin : begin + size + 1]
    rows = [_row(order, tab, now) for order in found]
    return DueList(rows[:size], _sums(clocks, now), begin + size if len(rows) > size else None)


def due_to_export(*, actor: Actor, tab: str, now: datetime, search: str = "") -> Iterator[DueRow]:
    """The same list whole, at most EXPORT_ROWS_MAX rows."""
    found = _ordered(_found(_clocks(actor, now), tab, search, now))[:EXPORT_ROWS_MAX]
    return (_row(order, tab, now) for order in found)


def last_year_end(now: datetime) -> datetime:
    """Where the last year ended: the first moment of this one in Xinjiang."""
    return datetime(local_date(now).year, 1, 1, tzinfo=SHANGHAI)


def who_acts(*, order: Order) -> WhoActs:
    """Who must act so that the order is paid: at most two statements. The caller has reached the order.

    Whoever asked for a payment that failed asks again; before that, anybody of the unit who holds the post.
    """
    # A condition of the mall is the supplier's to meet, such as the invoice.
    post = guarding.waits_for(order)
    if order.state not in PAYABLE or post == Post.SUPPLIER_SALES:
        return WhoActs(post)
    if order.state != OrderState.GOODS_ACCEPTED and not guarding.may("request_payment", order):
        return WhoActs(Post.SUPPLIER_SALES)
    if order.payer_id is not None:
        return WhoActs(Post.BUYER_PAYER, (order.payer_name,))
    names = (row.name for row in holders(unit_id=order.unit_id, post=Post.BUYER_PAYER) if row.user_id is not None)
    return WhoActs(Post.BUYER_PAYER, tuple(dict.fromkeys(names)))


def _clocks(actor: Actor, now: datetime) -> QuerySet[Order]:
    """Orders with a clock, each with its last day, the days it is late and what they cost."""
    last_on = ExpressionWrapper(
        TruncDate("goods_accepted_at", tzinfo=SHANGHAI) + Coalesce("payment_days", SME_PAYMENT_DAYS),
        output_field=DateField(),
    )
    today: Any = Value(local_date(now), output_field=DateField())
    until = Coalesce(TruncDate("paid_at", tzinfo=SHANGHAI), today)
    new_years_eve: Any = Value(local_date(last_year_end(now)) - timedelta(days=1), output_field=DateField())
    rows = Order.objects.filter(visible_to(actor), supplier_is_sme=True, goods_accepted_at__isnull=False)
    return rows.exclude(state=OrderState.TERMINATED).annotate(
        last_on=last_on,
        late=_days(until),
        late_then=_days(new_years_eve),
        owed=ExpressionWrapper(F("total_amount") - F("cancelled_amount"), output_field=MoneyField()),
        interest=_interest("late"),
        interest_then=_interest("late_then"),
    )


def _days(until: Any) -> Func:
    return Func(until, F("last_on"), template="(%(expressions)s)", arg_joiner=" - ", output_field=IntegerField())


def _interest(late: str) -> Round:
    whole = ExpressionWrapper(F("owed") * Value(DAILY_RATE) * F(late), output_field=MoneyField())
    return Round(whole, precision=2)


def _in(tab: str, now: datetime) -> Q:
    today, year_end = local_date(now), last_year_end(now)
    unpaid = Q(paid_at__isnull=True)
    unpaid_then = unpaid | Q(paid_at__gte=year_end)
    return {
        "overdue": unpaid & Q(last_on__lt=today),
        "soon": unpaid & Q(last_on__gte=today, last_on__lte=today + timedelta(days=WARNING_DAYS)),
        "in_time": unpaid & Q(last_on__gt=today + timedelta(days=WARNING_DAYS)),
        "late": Q(paid_at__isnull=False, late__gt=0),
        "year_end": Q(unpaid_then, goods_accepted_at__lt=year_end, late_then__gt=0),
    }[tab]


def _found(clocks: QuerySet[Order], tab: str, search: str, now: datetime) -> QuerySet[Order]:
    rows = clocks.filter(_in(tab, now))
    if search:
        rows = rows.filter(
            Q(number__startswith=search.upper()) | Q(supplier_name__icontains=search) | Q(unit_name__icontains=search)
        )
    return rows


def _ordered(rows: QuerySet[Order]) -> QuerySet[Order]:
    lines = Prefetch("lines", OrderLine.objects.order_by("position").only("order_id", "position", "title"))
    return rows.order_by(F("last_on"), "id").prefetch_related(lines)


def _sums(clocks: QuerySet[Order], now: datetime) -> dict[str, Sums]:
    asked: dict[str, Any] = {}
    for tab in TABS:
        asked[f"{tab}_orders"] = Count("id", filter=_in(tab, now))
        asked[f"{tab}_amount"] = Sum("owed", filter=_in(tab, now))
        days, interest = ("late_then", "interest_then") if tab == "year_end" else ("late", "interest")
        asked[f"{tab}_interest"] = Sum(interest, filter=_in(tab, now) & Q(**{f"{days}__gt": 0}))
    found = clocks.aggregate(**asked)
    return {
        tab: Sums(found[f"{tab}_orders"], found[f"{tab}_amount"] or ZERO, found[f"{tab}_interest"] or ZERO)
        for tab in TABS
    }


def _row(order: Order, tab: str, now: datetime) -> DueRow:
    at = last_year_end(now) - timedelta(days=1) if tab == "year_end" else order.paid_at or now
    due = clock_of(order, at=at)
    if due is None:
        raise RuntimeError("an order without a clock was listed")
    lines = list(order.lines.all())
    return DueRow(order, lines[0].title if lines else "", len(lines), due)
