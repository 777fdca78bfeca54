"""Reading payment instructions, always starting from the actor: a stranger's is absent."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from kernel.actor import Actor
from kernel.keysets import page_of_rows
from kernel.posts import Post
from kernel.problems import NotFound
from tenant_apps.orders import payments_due, worklists
from tenant_apps.orders.payment_clock import PaymentDue
from tenant_apps.orders.permissions import visible_with_order
from tenant_apps.orders.selectors import order_for
from tenant_apps.payments import terms
from tenant_apps.payments.interest import ROWS, Owed, owed_beside, owed_of
from tenant_apps.payments.models import PaymentInstruction, PaymentTerm
from tenant_apps.payments.rules import masked_account

if TYPE_CHECKING:
    from tenant_apps.orders.models import Order

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class InstructionView:
    """One instruction as this reader may see it."""

    id: int
    number: str
    order_id: int
    order_number: str
    unit_id: int
    unit_name: str
    amount: Decimal
    payee_code: str
    payee_name: str
    payee_bank: str
    payee_account: str
    state: str
    state_reason: str
    simulated: bool
    provider_reference: str
    attempts: int
    last_error: str
    requested_by_name: str
    requested_at: datetime
    sent_at: datetime | None
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class InstructionList:
    """One page, newest first. `next_after` is the last id when there are more."""

    instructions: Sequence[InstructionView]
    next_after: int | None


@dataclass(frozen=True)
class PayerRow(worklists.WorkRow):
    """An order of the payer's list: its clock, and its last instruction."""

    due: PaymentDue | None
    instruction: InstructionView | None


@dataclass(frozen=True, slots=True)
class PayerList:
    rows: Sequence[PayerRow]
    counts: Mapping[str, int]
    next_after: int | None


@dataclass(frozen=True, slots=True)
class KnownAccount:
    """The account a supplier was last paid on: offered to the payer, who checks it."""

    bank: str
    account: str


def instruction_for(*, actor: Actor, instruction_id: int) -> InstructionView:
    """Raises NotFound, the same for absent and for strangers. One statement."""
    row = PaymentInstruction.objects.filter(visible_with_order(actor), pk=instruction_id).first()
    if row is None:
        raise NotFound(instruction_id=instruction_id)
    return view_of(actor=actor, row=row)


def instructions_for(*, actor: Actor, state: str = "", after: int | None = None) -> InstructionList:
    """Instructions the actor may see, newest first. One statement."""
    rows = PaymentInstruction.objects.filter(visible_with_order(actor))
    if state:
        rows = rows.filter(state=state)
    found, more = page_of_rows(rows, after=after, size=PAGE_SIZE)
    return InstructionList([view_of(actor=actor, row=row) for row in found], more)


def last_of_orders(*, actor: Actor, order_ids: Collection[int]) -> dict[int, InstructionView]:
    """The last instruction of each order that has one. One statement; the caller has reached the orders."""
    rows = (
        PaymentInstruction.objects.filter(order_id__in=list(order_ids)).order_by("order_id", "-id").distinct("order_id")
    )
    return {row.order_id: view_of(actor=actor, row=row) for row in rows}


def of_order(*, actor: Actor, order_id: int) -> list[InstructionView]:
    """All instructions of an order the caller has reached, oldest first. One statement."""
    return [
        view_of(actor=actor, row=row) for row in PaymentInstruction.objects.filter(order_id=order_id).order_by("id")
    ]


def of_late_order(*, actor: Actor, order: Order, due: PaymentDue) -> tuple[list[InstructionView], Owed]:
    """The same, and the late interest beside it. One statement; two for an order that was paid elsewhere."""
    rows = list(PaymentInstruction.objects.filter(order_id=order.pk).annotate(interest_rows=ROWS).order_by("id"))
    if not rows:
        return [], owed_of(order=order) or owed_beside(due=due, rows=())
    return [view_of(actor=actor, row=row) for row in rows], owed_beside(due=due, rows=rows[0].interest_rows)


def payer_list(*, actor: Actor, tab: str, now: datetime, search: str = "", after: int | None = None) -> PayerList:
    """What the actor's units have to pay, pay now, or have paid. Four statements."""
    found = worklists.payment_list(actor=actor, tab=tab, search=search, after=after)
    last = last_of_orders(actor=actor, order_ids=[row.order.pk for row in found.rows])
    rows = [
        PayerRow(
            order=row.order,
            first_title=row.first_title,
            line_count=row.line_count,
            due=worklists.due_of(row.order, now=now),
            instruction=last.get(row.order.pk),
        )
        for row in found.rows
    ]
    return PayerList(rows, found.counts, found.next_after)


def known_account(*, supplier_id: int) -> KnownAccount | None:
    """The account the supplier was last paid on successfully in this tenant. One statement."""
    row = PaymentInstruction.objects.filter(supplier_id=supplier_id, state="confirmed").order_by("-id").first()
    return KnownAccount(row.payee_bank, row.payee_account) if row else None


@dataclass(frozen=True, slots=True)
class ClockView:
    """The clock of one order; of a paid one as it stood on that day. `waits_for` is a post, None for nobody."""

    due: PaymentDue | None
    agreed_days: int | None
    waits_for: str | None
    names: Sequence[str]
    term: PaymentTerm | None


def clock_for(*, actor: Actor, order_id: int, now: datetime) -> ClockView:
    """Raises NotFound. At most four statements."""
    order = order_for(actor=actor, order_id=order_id)
    due = worklists.clock_of(order, at=order.paid_at or now)
    acts = payments_due.who_acts(order=order) if due and order.paid_at is None else payments_due.WhoActs(None)
    return ClockView(
        due=due,
        agreed_days=order.payment_days,
        waits_for=acts.post.value if acts.post else None,
        names=acts.names,
        term=terms.last_of(order_id=order.pk),
    )


def view_of(*, actor: Actor, row: PaymentInstruction) -> InstructionView:
    whole = actor.is_system or actor.has(Post.BUYER_PAYER, unit_id=row.unit_id, organisation_id=row.organisation_id)
    return InstructionView(
        id=row.pk,
        number=str(row.number),
        order_id=row.order_id,
        order_number=row.order_number,
        unit_id=row.unit_id,
        unit_name=row.unit_name,
        amount=row.amount,
        payee_code=row.payee_code,
        payee_name=row.payee_name,
        payee_bank=row.payee_bank,
        payee_account=row.payee_account if whole else masked_account(row.payee_account),
        state=row.state,
        state_reason=row.state_reason,
        simulated=row.provider == "simulated",
        provider_reference=row.provider_reference,
        attempts=row.attempts,
        last_error=row.last_error,
        requested_by_name=row.requested_by_name,
        requested_at=row.requested_at,
        sent_at=row.sent_at,
        settled_at=row.settled_at,
    )
