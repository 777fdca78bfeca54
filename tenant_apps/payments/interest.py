"""Paying late interest: the unit's payer asks, an approver decides, the treasury pays.

Source: State Council Order 802 art. 17. The amount is counted to the day on which the order was paid; nobody enters it.
Which budget pays it, and whether a supplier may forgo it, the Regulation does not say: the unit names a line of its
own, and nothing here waives.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, TextField
from django.db.models.functions import Cast, JSONObject
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.clock import fiscal_year, local_date
from kernel.money import ZERO
from kernel.posts import Post
from kernel.problems import Conflict, InvalidInput, NotPermitted
from tenant_apps.access.rules import IncompatiblePosts
from tenant_apps.budgets.rules import LineView
from tenant_apps.budgets.selectors import lines_by_id, open_lines
from tenant_apps.budgets.services import freeze, release
from tenant_apps.orders.payment_clock import PaymentDue
from tenant_apps.orders.permissions import holds
from tenant_apps.orders.services import paying
from tenant_apps.orders.services.holding import keep_apart, person_id
from tenant_apps.orders.worklists import clock_of
from tenant_apps.payments.interest_steps import take, tell
from tenant_apps.payments.models import InterestPayment
from tenant_apps.payments.rules import INTEREST_LIFECYCLE, INTEREST_OPEN, InterestState
from tenant_apps.payments.services import check_account, instruct
from tenants.database.context import tenant_atomic

if TYPE_CHECKING:
    from tenant_apps.orders.models import Order

PAYERS = frozenset({Post.BUYER_PAYER})
APPROVERS = frozenset({Post.BUYER_APPROVER})


class NoInterestOwed(Conflict):
    """The order is not paid, was paid in time, its interest is paid, or a payment of it is under way."""

    code = "no-interest-owed"
    title = _("There is no late interest of this order to pay now")


class InterestChanged(Conflict):
    """What is owed is no longer what was asked: the order's money came back in the meantime."""

    code = "interest-changed"
    title = _("The late interest is no longer the amount that was asked")


@dataclass(frozen=True, slots=True)
class Owed:
    """The late interest of an order that was paid late: what it is in all, what was paid of it, and its payments."""

    due: PaymentDue
    paid: Decimal
    rows: tuple[InterestPayment, ...]

    @property
    def left(self) -> Decimal:
        return max(ZERO, self.due.interest - self.paid)

    @property
    def open(self) -> InterestPayment | None:
        """The payment under way, if there is one."""
        return next((row for row in reversed(self.rows) if row.state in INTEREST_OPEN), None)

    @property
    def to_ask(self) -> Decimal:
        """What may be asked now; nothing while a payment is under way."""
        return ZERO if self.open else self.left


def owed_of(*, order: Order) -> Owed | None:
    """None for an order that is not paid or has no interest. One statement at most; the caller has reached it."""
    due = due_of(order=order)
    if due is None:
        return None
    return _owed(due, tuple(InterestPayment.objects.filter(order_id=order.pk).order_by("id")))


def due_of(*, order: Order) -> PaymentDue | None:
    """The clock as it stood when the order was paid, if there is interest to pay. No statement."""
    due = clock_of(order, at=order.paid_at) if order.paid_at is not None else None
    return due if due is not None and due.interest else None


# For a statement of an order's instructions, so that the order page asks once: `owed_beside` reads it.
ROWS = ArraySubquery(
    InterestPayment.objects.filter(order_id=OuterRef("order_id"))
    .order_by("id")
    .values(
        row=JSONObject(
            id="id", state="state", amount=Cast("amount", output_field=TextField()), asked_by_id="asked_by_id"
        )
    )
)


def owed_beside(*, due: PaymentDue, rows: Sequence[Mapping[str, Any]]) -> Owed:
    """From what `ROWS` read: enough to say what is owed and whose step it is."""
    return _owed(due, tuple(InterestPayment(**{**row, "amount": Decimal(row["amount"])}) for row in rows))


def _owed(due: PaymentDue, rows: tuple[InterestPayment, ...]) -> Owed:
    paid = sum((row.amount for row in rows if row.state == InterestState.PAID), ZERO)
    return Owed(due, paid, rows)


def payments_of(*, order_ids: Collection[int]) -> dict[int, tuple[Decimal, str]]:
    """What was paid of the interest of orders the caller has reached, and how the last payment of it stands.

    One statement; none for no orders. Orders without a payment of interest are left out.
    """
    found: dict[int, tuple[Decimal, str]] = {}
    rows = InterestPayment.objects.filter(order_id__in=list(order_ids)).order_by("id") if order_ids else ()
    for row in rows:
        paid = row.amount if row.state == InterestState.PAID else ZERO
        found[row.order_id] = (found.get(row.order_id, (ZERO, ""))[0] + paid, row.state)
    return found


def lines_for(*, order: Order, now: datetime) -> list[LineView]:
    """The unit's open budget lines of this year. One statement."""
    return open_lines(unit_id=order.unit_id, fiscal_year=fiscal_year(local_date(now)))


def possible(*, actor: Actor, order: Order, owed: Owed | None) -> frozenset[str]:
    """What the actor may do now: "ask", or actions of the lifecycle."""
    if owed is None:
        return frozenset()
    posts = {post for post in (Post.BUYER_PAYER, Post.BUYER_APPROVER) if holds(actor=actor, post=post, order=order)}
    if owed.open is None:
        return frozenset({"ask"} if owed.to_ask and Post.BUYER_PAYER in posts else ())
    found = {step.action for step in INTEREST_LIFECYCLE.actions(owed.open.state, posts)}
    if owed.open.asked_by_id == actor.user_id:
        found -= {"approve", "reject"}
    return frozenset(found)


