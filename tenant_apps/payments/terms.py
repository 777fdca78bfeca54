"""Agreeing on a longer term of payment: the buyer asks and says why, the supplier agrees or refuses.

Source: State Council Order 802 art. 7 (no unreasonable term may be demanded), art. 9 (at most 60 days, by agreement).
Asked and answered before the goods are accepted: from then on the clock runs.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.problems import Conflict, InvalidInput, NotPermitted
from tenant_apps.journal.services import record
from tenant_apps.orders.payment_clock import AGREED_DAYS_MOST, SME_PAYMENT_DAYS
from tenant_apps.orders.permissions import holds
from tenant_apps.orders.rules import OrderState
from tenant_apps.orders.services import paying
from tenant_apps.orders.services.holding import person_id
from tenant_apps.payments.events import term_facts
from tenant_apps.payments.models import PaymentTerm
from tenant_apps.payments.rules import TERM_ANSWERERS, TERM_ASKERS, TERM_LIFECYCLE, TERM_LIVE, TermState
from tenants.database.context import tenant_atomic

if TYPE_CHECKING:
    from tenant_apps.orders.models import Order

S = OrderState
# Between the supplier's acceptance of the order and the acceptance of all its goods.
NEGOTIABLE = frozenset({S.ACCEPTED, S.CONTRACTED, S.SHIPPED, S.PARTLY_ACCEPTED, S.GOODS_REFUSED, S.RETURNED})


class TermNotOpen(Conflict):
    """A longer term is asked of small and medium suppliers only, before their goods are accepted, one at a time."""

    code = "payment-term-not-open"
    title = _("The term of payment of this order cannot be changed now")


def ask(*, actor: Actor, order_id: int, days: int, reason: str, now: datetime) -> PaymentTerm:
    """The buyer asks for more than 30 days, at most 60. Raises TermNotOpen, InvalidInput, NotPermitted, NotFound."""
    errors: dict[str, list[str]] = {}
    if not SME_PAYMENT_DAYS < days <= AGREED_DAYS_MOST:
        errors["days"] = [str(_("The law allows 31 to 60 days by agreement."))]
    if not reason.strip():
        errors["reason"] = [str(_("Give the reason."))]
    if errors:
        raise InvalidInput(errors=errors)
    with tenant_atomic(savepoint=False):
        order = paying.hold_for_term(actor=actor, order_id=order_id)
        if not may_ask(actor=actor, order=order):
            raise NotPermitted(action="ask_payment_term")
        if not is_open(order) or PaymentTerm.objects.filter(order_id=order.pk, state__in=TERM_LIVE).exists():
            raise TermNotOpen(order_id=order.pk)
        term = PaymentTerm.objects.create(
            order_id=order.pk,
            days=days,
            reason=reason.strip(),
            state=TERM_LIFECYCLE.initial,
            asked_by_id=person_id(actor),
            asked_by_name=actor.name,
            asked_at=now,
        )
        _tell(actor, "payments.term_asked", term, order, now)
    return term


def answer(*, actor: Actor, order_id: int, agrees: bool, now: datetime, reason: str = "") -> PaymentTerm:
    """The supplier agrees, or refuses with a reason. Raises TermNotOpen where nothing is asked or it is too late."""
    if not agrees and not reason.strip():
        raise InvalidInput(errors={"reason": [str(_("Give the reason."))]})
    with tenant_atomic(savepoint=False):
        order = paying.hold_for_term(actor=actor, order_id=order_id)
        if not may_answer(actor=actor, order=order):
            raise NotPermitted(action="answer_payment_term")
        term = PaymentTerm.objects.filter(order_id=order.pk, state=TermState.ASKED).first()
        if term is None or not is_open(order):
            raise TermNotOpen(order_id=order.pk)
        step = TERM_LIFECYCLE.next(term.state, "agree" if agrees else "refuse")
        term.state = step.target
        term.answered_by_id = person_id(actor)
        term.answered_by_name = actor.name
        term.answered_at = now
        term.answer_reason = reason.strip()
        term.save(update_fields=["state", "answered_by_id", "answered_by_name", "answered_at", "answer_reason"])
        if agrees:
            paying.agree_term(order=order, days=term.days, now=now)
        _tell(actor, "payments.term_agreed" if agrees else "payments.term_refused", term, order, now)
    return term


def is_open(order: Order) -> bool:
    """Whether a term may be asked or answered at this point of the order."""
    return order.supplier_is_sme and order.state in NEGOTIABLE and order.goods_accepted_at is None


def may_ask(*, actor: Actor, order: Order) -> bool:
    return any(holds(actor=actor, post=post, order=order) for post in TERM_ASKERS)


def may_answer(*, actor: Actor, order: Order) -> bool:
    return any(holds(actor=actor, post=post, order=order) for post in TERM_ANSWERERS)


def possible(*, actor: Actor, order: Order, last: PaymentTerm | None) -> frozenset[str]:
    """What the actor may do now: "ask" or "answer", or nothing. `last` is the order's last term."""
    if not is_open(order):
        return frozenset()
    asks = (last is None or last.state == TermState.REFUSED) and may_ask(actor=actor, order=order)
    answers = last is not None and last.state == TermState.ASKED and may_answer(actor=actor, order=order)
    return frozenset({"ask"} if asks else {"answer"} if answers else ())


def last_of(*, order_id: int) -> PaymentTerm | None:
    """The last term asked of an order the caller has reached. One statement."""
    return PaymentTerm.objects.filter(order_id=order_id).order_by("-id").first()


def _tell(actor: Actor, event: str, term: PaymentTerm, order: Order, now: datetime) -> None:
    record(actor=actor, event=event, object_type="order", object_id=order.pk, facts=term_facts(term, order), now=now)
