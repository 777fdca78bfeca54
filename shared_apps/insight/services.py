"""Keeping the facts in step with the journals."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Q

from shared_apps.insight.models import OrderFact
from tenants.journaling.consumers import RelayedEntry
from tenants.registry.selectors import is_practice


def follow_order(*, entry: RelayedEntry) -> OrderFact | None:
    """Brings the order's fact to this event, unless a later one was here first. Runs in the relay's transaction.

    Nothing of a practice tenant is kept.
    """
    if is_practice(code=entry.tenant):
        return None
    facts = entry.facts
    key = {"tenant_code": entry.tenant, "order_id": int(entry.object_id)}
    values = {
        "order_number": facts["order_number"],
        "unit_id": facts["unit_id"],
        "unit_name": facts["unit_name"],
        "supplier_id": facts["supplier_id"],
        "supplier_code": facts["supplier_code"],
        "supplier_name": facts["supplier_name"],
        "module": facts["module"],
        "fiscal_year": facts["fiscal_year"],
        "total": Decimal(facts["total"]),
        "state": facts["state"],
        "changed_at": entry.at,
        "epoch": entry.epoch,
        "journal_id": entry.journal_id,
    }
    moments = {"orders.approved": "placed_at", "orders.paid": "paid_at"}
    if moment := moments.get(entry.event):
        values[moment] = entry.at
    fact, created = OrderFact.objects.get_or_create(**key, defaults={**values, "submitted_at": entry.at})
    if created:
        return fact
    earlier = Q(epoch__lt=entry.epoch) | Q(epoch=entry.epoch, journal_id__lt=entry.journal_id)
    if not OrderFact.objects.filter(earlier, pk=fact.pk).update(**values) and moment:
        OrderFact.objects.filter(pk=fact.pk).update(**{moment: entry.at})
    return fact
