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
from tenant_apps.orders.services.counting import Counted, Lines, write_counts
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
        taken = give_up_rest(order)
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


def give_up_rest(order: Order) -> dict[tuple[int, str], Decimal]:
    """Writes the lines' counts with nothing outstanding any more; the caller holds the order. Two statements.

    Returns what each budget line gets back, by item code: the order costs only what was accepted.
    """
    lines, fundings = _funded_lines(order)
    given_up = {
        position: row.quantities.give_up_rest() for position, row in lines.items() if row.quantities.outstanding
    }
    taken: dict[tuple[int, str], Decimal] = {}
    for row in write_counts(lines, given_up).values():
        due = line_due(price=row.line.price, freight=row.line.freight, accepted=row.quantities.accepted)
        for budget_line_id, amount in give_back(fundings=fundings[row.line.pk], due=due).items():
            key = (budget_line_id, row.line.category_code)
            taken[key] = taken.get(key, ZERO) + amount
    return taken


def _funded_lines(order: Order) -> tuple[Lines, dict[int, list[tuple[int, Decimal]]]]:
    """The order's lines by position, each with its counts and what pays for it in its order. One statement."""
    lines: Lines = {}
    fundings: dict[int, list[tuple[int, Decimal]]] = {}
    rows = OrderFunding.objects.filter(order_line__order_id=order.pk).select_related("order_line__progress")
    for row in rows.order_by("order_line__position", "id"):
        line = row.order_line
        lines.setdefault(line.position, Counted(line, line.counts))
        fundings.setdefault(line.pk, []).append((row.budget_line_id, row.amount))
    return lines, fundings
