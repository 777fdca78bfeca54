"""Orders as scores count them, from journal rows that a test makes up."""

from __future__ import annotations

import itertools
from datetime import datetime
from typing import Any

from kernel.clock import utc_now
from shared_apps.scores.following import follow_order
from shared_apps.scores.models import OrderOutcome
from tenants.database.context import region_as, region_atomic
from tenants.database.logins import RELAY
from tenants.journaling.consumers import RelayedEntry
from tests.factories.relayed import order_facts

_journal_ids = itertools.count(1_000_000)
# What happens to an order, by how it ends.
ENDINGS = {
    "good": ("accepted", "shipped", "goods_accepted"),
    "waiting": ("accepted",),
    "declined": ("declined",),
    "expired": ("expired",),
    "refused": ("accepted", "shipped", "goods_refused"),
    "refused, then taken": ("accepted", "shipped", "goods_refused", "goods_accepted"),
}


def entry(
    name: str, *, supplier_id: int, order_id: int, tenant: str = "990001", at: datetime | None = None, **changes: Any
) -> RelayedEntry:
    """A relayed `orders.<name>`."""
    facts = order_facts(supplier_id=supplier_id, order_number=f"DD{tenant}{order_id:06}", **changes)
    return RelayedEntry(
        tenant, 1, next(_journal_ids), at or utc_now(), f"orders.{name}", 1, None, "", None, "order", str(order_id),
        facts,
    )  # fmt: skip


def follow(entries: list[RelayedEntry]) -> None:
    """Notes them as the relay does."""
    with region_as(RELAY), region_atomic():
        for one in entries:
            follow_order(entry=one)


def orders(supplier_id: int, *endings: str, first: int = 1, at: datetime | None = None, **changes: Any) -> None:
    """Orders of a supplier that ended so, numbered from `first`."""
    follow(
        [
            entry(name, supplier_id=supplier_id, order_id=number, at=at, **changes)
            for number, ending in enumerate(endings, first)
            for name in ENDINGS[ending]
        ]
    )


def outcome(supplier_id: int, order_id: int) -> OrderOutcome:
    return OrderOutcome.objects.get(supplier_id=supplier_id, order_id=order_id)
