"""Event types of an order. All carry the same facts, so that every consumer reads them alike; `paid` carries more."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from kernel.events import EventType, declare
from tenant_apps.orders.models import Order, OrderLine
from tenant_apps.orders.rules import next_post

_FIELDS: dict[str, Any] = {
    "order_number": str,
    "unit_id": int,
    "unit_name": str,
    "organisation_id": int,
    "supplier_id": int,
    "supplier_code": str,
    "supplier_name": str,
    "supplier_organisation_id": int,
    "module": str,
    "total": Decimal,
    "state": str,
    "fiscal_year": int,
    "next_post": str | None,
    "due_at": datetime | None,
    "reason": str | None,
    # Whom the next step asks, where not every holder of the post may take it: the clerk of the order, the open steps of
    # its approval as {post, user_ids} (empty: all holders), and who has taken a step of this round.
    "clerk_id": int | None,
    "waits_for": list | None,
    "taken_by": list | None,
    # The party whose wish to give up the order, or its rest, stands: "buyer" or "supplier".
    "cancel_asked_by": str | None,
}

NAMES = (
    "submitted",
    "taken_over",
    "step_approved",
    "sent_back",
    "resubmitted",
    "approved",
    "rejected",
    "withdrawn",
    "accepted",
    "declined",
    "expired",
    "cancel_asked",
    "cancelled",
    "contract_signed",
    "supplement_linked",
    "shipped",
    "goods_accepted",
    "goods_partly_accepted",
    "goods_refused",
    "goods_returned",
    "rest_cancel_asked",
    "rest_cancelled",
    "invoiced",
    "invoice_reversed",
    "payment_requested",
    "payment_sent",
    "payment_refused",
    "payment_returned",
    "paid",
    "closed",
    "disputed",
    "dispute_resolved",
    "dispute_withdrawn",
    "terminated",
)

# What was paid for what, for the region's reference prices: a list of `line_facts`. Version 1 was without.
_MORE: dict[str, dict[str, Any]] = {
    # What was bargained: a list of {"offer_id", "listed", "agreed"}.
    "submitted": {"agreed": list},
    "step_approved": {"step": str, "deputy_for": str | None},
    # By when the supplier promised to deliver, for the record of its deliveries. Version 1 was without.
    "accepted": {"promised_on": date | None},
    "paid": {"area_code": str, "lines": list},
    "supplement_linked": {"supplement_number": str},
    # An order that began in another system: no event of a placed order, so it is not metered.
    "taken_over": {"old_number": str, "placed_on": date},
}
_VERSIONS = {"accepted": 2, "paid": 2, "submitted": 2}

for _name in NAMES:
    declare(EventType(f"orders.{_name}", _VERSIONS.get(_name, 1), {**_FIELDS, **_MORE.get(_name, {})}))


def line_facts(line: OrderLine) -> dict[str, Any]:
    """What the journal tells of a line that is paid: library keys, the price of a piece with tax and surcharge.

    `quantity` is what was accepted; the line's `progress` is read along by the caller.
    """
    return {
        "position": line.position,
        "product_id": line.product_id,
        "product_code": line.product_code,
        "offer_id": line.offer_id,
        "price": line.price,
        "quantity": line.counts.accepted,
    }


def order_facts(order: Order, *, reason: str | None = None) -> dict[str, Any]:
    """The facts of an order's event, as the order is after the step."""
    post = next_post(order.state)
    return {
        "order_number": str(order.number),
        "unit_id": order.unit_id,
        "unit_name": order.unit_name,
        "organisation_id": order.organisation_id,
        "supplier_id": order.supplier_id,
        "supplier_code": order.supplier_code,
        "supplier_name": order.supplier_name,
        "supplier_organisation_id": order.supplier_organisation_id,
        "module": order.module,
        "total": order.payable_amount,
        "state": str(order.state),
        "fiscal_year": order.fiscal_year,
        "next_post": post.value if post else None,
        "due_at": order.next_due_at,
        "reason": reason,
        "clerk_id": order.clerk_id,
        "cancel_asked_by": order.cancel_asked_by or None,
    }
