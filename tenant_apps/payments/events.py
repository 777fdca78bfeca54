"""What payments tell the journal beside the order's own steps: longer terms and late interest."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kernel.events import EventType, declare
from kernel.posts import Post
from tenant_apps.payments.models import InterestPayment, PaymentTerm
from tenant_apps.payments.rules import InterestState

if TYPE_CHECKING:
    from tenant_apps.orders.models import Order

_FIELDS: dict[str, Any] = {
    "order_number": str,
    "unit_id": int,
    "organisation_id": int,
    "supplier_organisation_id": int,
    "days": int,
    "state": str,
    "reason": str,
}
for _name in ("asked", "agreed", "refused"):
    declare(EventType(f"payments.term_{_name}", 1, _FIELDS))


# What a step of late interest tells: `interest_paid` is what the order's supplier has got of it in all.
_INTEREST: dict[str, Any] = {
    "order_number": str,
    "unit_id": int,
    "unit_name": str,
    "organisation_id": int,
    "supplier_organisation_id": int,
    "supplier_name": str,
    "interest_id": int,
    "days_late": int,
    "amount": Decimal,
    "interest_paid": Decimal,
    "state": str,
    "reason": str | None,
    "next_post": str | None,
    "due_at": datetime | None,
}
INTEREST_EVENTS = ("asked", "approved", "rejected", "withdrawn", "asked_again", "sent", "paid", "failed")
for _name in INTEREST_EVENTS:
    declare(EventType(f"payments.interest_{_name}", 1, _INTEREST))

_NEXT_OF_INTEREST = {InterestState.ASKED: Post.BUYER_APPROVER, InterestState.FAILED: Post.BUYER_PAYER}


def interest_facts(row: InterestPayment, order: Order, *, paid: Decimal, reason: str | None = None) -> dict[str, Any]:
    """The facts of a step as the payment stands after it."""
    post = _NEXT_OF_INTEREST.get(InterestState(row.state))
    return {
        "order_number": row.order_number,
        "unit_id": row.unit_id,
        "unit_name": order.unit_name,
        "organisation_id": row.organisation_id,
        "supplier_organisation_id": row.supplier_organisation_id,
        "supplier_name": order.supplier_name,
        "interest_id": row.pk,
        "days_late": row.days_late,
        "amount": row.amount,
        "interest_paid": paid,
        "state": str(row.state),
        "reason": reason,
        "next_post": post.value if post else None,
        "due_at": None,
    }


def term_facts(term: PaymentTerm, order: Order) -> dict[str, Any]:
    return {
        "order_number": str(order.number),
        "unit_id": order.unit_id,
        "organisation_id": order.organisation_id,
        "supplier_organisation_id": order.supplier_organisation_id,
        "days": term.days,
        "state": str(term.state),
        "reason": term.answer_reason or term.reason,
    }
