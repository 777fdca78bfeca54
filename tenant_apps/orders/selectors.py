"""Reading orders, always starting from the actor: a stranger's order is absent."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Prefetch, Q, QuerySet, TextField
from django.db.models.functions import Cast, JSONObject

from kernel.actor import Actor
from kernel.money import ZERO
from kernel.posts import Post
from kernel.problems import NotFound
from shared_apps.rulebook.rules import Decision
from tenant_apps.budgets import selectors as budgets
from tenant_apps.budgets.rules import LineView
from tenant_apps.journal.selectors import HistoryEntry, history
from tenant_apps.orders.deadlines import Limit, limit_of
from tenant_apps.orders.models import (
    AcceptanceCertificate,
    Order,
    OrderDecision,
    OrderFunding,
    OrderLine,
    Shipment,
)
from tenant_apps.orders.other_numbers import named
from tenant_apps.orders.permissions import UNIT_POSTS, holds, reads_all, visible_to
from tenant_apps.orders.rules import GIVEN_UP, OrderState
from tenant_apps.orders.services import guarding

PAGE_SIZE = 20
EXPORT_ROWS_MAX = 10_000


def order_for(*, actor: Actor, order_id: int) -> Order:
    """The order, if the actor may see it. Raises NotFound, the same for absent and for strangers. One statement."""
    order = Order.objects.filter(visible_to(actor), pk=order_id).first()
    if order is None:
        raise NotFound(order_id=order_id)
    return order


@dataclass(frozen=True)
class OrderList:
    """One page of a list, newest first. `next_after` is the last order's id when there are more."""

    orders: Sequence[Order]
    next_after: int | None


def order_of(order_id: int) -> Order:
    """An order by its id, for those who have reached it by something of its own. One statement."""
    return Order.objects.get(pk=order_id)


def order_of_bargain(*, actor: Actor, bargain_id: int) -> Order | None:
    """The order that was made of a bargain and not given up, where the actor may see it. One statement."""
    return Order.objects.filter(visible_to(actor), bargain_id=bargain_id).exclude(state__in=GIVEN_UP).first()


def numbers_of(ids: Collection[int]) -> dict[int, str]:
    """Numbers by id, for the tenant's own records: who may read an order is asked when it is opened."""
    return dict(Order.objects.filter(pk__in=ids).values_list("pk", "number"))


def orders_for(
    *, actor: Actor, state: str = "", search: str = "", after: int | None = None, size: int = PAGE_SIZE
) -> OrderList:
    """Orders the actor may see, newest first, after the order `after`. One statement.

    `search` is the beginning of a number (also of one it had elsewhere), or part of the supplier's or the unit's name.
    """
    rows = _found(actor, state, search)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    found = list(rows[: size + 1])
    return OrderList(found[:size], found[size - 1].pk if len(found) > size else None)


def orders_to_export(*, actor: Actor, state: str = "", search: str = "") -> Iterator[Order]:
    """The same list whole, at most EXPORT_ROWS_MAX rows."""
    return iter(_found(actor, state, search)[:EXPORT_ROWS_MAX])


def _found(actor: Actor, state: str, search: str) -> QuerySet[Order]:
    rows = Order.objects.filter(visible_to(actor)).order_by("-id")
    if state:
        rows = rows.filter(state=state)
    if search:
        rows = rows.filter(
            Q(number__startswith=search.upper())
            | Q(supplier_name__icontains=search)
            | Q(unit_name__icontains=search)
            | named(search)
        )
    return rows


def waiting_orders(which: Q, *, size: int) -> list[Order]:
    """Those of `which` that wait for approval, oldest first, each with its lines in order. Two statements."""
    orders = Order.objects.filter(which, state=OrderState.PENDING_APPROVAL).order_by("id")
    return list(orders.prefetch_related(Prefetch("lines", OrderLine.objects.order_by("position")))[:size])


def waiting_number(which: Q) -> int:
    """How many of `which` wait for approval. One statement."""
    return Order.objects.filter(which, state=OrderState.PENDING_APPROVAL).count()


@dataclass(frozen=True)
class FundingView:
    """What one budget line pays of the order; `line` None for readers to whom budgets are not shown."""

    budget_line_id: int
    amount: Decimal
    line: LineView | None


@dataclass(frozen=True)
class DecisionView:
    """What one rule said, when, and for whom it was asked."""

    occasion: str
    decided_at: datetime
    asked_by_name: str
    decision: Decision


@dataclass(frozen=True)
class Upcoming:
    """What is due next: who must act and until when; `limit` also since when that runs."""

    post: Post | None
    due_at: datetime | None
    limit: Limit | None = None


@dataclass(frozen=True)
class OrderDossier:
    """Everything the order page and the API show of one order."""

    order: Order
    lines: Sequence[OrderLine]
    funding: Sequence[FundingView]
    decisions: Sequence[DecisionView]
    history: Sequence[HistoryEntry]
    shipments: Sequence[Shipment]
    certificates: Sequence[AcceptanceCertificate]
    upcoming: Upcoming | None
    shows_buyer_side: bool

    @property
    def waiting(self) -> Sequence[Shipment]:
        """Shipments that nobody has inspected yet."""
        judged = {certificate.shipment_id for certificate in self.certificates}
        return [shipment for shipment in self.shipments if shipment.pk not in judged]

    @property
    def left_to_ship(self) -> int:
        return sum(line.counts.owed for line in self.lines)

    @property
    def left_to_return(self) -> int:
        return sum(line.counts.to_return for line in self.lines)

    @property
    def latest_decisions(self) -> Sequence[DecisionView]:
        """The answers of the last time the rules were asked."""
        last = max((view.decided_at for view in self.decisions), default=None)
        return [view for view in self.decisions if view.decided_at == last]


