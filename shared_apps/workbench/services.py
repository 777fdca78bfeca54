"""Keeping the supplier's orders in step with the journals."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.db.models import Q

from shared_apps.workbench.models import SupplierOrder
from tenants.journaling.consumers import RelayedEntry
from tenants.registry.selectors import is_practice

# Before an order is placed its supplier does not know of it.
_BEFORE: Final = frozenset({"draft", "pending_approval", "sent_back", "rejected", "withdrawn"})


def follow_order(*, entry: RelayedEntry) -> SupplierOrder | None:
    """Brings the order to this event, unless a later one was here first. Runs in the relay's transaction.

    Nothing of a practice mall is kept. Three statements at most.
    """
    facts = entry.facts
    if facts["state"] in _BEFORE or is_practice(code=entry.tenant):
        return None
    values = {
        "order_number": facts["order_number"],
        "unit_name": facts["unit_name"],
        "supplier_id": facts["supplier_id"],
        "supplier_organisation_id": facts["supplier_organisation_id"],
        "total": Decimal(facts["total"]),
        "state": facts["state"],
        "changed_at": entry.at,
        "epoch": entry.epoch,
        "journal_id": entry.journal_id,
    }
    days = _days(entry)
    row, created = SupplierOrder.objects.get_or_create(
        tenant_code=entry.tenant, order_id=int(entry.object_id), defaults={**values, **days}
    )
    if created:
        return row
    earlier = Q(epoch__lt=entry.epoch) | Q(epoch=entry.epoch, journal_id__lt=entry.journal_id)
    if not SupplierOrder.objects.filter(earlier, pk=row.pk).update(**values, **days) and days:
        SupplierOrder.objects.filter(pk=row.pk).update(**days)
    return row


def follow_interest(*, entry: RelayedEntry) -> int:
    """What the supplier has got of an order's late interest, unless a later event was here first. One statement."""
    rows = SupplierOrder.objects.filter(tenant_code=entry.tenant, order_id=int(entry.object_id))
    earlier = Q(interest_epoch__lt=entry.epoch) | Q(
        interest_epoch=entry.epoch, interest_journal_id__lt=entry.journal_id
    )
    return rows.filter(earlier).update(
        interest_paid=Decimal(entry.facts["interest_paid"]),
        interest_epoch=entry.epoch,
        interest_journal_id=entry.journal_id,
    )


def _days(entry: RelayedEntry) -> dict[str, Any]:
    """The days that this event sets. Not every event sets one."""
    facts = entry.facts
    due = datetime.fromisoformat(facts["due_at"]) if facts["due_at"] else None
    if entry.event == "orders.approved":
        return {"placed_at": entry.at, "answer_due_at": due}
    if entry.event == "orders.accepted":
        promised = facts.get("promised_on")
        return {"promised_on": date.fromisoformat(promised) if promised else None}
    if entry.event == "orders.paid":
        return {"paid_at": entry.at}
    if entry.event == "orders.payment_returned":
        return {"paid_at": None}
    if entry.event == "orders.shipped":
        return {"shipped_at": entry.at}
    # Accepted in full, or the rest given up; a dispute that ends in payment of what was accepted says it as well.
    if facts["state"] == "goods_accepted" and due is not None:
        return {"delivered_at": entry.at, "late_from": due}
    if entry.event in {"orders.goods_accepted", "orders.rest_cancelled"}:
        return {"delivered_at": entry.at}
    return {}
