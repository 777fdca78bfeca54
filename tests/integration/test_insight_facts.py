"""One narrow row an order, brought along by the journals; figures for those who supervise."""

from __future__ import annotations

from decimal import Decimal as D

import pytest
from django.db import DatabaseError, IntegrityError, connections

from kernel.actor import Actor, Belonging, HeldPost
from kernel.posts import Post
from kernel.problems import NotFound
from shared_apps.insight import services
from shared_apps.insight.models import OrderFact
from shared_apps.insight.selectors import supervision
from tenants.database.context import region_as, region_atomic
from tenants.database.logins import MALL, RELAY
from tenants.divisions.models import Supervision
from tenants.journaling import relay
from tenants.registry.models import Tenant
from tests.factories.relayed import relay_tenant, write_order_event

A, B = "990001", "990002"


def staff(post: Post, kind: str, tenant: str | None = None) -> Actor:
    return Actor(1, "测试", None, (Belonging(1, "机构", kind, "X", tenant),), (HeldPost(post, 1),))


REGION = staff(Post.REGION_SUPERVISOR, "region_finance")


def test_a_fact_follows_its_order() -> None:
    write_order_event(A, "submitted")
    relay_tenant(A)
    fact = OrderFact.objects.get()
    assert (fact.state, fact.total, fact.placed_at) == ("pending_approval", D("1234.50"), None)
    write_order_event(A, "approved", state="placed")
    write_order_event(A, "paid", state="paid", next_post=None)
    relay_tenant(A)
    fact.refresh_from_db()
    assert (fact.state, fact.placed_at is None, fact.paid_at is None) == ("paid", False, False)


def test_an_older_event_relayed_late_changes_nothing_but_its_moment() -> None:
    write_order_event(A, "submitted")
    write_order_event(A, "approved", state="placed")
    write_order_event(A, "paid", state="paid", next_post=None)
    entries: list[relay.RelayedEntry] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(relay, "handlers_of", lambda event: [entries.append])
        relay_tenant(A)
    with region_as(RELAY), region_atomic():
        for entry in reversed(entries):
            services.follow_order(entry=entry)
    fact = OrderFact.objects.get()
    assert (fact.state, fact.placed_at is None, fact.paid_at is None) == ("paid", False, False)


def test_figures_by_tenant_and_stage() -> None:
    write_order_event(A, "submitted", order_id=1)
    write_order_event(A, "approved", order_id=2, state="placed", total=D("10.00"))
    write_order_event(B, "paid", order_id=2, state="paid", total=D("5.50"))
    write_order_event(B, "paid", order_id=3, state="paid", total=D("4.50"), fiscal_year=2025)
    relay_tenant(A)
    relay_tenant(B)
    with region_as("yz_region"):
        found = supervision(actor=REGION, fiscal_year=2026)
    assert [(row.code, row.total.orders, row.total.value) for row in found.tenants] == [
        (A, 2, D("1244.50")), (B, 1, D("5.50")),
    ]  # fmt: skip
    assert found.years == (2026, 2025)
    assert {stage: figures.orders for stage, figures in found.by_stage.items()} == {
        "waiting": 1, "under_way": 1, "paid": 1, "ended": 0,
    }  # fmt: skip
    assert (found.total.orders, found.total.value, found.tenants_with_orders) == (3, D("1250.00"), 2)


def test_a_bureau_sees_what_it_supervises() -> None:
    with region_as("yz_region"):
        Supervision.objects.filter(tenant_code=B).update(supervisor_code=A)
        of_a = supervision(actor=staff(Post.TIER_SUPERVISOR, "finance_bureau", A), fiscal_year=2026)
        of_b = supervision(actor=staff(Post.TIER_SUPERVISOR, "finance_bureau", B), fiscal_year=2026)
        assert [row.code for row in of_a.tenants] == [A, B]
        assert [row.code for row in of_b.tenants] == [B]
        with pytest.raises(NotFound):
            supervision(actor=staff(Post.CPB_OPERATOR, "central_purchasing_body", A), fiscal_year=2026)


def test_practice_leaves_no_fact() -> None:
    with region_as("yz_region"):
        Tenant.objects.filter(code=A).update(kind="practice")
    write_order_event(A, "submitted")
    relay_tenant(A)
    assert OrderFact.objects.count() == 0


def test_a_mall_reads_no_facts() -> None:
    with (
        region_as(MALL),
        pytest.raises(DatabaseError, match="permission denied"),
        connections["default"].cursor() as cursor,
    ):
        cursor.execute("SELECT 1 FROM insight_orderfact")


def test_totals_are_amounts() -> None:
    write_order_event(A, "submitted")
    relay_tenant(A)
    for bad in ("-0.01", "'NaN'"):
        with (
            region_as("yz_region"),
            pytest.raises(IntegrityError, match="order_fact_total_is_an_amount"),
            region_atomic(),
            connections["default"].cursor() as cursor,
        ):
            cursor.execute(f"UPDATE insight_orderfact SET total = {bad}")
