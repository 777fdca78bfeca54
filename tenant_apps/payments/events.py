"""What payments tell the journal beside the order's own steps: the asking for a longer term and its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kernel.events import EventType, declare
from tenant_apps.payments.models import PaymentTerm

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