def ask(
    *, actor: Actor, order_id: int, budget_line_id: int, payee_bank: str, payee_account: str, now: datetime
) -> InterestPayment:
    """The payer asks that what is owed be paid from a budget line of the unit.

    Raises NotFound, NotPermitted, IncompatiblePosts (the acceptor of the goods), NoInterestOwed, InvalidInput.
    """
    check_account(payee_bank, payee_account)
    with tenant_atomic(savepoint=False):
        order, owed = _held(actor, order_id, Post.BUYER_PAYER)
        if owed is None or not owed.to_ask:
            raise NoInterestOwed(order_id=order_id)
        line = lines_by_id([budget_line_id]).get(budget_line_id)
        if line is None or line.unit_id != order.unit_id or not line.is_open:
            raise InvalidInput(errors={"budget_line_id": [str(_("Choose an open budget line of the paying unit."))]})
        row = InterestPayment.objects.create(
            order_id=order.pk,
            order_number=str(order.number),
            unit_id=order.unit_id,
            organisation_id=order.organisation_id,
            supplier_organisation_id=order.supplier_organisation_id,
            principal=owed.due.amount,
            last_on=owed.due.last_on,
            paid_on=local_date(order.paid_at or now),
            days_late=owed.due.days_late,
            paid_before=owed.paid,
            amount=owed.to_ask,
            budget_line_id=budget_line_id,
            payee_bank=payee_bank.strip(),
            payee_account=payee_account,
            state=INTEREST_LIFECYCLE.initial,
            asked_by_id=person_id(actor),
            asked_by_name=actor.name,
            asked_at=now,
        )
        tell(actor=actor, row=row, event="payments.interest_asked", order=order, now=now)
    return row


def decide(*, actor: Actor, order_id: int, agrees: bool, now: datetime, reason: str = "") -> InterestPayment:
    """An approver of the unit has the interest paid, which freezes it and tells the treasury, or rejects it.

    Raises NotFound, NotPermitted, IncompatiblePosts, WrongState, InvalidInput (no reason), InterestChanged,
    BudgetInsufficient.
    """
    if not agrees and not reason.strip():
        raise InvalidInput(errors={"reason": [str(_("Give the reason."))]})
    with tenant_atomic(savepoint=False):
        order, owed = _held(actor, order_id, Post.BUYER_APPROVER)
        row = _open(owed, order_id)
        if row.asked_by_id == actor.user_id:
            raise IncompatiblePosts(post=str(Post.BUYER_APPROVER), acted_as=str(Post.BUYER_PAYER))
        if not agrees:
            take(
                actor=actor, row=row, action="reject", event="payments.interest_rejected", order=order, now=now,
                reason=reason.strip(),
            )  # fmt: skip
            return row
        if owed is None or owed.left != row.amount:
            raise InterestChanged(asked=row.amount, owed=owed.left if owed else ZERO)
        take(
            actor=actor, row=row, action="approve", event="payments.interest_approved", order=order, now=now,
            approved_by_id=person_id(actor), approved_by_name=actor.name, approved_at=now,
        )  # fmt: skip
        _pay(actor, order, row, now)
        freeze(actor=actor, order_id=order.pk, interest_id=row.pk, claims={row.budget_line_id: row.amount}, now=now)
    return row


def pay_again(*, actor: Actor, order_id: int, payee_bank: str, payee_account: str, now: datetime) -> InterestPayment:
    """The payer asks the treasury again after a failure; the money is frozen still. Raises as `ask`, and WrongState."""
    check_account(payee_bank, payee_account)
    with tenant_atomic(savepoint=False):
        order, owed = _held(actor, order_id, Post.BUYER_PAYER)
        row = _open(owed, order_id)
        take(
            actor=actor, row=row, action="pay_again", event="payments.interest_asked_again", order=order, now=now,
            payee_bank=payee_bank.strip(), payee_account=payee_account,
        )  # fmt: skip
        _pay(actor, order, row, now)
    return row


def withdraw(*, actor: Actor, order_id: int, now: datetime) -> InterestPayment:
    """The payer takes the payment back, before it is approved or after it failed. It is owed as before."""
    with tenant_atomic(savepoint=False):
        order, owed = _held(actor, order_id, Post.BUYER_PAYER)
        row = _open(owed, order_id)
        was_frozen = row.state == InterestState.FAILED
        take(actor=actor, row=row, action="withdraw", event="payments.interest_withdrawn", order=order, now=now)
        if was_frozen:
            release(actor=actor, order_id=order.pk, interest_id=row.pk, now=now)
    return row


def _pay(actor: Actor, order: Order, row: InterestPayment, now: datetime) -> None:
    instruct(
        actor=actor, order=order, amount=row.amount, bank=row.payee_bank, account=row.payee_account, now=now,
        interest_id=row.pk,
    )  # fmt: skip


def _held(actor: Actor, order_id: int, post: Post) -> tuple[Order, Owed | None]:
    """The order, locked, and its interest. Nobody pays or approves what they accepted themselves."""
    order = paying.hold_for_term(actor=actor, order_id=order_id)
    if not holds(actor=actor, post=post, order=order):
        raise NotPermitted(post=str(post))
    keep_apart(actor=actor, order=order, post=post)
    return order, owed_of(order=order)


def _open(owed: Owed | None, order_id: int) -> InterestPayment:
    row = owed.open if owed else None
    if row is None:
        raise NoInterestOwed(order_id=order_id)
    return row
