"""What invoices tell the journal. Of the number only its digest: it is looked up, not read off."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from kernel.events import EventType, declare
from tenant_apps.invoices.models import Invoice

_FIELDS: dict[str, Any] = {
    "order_id": int,
    "order_number": str,
    "organisation_id": int,
    # Whose payers are told where another mall has the number too. Version 1 was without.
    "unit_id": int,
    "supplier_organisation_id": int,
    "fingerprint": str,
    "total": Decimal,
    "state": str,
    "reason": str | None,
}
for _name in ("recorded", "verified", "refused", "reversed"):
    declare(EventType(f"invoices.{_name}", 2, _FIELDS))
declare(EventType("invoices.rule_decided", 1, {"needed": bool, "reason": str}))


def invoice_facts(invoice: Invoice, *, reason: str | None = None) -> dict[str, Any]:
    return {
        "order_id": invoice.order_id,
        "order_number": invoice.order_number,
        "organisation_id": invoice.organisation_id,
        "unit_id": invoice.unit_id,
        "supplier_organisation_id": invoice.supplier_organisation_id,
        "fingerprint": invoice.fingerprint,
        "total": invoice.total,
        "state": str(invoice.state),
        "reason": reason,
    }
