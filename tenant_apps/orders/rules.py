"""The order's process, its numbers and its arithmetic. Pure: no database, no Django."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from kernel.clock import SHANGHAI, local_date
from kernel.lifecycle import Deadline, Lifecycle, Transition
from kernel.money import MAX_AMOUNT, ZERO, line_amount
from kernel.posts import Post
from kernel.working_days import Calendar
from tenant_apps.approvals.rules import STEP_POSTS


class OrderState(StrEnum):
    DRAFT = "draft"
    PENDING_APPROVAL = "pending_approval"
    SENT_BACK = "sent_back"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    PLACED = "placed"
    DECLINED = "declined"
    EXPIRED = "expired"
    ACCEPTED = "accepted"
    CANCELLED = "cancelled"
    CONTRACTED = "contracted"
    SHIPPED = "shipped"
    PARTLY_ACCEPTED = "partly_accepted"
    GOODS_ACCEPTED = "goods_accepted"
    GOODS_REFUSED = "goods_refused"
    RETURNED = "returned"
    INVOICED = "invoiced"
    PAYING = "paying"
    PAYMENT_FAILED = "payment_failed"
    PAID = "paid"
    CLOSED = "closed"
    DISPUTED = "disputed"
    TERMINATED = "terminated"


class PurchaseMode(StrEnum):
    """How the supplier was chosen: the modes of the online supermarket."""

    DIRECT = "direct"
    COMPARE = "compare"
    BARGAIN = "bargain"


class Occasion(StrEnum):
    """When a set of rules was decided: once at submission, again at the last approval."""

    SUBMIT = "submit"
    APPROVE = "approve"


S = OrderState
_SUPPLIER = frozenset({Post.SUPPLIER_ADMIN, Post.SUPPLIER_SALES})
_BUYER = frozenset({Post.BUYER_CLERK, Post.BUYER_APPROVER})
_LOOKERS = frozenset(STEP_POSTS)
_ACCEPTOR = frozenset({Post.BUYER_ACCEPTOR})
_CPB = frozenset({Post.CPB_OPERATOR})
_SYSTEM: frozenset[Post | None] = frozenset({None})

_STILL_THERE = ("refused goods are with the buyer",)

# Working days and calendar days of the two timers are proposals (domain brief 4.1): no rule was found for them.
ACCEPT_DEADLINE = Deadline(working_days=2, rule="R-ACCEPT")
CLOSE_DEADLINE = Deadline(calendar_days=15, rule="R-CLOSE")

# Each state change is one transition here, one service, one journal row. The supermarket's path without a written
# contract goes from accepted straight to shipped, and from goods_accepted straight to paying.
ORDER_LIFECYCLE = Lifecycle(
    "order",
    OrderState,
    S.DRAFT,
    (S.REJECTED, S.WITHDRAWN, S.DECLINED, S.EXPIRED, S.CANCELLED, S.TERMINATED, S.CLOSED),
    (
        Transition("submit", (S.DRAFT,), S.PENDING_APPROVAL, {Post.BUYER_CLERK}, guards=("plan filed", "rules allow")),
        # A flow may ask others before the unit's approver decides; each of their steps leaves the order where it is.
        Transition(
            "approve_step",
            (S.PENDING_APPROVAL,),
            S.PENDING_APPROVAL,
            _LOOKERS,
            guards=("the flow asks for it", "not the clerk"),
        ),
        Transition(
            "approve",
            (S.PENDING_APPROVAL,),
            S.PLACED,
            {Post.BUYER_APPROVER},
            guards=("approver is not the clerk", "rules allow again", "budget frozen"),
        ),
        Transition("send_back", (S.PENDING_APPROVAL,), S.SENT_BACK, _LOOKERS, guards=("reason",)),
        Transition("resubmit", (S.SENT_BACK,), S.PENDING_APPROVAL, {Post.BUYER_CLERK}, guards=("rules allow",)),
        Transition("reject", (S.PENDING_APPROVAL,), S.REJECTED, {Post.BUYER_APPROVER}, guards=("reason",)),
        Transition("withdraw", (S.PENDING_APPROVAL, S.SENT_BACK), S.WITHDRAWN, {Post.BUYER_CLERK}),
        Transition("accept", (S.PLACED,), S.ACCEPTED, _SUPPLIER),
        Transition("decline", (S.PLACED,), S.DECLINED, _SUPPLIER, guards=("reason", "budget released")),
        Transition("expire", (S.PLACED,), S.EXPIRED, _SYSTEM, ACCEPT_DEADLINE, ("budget released",)),
        Transition("ask_to_cancel", (S.ACCEPTED,), S.ACCEPTED, _BUYER | _SUPPLIER, guards=("reason",)),
        Transition(
            "cancel",
            (S.ACCEPTED,),
            S.CANCELLED,
            _BUYER | _SUPPLIER,
            guards=("the other party asked", "budget released"),
        ),
        Transition(
            "sign_contract",
            (S.ACCEPTED,),
            S.CONTRACTED,
            {Post.BUYER_APPROVER} | _SUPPLIER | _SYSTEM,
            guards=("both parties signed",),
        ),
        Transition("ship", (S.ACCEPTED,), S.SHIPPED, _SUPPLIER, guards=("no written contract needed",)),
        Transition("ship", (S.CONTRACTED, S.PARTLY_ACCEPTED, S.RETURNED), S.SHIPPED, _SUPPLIER),
        Transition("ship", (S.SHIPPED,), S.SHIPPED, _SUPPLIER, guards=("something is left to ship",)),
        # One shipment is inspected at a time. Where the order stands then follows from the quantities of its lines.
        Transition(
            "accept_goods",
            (S.SHIPPED,),
            S.GOODS_ACCEPTED,
            _ACCEPTOR,
            guards=("certificate", "nothing is outstanding"),
        ),
        Transition(
            "accept_part", (S.SHIPPED,), S.PARTLY_ACCEPTED, _ACCEPTOR, guards=("certificate", "a part is outstanding")
        ),
        Transition(
            "refuse_goods",
            (S.SHIPPED,),
            S.GOODS_REFUSED,
            _ACCEPTOR,
            guards=("certificate", "reason", "nothing was accepted"),
        ),
        Transition(
            "inspect_shipment",
            (S.SHIPPED,),
            S.SHIPPED,
            _ACCEPTOR,
            guards=("certificate", "another shipment waits"),
        ),
        Transition("return_goods", (S.GOODS_REFUSED,), S.RETURNED, _SUPPLIER),
        Transition("return_goods", (S.SHIPPED,), S.SHIPPED, _SUPPLIER, guards=_STILL_THERE),
        Transition("return_goods", (S.PARTLY_ACCEPTED,), S.PARTLY_ACCEPTED, _SUPPLIER, guards=_STILL_THERE),
        Transition("return_goods", (S.GOODS_ACCEPTED,), S.GOODS_ACCEPTED, _SUPPLIER, guards=_STILL_THERE),
        Transition(
            "ask_to_cancel_rest", (S.PARTLY_ACCEPTED,), S.PARTLY_ACCEPTED, _BUYER | _SUPPLIER, guards=("reason",)
        ),
        Transition(
            "cancel_rest",
            (S.PARTLY_ACCEPTED,),
            S.GOODS_ACCEPTED,
            _BUYER | _SUPPLIER,
            guards=("the other party asked", "the rest's budget released"),
        ),
        # The supplier records invoices; the order moves when verified ones cover all that was accepted.
        Transition(
            "invoice", (S.GOODS_ACCEPTED,), S.INVOICED, _SUPPLIER | _SYSTEM, guards=("invoices verified in full",)
        ),
        Transition("reverse_invoice", (S.INVOICED,), S.GOODS_ACCEPTED, _SUPPLIER, guards=("red-letter invoice",)),
        Transition(
            "request_payment", (S.GOODS_ACCEPTED,), S.PAYING, {Post.BUYER_PAYER}, guards=("no invoice record needed",)
        ),
        Transition("request_payment", (S.INVOICED, S.PAYMENT_FAILED), S.PAYING, {Post.BUYER_PAYER}),
        Transition("send_payment", (S.PAYING,), S.PAYING, _SYSTEM),
        Transition("confirm_payment", (S.PAYING,), S.PAID, _SYSTEM, guards=("budget spent",)),
        Transition("fail_payment", (S.PAYING,), S.PAYMENT_FAILED, _SYSTEM, guards=("treasury refused",)),
        Transition("return_payment", (S.PAYING, S.PAID), S.PAYMENT_FAILED, _SYSTEM, guards=("bank returned it",)),
        Transition("close", (S.PAID,), S.CLOSED, _SYSTEM | {Post.BUYER_CLERK}, CLOSE_DEADLINE),
        Transition(
            "dispute",
            (
                S.ACCEPTED,
                S.CONTRACTED,
                S.SHIPPED,
                S.PARTLY_ACCEPTED,
                S.GOODS_ACCEPTED,
                S.GOODS_REFUSED,
                S.RETURNED,
                S.INVOICED,
                S.PAYMENT_FAILED,
                S.PAID,
            ),
            S.DISPUTED,
            _BUYER | _SUPPLIER,
            guards=("reason",),
        ),
        # The order goes on where the dispute stopped it, or as the mediator decides (see dispute_rules).
        *(
            Transition(action, (S.DISPUTED,), target, _BUYER | _SUPPLIER | _CPB, guards=("the dispute is settled",))
            for action, target in (
                ("resume_supply", S.ACCEPTED),
                ("resume_contract", S.CONTRACTED),
                ("resume_acceptance", S.SHIPPED),
                ("resume_delivery", S.PARTLY_ACCEPTED),
                ("resume_return", S.GOODS_REFUSED),
                ("resume_replacement", S.RETURNED),
                ("resume_payment", S.GOODS_ACCEPTED),
                ("resume_invoiced", S.INVOICED),
                ("resume_repayment", S.PAYMENT_FAILED),
                ("resume_closing", S.PAID),
            )
        ),
        Transition(
            "settle_part",
            (S.DISPUTED,),
            S.GOODS_ACCEPTED,
            _CPB,
            guards=("a part was accepted", "the rest's budget released"),
        ),
        Transition("terminate", (S.DISPUTED,), S.TERMINATED, _CPB, guards=("budget released unless spent",)),
        Transition("terminate", (S.RETURNED,), S.TERMINATED, _BUYER, guards=("reason", "budget released")),
    ),
)

# States whose rows were never approved: their budget was never frozen.
BEFORE_PLACING = frozenset({S.DRAFT, S.PENDING_APPROVAL, S.SENT_BACK, S.REJECTED, S.WITHDRAWN})
# Ended without the goods: nothing of it counts in the ledger of the year any more.
GIVEN_UP = frozenset({S.REJECTED, S.WITHDRAWN, S.DECLINED, S.EXPIRED, S.CANCELLED, S.TERMINATED})
# Placed but never accepted by the supplier.
UNANSWERED = frozenset({S.PLACED, S.DECLINED, S.EXPIRED})

# Who the order waits for. The supplier's sales staff stand for the supplier; None: for a timer, or for nobody.
NEXT_POST: Mapping[OrderState, Post | None] = {
    S.DRAFT: Post.BUYER_CLERK,
    S.PENDING_APPROVAL: Post.BUYER_APPROVER,
    S.SENT_BACK: Post.BUYER_CLERK,
    S.PLACED: Post.SUPPLIER_SALES,
    S.ACCEPTED: Post.SUPPLIER_SALES,
    S.CONTRACTED: Post.SUPPLIER_SALES,
    S.SHIPPED: Post.BUYER_ACCEPTOR,
    S.PARTLY_ACCEPTED: Post.SUPPLIER_SALES,
    S.GOODS_REFUSED: Post.SUPPLIER_SALES,
    S.RETURNED: Post.SUPPLIER_SALES,
    S.GOODS_ACCEPTED: Post.BUYER_PAYER,
    S.INVOICED: Post.BUYER_PAYER,
    S.PAYMENT_FAILED: Post.BUYER_PAYER,
    S.DISPUTED: Post.CPB_OPERATOR,
}


def next_post(state: str) -> Post | None:
    """The post that must act in `state`."""
    return NEXT_POST.get(OrderState(state))


def due_at(*, deadline: Deadline, entered_at: datetime, calendar: Calendar) -> datetime:
    """The first moment that is late: midnight in Xinjiang after the last day of the period.

    Raises CalendarYearMissing when the year is not loaded.
    """
    last_day = deadline.due_on(local_date(entered_at), calendar)
    return datetime.combine(last_day + timedelta(days=1), datetime.min.time(), tzinfo=SHANGHAI)


def number_stem(*, tenant_code: str, on: date) -> str:
    """`DD` + division code + day. The database appends the last six digits of the row's id (see models.Order)."""
    return f"DD{tenant_code}{on:%Y%m%d}"


