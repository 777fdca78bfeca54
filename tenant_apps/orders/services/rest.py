"""What was not accepted is given up by agreement: one party asks, the other agrees, and its budget is released."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from kernel.actor import Actor
from kernel.money import ZERO
from tenant_apps.budgets.services import release_part
from tenant_apps.commitments.services import give_back as give_back_sums
from tenant_apps.orders.models import Order, OrderFunding
from tenant_apps.orders.payment_clock import payment_late_from
from tenant_apps.orders.quantities import added, give_back, line_due
from tenant_apps.orders.services.counting import Lines, counted_lines, write_counts
from tenant_apps.orders.services.ending import ask_other_party, require_asked_by_other
from tenant_apps.orders.services.holding import hold
from tenant_apps.orders.services.steps import take_step
from tenants.database.context import tenant_atomic


def ask_to_cancel_rest(*, actor: Actor, order_id: int, reason: str, now: datetime, version: int | None = None) -> Order:
    """Buyer or supplier asks to leave it at what was accepted. Raises CancelAlreadyAsked."""
    with tenant_atomic(savepoint=False):
        order, step = hold(actor=actor, action="ask_to_cancel_rest", order_id=order_id, version=version)
        return ask_other_party(
            actor=actor, order=order, transition=step, event="orders.rest_cancel_asked", reason=reason, now=now
        )


def cancel_rest(*, actor: Actor, order_id: int, now: datetime, version: int | None = None) -> Order:
    """The party that was asked agrees: what was accepted is paid, the rest's budget released. Raises CancelNotAsked."""
    with tenant_atomic(savepoint=False):
        order, step = hold(actor=actor, action="cancel_rest", order_id=order_id, version=version)
        require_asked_by_other(actor=actor, order=order)
        after = give_up_rest(order)
        taken = budget_back(order, after)
        back = added({line_id: amount} for (line_id, _code), amount in taken.items())
        take_step(
            actor=actor,
            order=order,
            transition=step,
            event="orders.rest_cancelled",
            now=now,
            reason=order.state_reason,
            told_due_at=payment_late_from(
                goods_accepted_at=now, is_sme=order.supplier_is_sme, agreed_days=order.payment_days
            ),
            cancelled_amount=sum(back.values(), ZERO),
            cancel_asked_by="",
            goods_accepted_at=now,
        )
        give_back_sums(order_id=order.pk, amounts=taken, now=now)
        release_part(actor=actor, order_id=order.pk, amounts=back, now=now)
        return order


def give_up_rest(order: Order) -> Lines:
    """Writes the lines' counts with nothing outstanding any more; the caller holds the order. Two statements."""
    lines = counted_lines(order)
    given_up = {
        position: row.quantities.give_up_rest() for position, row in lines.items() if row.quantities.outstanding
    }
    return write_counts(lines, given_up)


def budget_back(order: Order, lines: Lines) -> dict[tuple[int, str], Decimal]:
    """What each budget line gets back of an order that costs only what was accepted, by item code. One statement."""
    fundings: dict[int, list[tuple[int, Decimal]]] = {}
    rows = OrderFunding.objects.filter(order_line__order_id=order.pk).order_by("id")
    for line_id, budget_line_id, amount in rows.values_list("order_line_id", "budget_line_id", "amount"):
        fundings.setdefault(line_id, []).append((budget_line_id, amount))
    taken: dict[tuple[int, str], Decimal] = {}
    for row in lines.values():
        due = line_due(price=row.line.price, freight=row.line.freight, accepted=row.quantities.accepted)
        for budget_line_id, amount in give_back(fundings=fundings.get(row.line.pk, ()), due=due).items():
            key = (budget_line_id, row.line.category_code)
            taken[key] = taken.get(key, ZERO) + amount
    return taken
