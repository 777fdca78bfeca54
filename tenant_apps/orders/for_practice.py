"""Orders as practice malls look at them: who took which step."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q

from tenant_apps.orders.models import Order


@dataclass(frozen=True, slots=True)
class PracticeOrder:
    """An order with the people of its steps so far."""

    id: int
    number: str
    state: str
    unit_id: int
    organisation_id: int
    supplier_organisation_id: int
    clerk_id: int
    approver_id: int | None
    acceptor_id: int | None
    payer_id: int | None
    total: object


def orders_of_person(*, user_id: int, ids: Collection[int] = (), size: int = 50) -> list[PracticeOrder]:
    """Orders in which the person took a step, and those named; newest first. One statement."""
    took = Q(clerk_id=user_id) | Q(approver_id=user_id) | Q(acceptor_id=user_id) | Q(payer_id=user_id)
    rows = Order.objects.filter(took | Q(pk__in=list(ids))).order_by("-id")[:size]
    return [
        PracticeOrder(
            row.pk, str(row.number), row.state, row.unit_id, row.organisation_id, row.supplier_organisation_id,
            row.clerk_id, row.approver_id, row.acceptor_id, row.payer_id, row.total_amount,
        )
        for row in rows
    ]  # fmt: skip