@dataclass(frozen=True, slots=True)
class LineAmounts:
    """`amount` is price x quantity, half up; `freight` is charged once a line, whatever the quantity."""

    amount: Decimal
    freight: Decimal

    @property
    def total(self) -> Decimal:
        return self.amount + self.freight


@dataclass(frozen=True, slots=True)
class OrderAmounts:
    lines: tuple[LineAmounts, ...]

    @property
    def goods(self) -> Decimal:
        return sum((line.amount for line in self.lines), ZERO)

    @property
    def freight(self) -> Decimal:
        return sum((line.freight for line in self.lines), ZERO)

    @property
    def total(self) -> Decimal:
        return self.goods + self.freight


def order_amounts(priced: Sequence[tuple[Decimal, int, Decimal]]) -> OrderAmounts:
    """Amounts of (price, quantity, freight) lines, prices and freight including tax. ValueError beyond MAX_AMOUNT."""
    amounts = OrderAmounts(
        tuple(LineAmounts(line_amount(price=price, quantity=quantity), freight) for price, quantity, freight in priced)
    )
    if amounts.total > MAX_AMOUNT:
        raise ValueError("the order's total is too large")
    return amounts


@dataclass(frozen=True, slots=True)
class Draw:
    """What one order line takes from one budget line."""

    line: int
    budget_line_id: int
    amount: Decimal


class FundingMismatch(ValueError):
    """What the budget lines give is not what the order costs."""


def allocate(*, totals: Sequence[Decimal], sources: Sequence[tuple[int, Decimal]]) -> tuple[Draw, ...]:
    """Share budget lines out over order lines: the first line takes from the first source until either is used up.

    `totals` are the order lines' totals in their order, `sources` (budget line, amount) in the order the clerk named
    them. Every line is paid in full and every source used up, to the cent; nothing of 0 is drawn. Raises
    FundingMismatch when the two sums differ or a source is not positive or named twice.
    """
    if sum(totals, ZERO) != sum((amount for _, amount in sources), ZERO):
        raise FundingMismatch("the budget lines do not add up to the order's total")
    if any(amount <= 0 for _, amount in sources) or len({key for key, _ in sources}) != len(sources):
        raise FundingMismatch("every budget line is named once, with an amount above 0")
    draws: list[Draw] = []
    left = [amount for _, amount in sources]
    current = 0
    for line, total in enumerate(totals):
        need = total
        while need > 0:
            taken = min(need, left[current])
            draws.append(Draw(line, sources[current][0], taken))
            need -= taken
            left[current] -= taken
            if left[current] == 0:
                current += 1
    return tuple(draws)
