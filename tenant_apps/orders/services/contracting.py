"""The order's side of its contract. Called by `contracts` inside its transaction, so that both move together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kernel.actor import Actor
from kernel.lifecycle import WrongState
from kernel.posts import Post
from kernel.problems import NotFound, NotPermitted
from shared_apps.rulebook.rules import R_SME_RESERVE
from tenant_apps.journal.services import record
from tenant_apps.orders.events import order_facts
from tenant_apps.orders.models import Order, OrderDecision, OrderLine
from tenant_apps.orders.payment_clock import SME_PAYMENT_DAYS
from tenant_apps.orders.permissions import holds, visible_to
from tenant_apps.orders.rules import ORDER_LIFECYCLE, OrderState
from tenant_apps.orders.services import guarding
from tenant_apps.orders.services.holding import lock
from tenant_apps.orders.services.paying import agree_term
from tenant_apps.orders.services.steps import take_step

S = OrderState
# The supplier has taken it on and nothing has been sent.
DRAFTABLE = frozenset({S.ACCEPTED})
# While it is being delivered more of the same may be agreed on.
DELIVERED = frozenset({S.CONTRACTED, S.SHIPPED, S.PARTLY_ACCEPTED, S.GOODS_REFUSED, S.RETURNED})
# A paper may still be signed when delivery has begun meanwhile; not while a dispute stops the order.
SIGNABLE = DRAFTABLE | DELIVERED
# Approved, and not yet paid for: it may be named as the order of a supplement.
LINKABLE = frozenset({S.PLACED}) | SIGNABLE


LINKABLE_MOST = 20


@dataclass(frozen=True, slots=True)
class OrderText:
    """What a contract writes down of its order."""

    order: Order
    lines: Sequence[OrderLine]
    is_reserved_for_sme: bool


def hold_for_contract(
    *, actor: Actor, order_id: int, action: str, posts: frozenset[Post], states: frozenset[OrderState]
) -> Order:
    """Locks the order for a step of its contract. Raises NotFound, NotPermitted, WrongState."""
    order = lock(Order.objects.filter(visible_to(actor), pk=order_id)).first()
    if order is None:
        raise NotFound(order_id=order_id)
    if not any(holds(actor=actor, post=post, order=order) for post in posts):
        raise NotPermitted(action=action)
    if order.state not in states:
        raise WrongState(lifecycle="order", state=str(order.state), action=action, possible=[])
    return order


def hold_for_signature(*, order_id: int) -> Order:
    """Locks the order for the signature service's answer."""
    return lock(Order.objects.filter(pk=order_id)).get()


def text_of(order: Order) -> OrderText:
    """Two statements."""
    answers = OrderDecision.objects.filter(order=order, rule=R_SME_RESERVE).order_by("-id")
    last = answers.values_list("content", flat=True).first()
    return OrderText(
        order=order,
        lines=lines_of(order_id=order.pk),
        is_reserved_for_sme=last is not None and last["explanation"] == "sme_reserve.allowed",
    )


def lines_of(*, order_id: int) -> list[OrderLine]:
    return list(OrderLine.objects.filter(order_id=order_id).order_by("position"))


def linkable_to(*, actor: Actor, unit_id: int, supplier_organisation_id: int, since: datetime) -> list[Order]:
    """Orders that a supplement signed at `since` may have led to, newest first. One statement."""
    rows = Order.objects.filter(
        visible_to(actor),
        unit_id=unit_id,
        supplier_organisation_id=supplier_organisation_id,
        submitted_at__gte=since,
        state__in=sorted(LINKABLE),
    )
    return list(rows.order_by("-id")[:LINKABLE_MOST])


def note_supplement(*, actor: Actor, order: Order, number: str, now: datetime) -> None:
    """A signed supplement is the order's contract: its history says so, and whom it waits for may have changed."""
    post = guarding.waits_for(order)
    facts = {**order_facts(order), "next_post": post and post.value, "supplement_number": number}
    record(actor=actor, event="orders.supplement_linked", object_type="order", object_id=order.pk, facts=facts, now=now)


def note_signed(*, actor: Actor, order: Order, payment_days: int, now: datetime) -> None:
    """Both parties have signed. When delivery has begun meanwhile the order stays where it is; its history says so.

    The contract's term of payment is the agreed one of a small or medium supplier's order (Order 802 art. 9), as long
    as its clock does not run yet.
    """
    if order.state == S.ACCEPTED:
        step = ORDER_LIFECYCLE.next(order.state, "sign_contract")
        take_step(actor=actor, order=order, transition=step, event="orders.contract_signed", now=now)
    else:
        facts = order_facts(order)
        record(
            actor=actor, event="orders.contract_signed", object_type="order", object_id=order.pk, facts=facts, now=now
        )
    if order.supplier_is_sme and order.goods_accepted_at is None and payment_days != term_of(order):
        agree_term(order=order, days=payment_days, now=now)


def term_of(order: Order) -> int:
    """Days to pay from acceptance: what was agreed, or the law's."""
    return order.payment_days or SME_PAYMENT_DAYS
