"""Lists by which the supplier, the acceptor and the payer find what waits for them. They start from the actor."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Prefetch, Q, QuerySet

from kernel.actor import Actor
from kernel.clock import local, month_bounds, utc_now
from kernel.keysets import page_of_rows
from kernel.posts import Post
from tenant_apps.orders.deadlines import Used
from tenant_apps.orders.models import Order, OrderLine
from tenant_apps.orders.payment_clock import PaymentDue, payment_due
from tenant_apps.orders.permissions import placed_reach, unit_reach
from tenant_apps.orders.rules import OrderState
from tenant_apps.orders.selectors import limit_of_order

S = OrderState
PAGE_SIZE = 20
Tabs = Mapping[str, frozenset[OrderState]]

SUPPLIER_TABS: Tabs = {
    "to_accept": frozenset({S.PLACED}),
    "to_ship": frozenset({S.ACCEPTED, S.CONTRACTED, S.PARTLY_ACCEPTED, S.GOODS_REFUSED, S.RETURNED}),
    "to_invoice": frozenset({S.GOODS_ACCEPTED}),
    "under_way": frozenset({S.SHIPPED, S.INVOICED, S.PAYING, S.PAYMENT_FAILED, S.DISPUTED}),
    "done": frozenset({S.PAID, S.CLOSED}),
    "ended": frozenset({S.DECLINED, S.EXPIRED, S.CANCELLED, S.TERMINATED}),
}
# Where the supplier must act: what waits longest comes first.
SUPPLIER_ACTS = frozenset({"to_accept", "to_ship", "to_invoice"})
ACCEPTANCE_TABS: Tabs = {
    "to_inspect": frozenset({S.SHIPPED}),
    "refused": frozenset({S.GOODS_REFUSED, S.RETURNED}),
    "accepted": frozenset(
        {S.GOODS_ACCEPTED, S.PARTLY_ACCEPTED, S.INVOICED, S.PAYING, S.PAYMENT_FAILED, S.PAID, S.CLOSED}
    ),
}
PAYMENT_TABS: Tabs = {
    "to_pay": frozenset({S.GOODS_ACCEPTED, S.INVOICED, S.PAYMENT_FAILED}),
    "under_way": frozenset({S.PAYING}),
    "paid": frozenset({S.PAID, S.CLOSED}),
}


@dataclass(frozen=True)
class WorkRow:
    """One order of a list, with the first of its goods."""

    order: Order
    first_title: str
    line_count: int

    @property
    def used(self) -> Used:
        """How far the limit that runs for the order is used."""
        limit = limit_of_order(self.order)
        return limit.used(utc_now()) if limit else Used.NONE


@dataclass(frozen=True, slots=True)
class WorkList:
    """One page; `counts` is how many orders each tab has, `next_after` the last id when there are more."""

    rows: Sequence[WorkRow]
    counts: Mapping[str, int]
    next_after: int | None


def supplier_list(*, actor: Actor, tab: str, search: str = "", after: int | None = None) -> WorkList:
    """Orders placed with the actor's suppliers. Three statements."""
    return _list(placed_reach(actor), SUPPLIER_TABS, tab, search, after, oldest_first=tab in SUPPLIER_ACTS)


def acceptance_list(*, actor: Actor, tab: str, search: str = "", after: int | None = None) -> WorkList:
    """Orders of the units where the actor accepts goods. Three statements."""
    reach = unit_reach(actor, Post.BUYER_ACCEPTOR)
    return _list(reach, ACCEPTANCE_TABS, tab, search, after, oldest_first=tab == "to_inspect")


def payment_list(*, actor: Actor, tab: str, search: str = "", after: int | None = None) -> WorkList:
    """Orders of the units where the actor pays. Three statements."""
    reach = unit_reach(actor, Post.BUYER_PAYER)
    return _list(reach, PAYMENT_TABS, tab, search, after, oldest_first=tab == "to_pay")


def declines_this_year(*, actor: Actor, now: datetime) -> int:
    """How many orders the actor's suppliers have declined in this tenant since New Year. One statement.

    The first two of a year have no consequence (a proposal of the domain brief, no rule was found).
    """
    start, _end = month_bounds(local(now).year, 1)
    return Order.objects.filter(placed_reach(actor), state=S.DECLINED, changed_at__gte=start).count()


def due_of(order: Order, *, now: datetime) -> PaymentDue | None:
    """The payment clock of an order that is not paid yet."""
    return None if order.paid_at is not None else clock_of(order, at=now)


def clock_of(order: Order, *, at: datetime) -> PaymentDue | None:
    """The payment clock as it stood at a moment: of a paid order, ask for the moment it was paid."""
    return payment_due(
        goods_accepted_at=order.goods_accepted_at,
        is_sme=order.supplier_is_sme,
        now=at,
        agreed_days=order.payment_days,
        amount=order.payable_amount,
    )


def _list(reach: Q, tabs: Tabs, tab: str, search: str, after: int | None, *, oldest_first: bool) -> WorkList:
    """What waits is listed oldest first, what is over newest first."""
    mine = Order.objects.filter(reach)
    counts = mine.aggregate(**{name: Count("id", filter=Q(state__in=states)) for name, states in tabs.items()})
    rows = _searched(mine.filter(state__in=tabs[tab]), search)
    lines = Prefetch("lines", OrderLine.objects.order_by("position").only("order_id", "position", "title"))
    found, more = page_of_rows(rows.prefetch_related(lines), after=after, size=PAGE_SIZE, oldest_first=oldest_first)
    return WorkList(_rows(found), counts, more)


def _searched(rows: QuerySet[Order], search: str) -> QuerySet[Order]:
    if not search:
        return rows
    return rows.filter(
        Q(number__startswith=search.upper()) | Q(unit_name__icontains=search) | Q(supplier_name__icontains=search)
    )


def _rows(orders: Collection[Order]) -> list[WorkRow]:
    found = []
    for order in orders:
        lines = list(order.lines.all())
        found.append(WorkRow(order, lines[0].title if lines else "", len(lines)))
    return found
