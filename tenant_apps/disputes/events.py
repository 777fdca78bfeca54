"""What disputes tell the journal: who stands where, not what they say."""

from __future__ import annotations

from typing import Any

from kernel.events import EventType, declare
from tenant_apps.disputes.models import Dispute

_FIELDS: dict[str, Any] = {
    "order_id": int,
    "order_number": str,
    "organisation_id": int,
    "supplier_organisation_id": int,
    "opened_by": str,
    "state": str,
    "outcome": str,
    "paper_sm3": str | None,
}
for _name in ("opened", "taken_up", "stated", "decided", "withdrawn"):
    declare(EventType(f"disputes.{_name}", 1, _FIELDS))


def dispute_facts(dispute: Dispute, *, paper_sm3: str | None = None) -> dict[str, Any]:
    return {
        "order_id": dispute.order_id,
        "order_number": dispute.order_number,
        "organisation_id": dispute.organisation_id,
        "supplier_organisation_id": dispute.supplier_organisation_id,
        "opened_by": str(dispute.opened_by),
        "state": str(dispute.state),
        "outcome": str(dispute.outcome),
        "paper_sm3": paper_sm3,
    }
