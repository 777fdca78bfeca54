"""Steps of a payment of late interest: the guarded change, its journal row, and what the treasury's answers do.

Lock order: the instruction, its order where a person acts, the interest, then the budget line.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import F, Sum

from kernel.actor import Actor, system_in
from kernel.money import ZERO
from kernel.problems import Conflict, NotFound
from tenant_apps.budgets.services import give_back, spend
from tenant_apps.journal.services import record
from tenant_apps.orders.selectors import order_of
from tenant_apps.payments.events import interest_facts
from tenant_apps.payments.models import InterestPayment
from tenant_apps.payments.rules import INTEREST_LIFECYCLE, InterestState
from tenants.database.context import current_tenant

if TYPE_CHECKING:
    from tenant_apps.orders.models import Order


def locked(*, interest_id: int) -> InterestPayment:
    """Raises NotFound."""
    row = InterestPayment.objects.select_for_update(no_key=True).filter(pk=interest_id).first()
    if row is None:
        raise NotFound(interest_id=interest_id)
    return row


def paid_of(*, order_id: int) -> Decimal:
    """What the supplier has got of the order's late interest. One statement."""
    rows = InterestPayment.objects.filter(order_id=order_id, state=InterestState.PAID)
    found: Decimal | None = rows.aggregate(sum=Sum("amount"))["sum"]
    return found or ZERO


def take(
    *, actor: Actor, row: InterestPayment, action: str, event: str, order: Order, now: datetime, reason: str = "",
    **changes: Any,
) -> None:  # fmt: skip
    """The guarded UPDATE of one step and its journal row, in the caller's transaction. Raises WrongState."""
    step = INTEREST_LIFECYCLE.next(row.state, action)
    values = {"state": step.target, "state_reason": reason, **changes}
    moved = InterestPayment.objects.filter(pk=row.pk, state=row.state, version=row.version).update(
        version=F("version") + 1, **values
    )
    if moved != 1:
        raise Conflict(interest_id=row.pk)
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    tell(actor=actor, row=row, event=event, order=order, now=now, reason=reason)


def tell(*, actor: Actor, row: InterestPayment, event: str, order: Order, now: datetime, reason: str = "") -> None:
    """One journal row on the order, so that its timeline shows the step."""
    record(
        actor=actor, event=event, object_type="order", object_id=row.order_id, now=now,
        facts=interest_facts(row, order, paid=paid_of(order_id=row.order_id), reason=reason or None),
    )  # fmt: skip


def note_sent(*, interest_id: int, now: datetime) -> None:
    """The treasury has the instruction; the payment is under way as before."""
    row = locked(interest_id=interest_id)
    tell(actor=_system(), row=row, event="payments.interest_sent", order=_order(row), now=now)


def confirm(*, interest_id: int, now: datetime) -> None:
    """The treasury has paid: what was frozen for the interest is spent."""
    row = locked(interest_id=interest_id)
    actor = _system()
    take(
        actor=actor, row=row, action="confirm", event="payments.interest_paid", order=_order(row), now=now, paid_at=now
    )
    spend(actor=actor, order_id=row.order_id, interest_id=row.pk, now=now)


def fail(*, interest_id: int, reason: str, now: datetime) -> None:
    """Refused or sent back: to the payer again. What was spent already is frozen again."""
    row = locked(interest_id=interest_id)
    actor, was_paid = _system(), row.state == InterestState.PAID
    take(
        actor=actor, row=row, action="fail", event="payments.interest_failed", order=_order(row), now=now,
        reason=reason, paid_at=None,
    )  # fmt: skip
    if was_paid:
        give_back(actor=actor, order_id=row.order_id, interest_id=row.pk, now=now)


def _order(row: InterestPayment) -> Order:
    return order_of(row.order_id)


def _system() -> Actor:
    return system_in(current_tenant().code)