def dossier_for(*, actor: Actor, order_id: int) -> OrderDossier:
    """One order whole: at most six statements. Raises NotFound for strangers.

    Funding and rule decisions are the buyer's and supervision's: a supplier does not see them.
    """
    order = order_for(actor=actor, order_id=order_id)
    buyer_side = shows_buyer_side(actor=actor, order=order)
    shipments = list(order.shipments.order_by("id")) if order.shipped_at else []
    rows = order.lines.select_related("progress").order_by("position")
    lines = list(rows.annotate(draws=_DRAWS) if buyer_side else rows)
    dossier = OrderDossier(
        order=order,
        lines=lines,
        funding=_funding(lines) if buyer_side else (),
        decisions=_decisions(order) if buyer_side else (),
        history=history(object_type="order", object_id=order.pk),
        shipments=shipments,
        certificates=list(order.certificates.order_by("id")) if shipments else [],
        upcoming=_upcoming(order),
        shows_buyer_side=buyer_side,
    )
    # Buttons that depend on quantities ask the order itself (see fulfilment_menu).
    order.left_to_ship = dossier.left_to_ship  # type: ignore[attr-defined]
    order.left_to_return = dossier.left_to_return  # type: ignore[attr-defined]
    return dossier


def delivery_of(*, actor: Actor, order: Order) -> OrderDossier:
    """Lines, shipments and certificates of an order the actor has reached: what the forms of delivery show.

    Three statements.
    """
    return OrderDossier(
        order=order,
        lines=list(order.lines.select_related("progress").order_by("position")),
        funding=(),
        decisions=(),
        history=(),
        shipments=list(order.shipments.order_by("id")),
        certificates=list(order.certificates.order_by("id")),
        upcoming=None,
        shows_buyer_side=shows_buyer_side(actor=actor, order=order),
    )


def shows_buyer_side(*, actor: Actor, order: Order) -> bool:
    """Whether budget lines and rule decisions are shown to the actor."""
    return actor.is_system or reads_all(actor) or any(holds(actor=actor, post=post, order=order) for post in UNIT_POSTS)


def funding_of(*, order_id: int) -> Mapping[int, Decimal]:
    """What each budget line pays of the order, by budget line. One statement; the caller has reached the order."""
    totals: dict[int, Decimal] = {}
    rows = OrderFunding.objects.filter(order_line__order_id=order_id).values_list("budget_line_id", "amount")
    for budget_line_id, amount in rows.order_by("id"):
        totals[budget_line_id] = totals.get(budget_line_id, ZERO) + amount
    return totals


# What an order line takes from which budget lines, beside the line itself: no statement of its own.
_DRAWS = ArraySubquery(
    OrderFunding.objects.filter(order_line_id=OuterRef("pk"))
    .order_by("id")
    .values(draw=JSONObject(line="budget_line_id", amount=Cast("amount", TextField())))
)


def _funding(order_lines: Sequence[OrderLine]) -> list[FundingView]:
    totals: dict[int, Decimal] = {}
    for order_line in order_lines:
        for draw in order_line.draws:  # type: ignore[attr-defined]  # annotated by dossier_for
            totals[draw["line"]] = totals.get(draw["line"], ZERO) + Decimal(draw["amount"])
    lines = budgets.lines_by_id(totals)
    return [FundingView(line_id, amount, lines.get(line_id)) for line_id, amount in totals.items()]


def _decisions(order: Order) -> list[DecisionView]:
    rows = OrderDecision.objects.filter(order=order).order_by("id")
    return [
        DecisionView(row.occasion, row.decided_at, row.asked_by_name, Decision.from_json(row.content)) for row in rows
    ]


def _upcoming(order: Order) -> Upcoming | None:
    post = guarding.waits_for(order)
    if post is None and order.next_due_at is None:
        return None
    limit = limit_of_order(order)
    return Upcoming(post, limit.due_at if limit else order.next_due_at, limit)


def limit_of_order(order: Order) -> Limit | None:
    """The limit that runs for the order now."""
    return limit_of(
        state=order.state,
        placed_at=order.placed_at,
        accepted_at=order.accepted_at,
        promised_on=order.promised_on,
        goods_accepted_at=order.goods_accepted_at,
        paid_at=order.paid_at,
        next_due_at=order.next_due_at,
        is_sme=order.supplier_is_sme,
        agreed_days=order.payment_days,
    )


def refusals_of(*, actor: Actor, unit_id: int, size: int = 50) -> list[DecisionView]:
    """Refused submissions of a unit, newest first. Raises NotFound for strangers."""
    if not (reads_all(actor) or any(actor.has(post) and unit_id in actor.units(post) for post in UNIT_POSTS)):
        raise NotFound(unit_id=unit_id)
    rows = OrderDecision.objects.filter(unit_id=unit_id, allowed=False).order_by("-decided_at", "-id")[:size]
    return [
        DecisionView(row.occasion, row.decided_at, row.asked_by_name, Decision.from_json(row.content)) for row in rows
    ]


@dataclass(frozen=True)
class Delivery:
    """Where the clerk's last order of a unit went: the next checkout begins with it."""

    address: str = ""
    contact_name: str = ""
    contact_phone: str = ""


def last_delivery(*, actor: Actor, unit_id: int) -> Delivery:
    """One statement; empty before the first order."""
    row = (
        Order.objects.filter(clerk_id=actor.user_id or 0, unit_id=unit_id)
        .order_by("-id")
        .values_list("delivery_address", "contact_name", "contact_phone")
        .first()
    )
    return Delivery(*row) if row else Delivery()
