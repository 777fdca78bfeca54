"""Scores after a mall was set back: what was lost is not counted, what stands is."""

from __future__ import annotations

from pathlib import Path

from kernel.clock import utc_now
from shared_apps.scores import services
from shared_apps.scores.models import OrderOutcome, SupplierScore
from tenants.database.context import region_as
from tests.factories.goods import make_supplier
from tests.factories.relayed import relay_tenant, write_order_event
from tests.tenancy.restores import A, dump, restore

B = "990002"


def step(name: str, order: int, supplier: int, tenant: str = A) -> None:
    write_order_event(tenant, name, order_id=order, supplier_id=supplier)


def counted() -> list[tuple[str, int, bool, bool]]:
    rows = OrderOutcome.objects.order_by("tenant_code", "order_id")
    return [(row.tenant_code, row.order_id, bool(row.accepted_at), bool(row.refused_at)) for row in rows]


def test_the_outcome_stands_where_the_journal_stands(tmp_path: Path) -> None:
    supplier = make_supplier().pk
    step("accepted", 1, supplier)
    step("accepted", 1, supplier, B)
    relay_tenant(A)
    relay_tenant(B)
    dump(tmp_path / "a.zip")
    step("goods_refused", 1, supplier)
    step("accepted", 2, supplier)
    relay_tenant(A)
    assert counted() == [(A, 1, True, True), (A, 2, True, False), (B, 1, True, False)]

    restore(tmp_path / "a.zip")

    assert counted() == [(A, 1, True, False), (B, 1, True, False)]
    step("goods_accepted", 1, supplier)
    relay_tenant(A)
    with region_as("yz_region"):
        services.recompute(now=utc_now())
        found = SupplierScore.objects.get(supplier_id=supplier)
    assert (found.answered, found.judged, found.refused) == (2, 1, 0)
