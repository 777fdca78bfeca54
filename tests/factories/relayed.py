"""Order events as the tenants' journals hold them, and relaying what a test has written."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from kernel.actor import SYSTEM
from kernel.clock import utc_now
from tenant_apps.journal.services import record
from tenants.database.context import tenant_atomic, tenant_selected
from tenants.journaling.consumers import REGION_ROOM
from tenants.journaling.lag import Lag, measure_lag
from tenants.journaling.relay import drain
from tests.database import wait_until_settled

BUYER, SUPPLIER, UNIT = 701, 801, 31


def order_facts(**changes: Any) -> dict[str, Any]:
    """The facts of an order event; `next_post` and `state` are the caller's to choose."""
    return {
        "order_number": "DD99000120261123000007",
        "unit_id": UNIT,
        "unit_name": "第一中学（测试）",
        "organisation_id": BUYER,
        "supplier_id": 5,
        "supplier_code": "91650100TEST000012",
        "supplier_name": "测试供应商",
        "supplier_organisation_id": SUPPLIER,
        "module": "supermarket",
        "total": Decimal("1234.50"),
        "state": "pending_approval",
        "fiscal_year": 2026,
        "next_post": "buyer_approver",
        "due_at": None,
        "reason": None,
        **changes,
    }


# What an event carries beside the common facts.
_OWN_FACTS: dict[str, dict[str, Any]] = {
    "submitted": {"agreed": []},
    "accepted": {"promised_on": None},
    "supplement_linked": {"supplement_number": "HT990001202611000012-2"},
    "paid": {"area_code": "653101", "lines": []},
    "step_approved": {"step": "财务审核", "deputy_for": None},
    "taken_over": {"old_number": "LD-1", "placed_on": date(2026, 1, 5)},
}


def write_order_event(tenant: str, name: str, *, order_id: int = 7, now: datetime | None = None, **changes: Any) -> int:
    """Appends `orders.<name>` to the tenant's journal; returns the row's id."""
    with tenant_selected(tenant), tenant_atomic():
        return record(
            actor=SYSTEM,
            event=f"orders.{name}",
            object_type="order",
            object_id=order_id,
            facts={**_OWN_FACTS.get(name, {}), **order_facts(**changes)},
            now=now or utc_now(),
        )


def write_interest_event(tenant: str, order_id: int, name: str, *, paid: str = "0.00", state: str = "") -> int:
    """Appends `payments.interest_<name>` to the tenant's journal."""
    post = {"asked": "buyer_approver", "failed": "buyer_payer"}.get(name)
    with tenant_selected(tenant), tenant_atomic():
        return record(
            actor=SYSTEM, event=f"payments.interest_{name}", object_type="order", object_id=order_id, now=utc_now(),
            facts={
                "order_number": f"DD{tenant}20261123{order_id:06}", "unit_id": UNIT, "unit_name": "第一中学（测试）",
                "organisation_id": BUYER, "supplier_organisation_id": SUPPLIER, "supplier_name": "测试供应商",
                "interest_id": 1, "days_late": 10, "amount": Decimal("6.17"), "interest_paid": Decimal(paid),
                "state": state or name, "reason": None, "next_post": post, "due_at": None,
            },
        )  # fmt: skip


def write_term_event(tenant: str, order_id: int, name: str) -> int:
    """Appends `payments.term_<name>` to the tenant's journal."""
    with tenant_selected(tenant), tenant_atomic():
        return record(
            actor=SYSTEM, event=f"payments.term_{name}", object_type="order", object_id=order_id, now=utc_now(),
            facts={
                "order_number": f"DD{tenant}20261123{order_id:06}", "unit_id": UNIT, "organisation_id": BUYER,
                "supplier_organisation_id": SUPPLIER, "days": 45, "state": name, "reason": "跨年度结算",
            },
        )  # fmt: skip


def write_rating_event(tenant: str, order_id: int, side: str) -> int:
    """Appends `evaluations.given` of one side to the tenant's journal."""
    with tenant_selected(tenant), tenant_atomic():
        return record(
            actor=SYSTEM, event="evaluations.given", object_type="order", object_id=order_id, now=utc_now(),
            facts={
                "order_number": f"DD{tenant}20261123{order_id:06}", "unit_id": UNIT, "organisation_id": BUYER,
                "supplier_id": 5, "supplier_organisation_id": SUPPLIER, "side": side, "mean": Decimal("4.5"),
            },
        )  # fmt: skip


def relay_tenant(tenant: str) -> int:
    """Relays all that the tenant has committed; returns how many rows were new."""
    wait_until_settled()
    return drain(room=tenant, schema=f"t{tenant}", now=utc_now())


def relay_region() -> int:
    """The same for the region's own journal."""
    wait_until_settled()
    return drain(room=REGION_ROOM, schema="public", now=utc_now())


def settled_lag() -> Lag:
    """The relay's lag, once nothing older than the test is open."""
    wait_until_settled()
    return measure_lag()
