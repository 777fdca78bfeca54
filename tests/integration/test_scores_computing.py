"""Facts from the malls' journals and scores from the facts: once, in any order, all at once or one by one."""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal as D
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel.clock import utc_now
from shared_apps.scores import services
from shared_apps.scores.models import OrderOutcome, ScoreAppeal, SupplierScore
from shared_apps.scores.rules import PROPOSAL, Outcome, count, score
from tenants.database.context import region_as, region_atomic
from tenants.database.logins import MALL, RELAY
from tenants.registry.models import Tenant
from tests.factories.goods import make_supplier
from tests.factories.relayed import relay_tenant, write_order_event
from tests.factories.scores import ENDINGS, entry, follow, orders, outcome
from tests.factories.statements import counted

A, B = "990001", "990002"
FIELDS = ("supplier_id", "answered", "declined", "expired", "judged", "refused", "score", "formula_version")


def recompute(**more: Any) -> int:
    with region_as("yz_region"):
        return services.recompute(now=utc_now(), **more)


def results(*suppliers: int) -> list[tuple[Any, ...]]:
    return list(SupplierScore.objects.filter(supplier_id__in=suppliers).order_by("supplier_id").values_list(*FIELDS))


def test_facts_come_from_the_journals_of_all_malls() -> None:
    for tenant, ending in ((A, "declined"), (B, "goods_refused")):
        for name in ("submitted", "approved", "accepted", "shipped", ending, "invoiced"):
            if ending == "declined" and name in {"accepted", "shipped", "invoiced"}:
                continue
            write_order_event(tenant, name, order_id=7)
        relay_tenant(tenant)
        relay_tenant(tenant)
    facts = OrderOutcome.objects.order_by("tenant_code")
    assert [(one.tenant_code, bool(one.declined_at), bool(one.refused_at), bool(one.shipped_at)) for one in facts] == [
        (A, True, False, False), (B, False, True, True),
    ]  # fmt: skip


def test_a_practice_mall_leaves_none() -> None:
    with region_as("yz_region"):
        Tenant.objects.filter(code=A).update(kind="practice")
    write_order_event(A, "declined")
    relay_tenant(A)
    assert not OrderOutcome.objects.exists()


def test_the_first_moment_of_a_step_stays_whatever_comes_later() -> None:
    supplier = make_supplier().pk
    now = utc_now()
    first = entry("goods_refused", supplier_id=supplier, order_id=1, at=now - timedelta(days=2))
    again = entry("goods_refused", supplier_id=supplier, order_id=1, at=now)
    follow([again, first, first])
    found = outcome(supplier, 1)
    assert (found.refused_at, found.journal_id) == (first.at, again.journal_id)


def test_a_score_and_none_for_too_few_orders() -> None:
    one, other = make_supplier().pk, make_supplier().pk
    orders(one, "good", "good", "waiting", "declined", "expired", "refused", "refused, then taken")
    orders(other, "good", "good", "good", "good", tenant=B)
    assert recompute() == 2
    # 20/7 + 30/7 + 50 x 2/4
    assert results(one, other) == [
        (one, 7, 1, 1, 4, 2, D("67.9"), 0),
        (other, 4, 0, 0, 4, 0, None, 0),
    ]


def test_what_leaves_the_window_leaves_the_score() -> None:
    supplier = make_supplier().pk
    orders(supplier, *["good"] * 5)
    orders(supplier, *["declined"] * 5, first=11, at=utc_now() - timedelta(days=PROPOSAL.window_days + 2))
    recompute()
    assert results(supplier) == [(supplier, 5, 0, 0, 5, 0, D("100.0"), 0)]
    with region_as("yz_region"):
        services.recompute(now=utc_now() + timedelta(days=PROPOSAL.window_days + 2))
    assert results(supplier) == []


def test_the_statements_are_the_same_for_one_and_for_many() -> None:
    figures = []
    for start in (0, 100):
        for number in range(start, start + 50, 10):
            orders(make_supplier().pk, *["good"] * 6, first=number)
        with region_as("yz_region"), counted() as found:
            services.recompute(now=utc_now())
        figures.append(len(found))
    assert figures[0] == figures[1] <= 8, figures


STEPS = st.lists(
    st.tuples(st.integers(0, 1), st.integers(1, 6), st.sampled_from(sorted(ENDINGS)), st.booleans()), max_size=14
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS, st.randoms(use_true_random=False))
def test_step_by_step_is_the_same_as_all_at_once(
    steps: list[tuple[int, int, str, bool]], shuffle: random.Random
) -> None:
    """Facts in any order and scores computed in between, for one supplier at a time, give what one full run gives."""
    one, twin = [make_supplier().pk for _ in range(2)], [make_supplier().pk for _ in range(2)]
    base = shuffle.randrange(10**12)
    plan = {(who, number): ending for who, number, ending, _ in steps}
    now = utc_now()
    for who, number, _ending, computed in steps:
        if (who, number) in plan:
            ending = plan.pop((who, number))
            rows = [
                entry(name, supplier_id=one[who], order_id=base + who * 10 + number, at=now) for name in ENDINGS[ending]
            ]
            shuffle.shuffle(rows)
            follow([*rows, *rows])
            orders(twin[who], ending, first=base + 500 + who * 10 + number, at=now)
        if computed:
            recompute(supplier_ids=[one[who]])
    for key in one:
        recompute(supplier_ids=[key])
    stepwise = [row[1:] for row in results(*one)]
    recompute()
    assert [row[1:] for row in results(*one)] == stepwise
    assert [row[1:] for row in results(*twin)] == stepwise
    for key in one:
        rows_of = OrderOutcome.objects.filter(supplier_id=key)
        facts = [Outcome(o.accepted_at, o.declined_at, o.expired_at, o.received_at, o.refused_at) for o in rows_of]
        found = count(facts)
        expected = [(key, *(getattr(found, name) for name in FIELDS[1:6]), score(counts=found, formula=PROPOSAL), 0)]
        assert results(key) == (expected if found.answered else [])


def test_an_order_left_out_is_that_order_alone() -> None:
    """An accepted appeal against one order leaves out no other."""
    supplier = make_supplier().pk
    orders(supplier, *["good"] * 5, "declined")
    fact = outcome(supplier, 6)
    with region_as("yz_region"):
        ScoreAppeal.objects.create(
            supplier_id=supplier, tenant_code=fact.tenant_code, order_id=fact.order_id, order_number=fact.order_number,
            supplier_name="x", reason="x", state="accepted", filed_by_name="x", filed_at=utc_now(),
            due_on=utc_now().date(), decided_at=utc_now(), decision_reason="x",
        )  # fmt: skip
    recompute()
    assert results(supplier)[0][6] == D("100.0")
    with region_as("yz_region"):
        ScoreAppeal.objects.update(order_number="DD另一笔")
    recompute()
    assert results(supplier)[0][6] == D("96.7")


def test_only_the_relay_writes_facts_and_no_mall_reads_any() -> None:
    orders(make_supplier().pk, "good")
    for table in ("scores_orderoutcome", "scores_supplierscore", "scores_scoreappeal"):
        with (
            region_as(MALL),
            pytest.raises(DatabaseError, match="permission denied"),
            connections["default"].cursor() as cursor,
        ):
            cursor.execute(f"SELECT 1 FROM {table}")
    with (
        region_as(RELAY),
        pytest.raises(DatabaseError, match="permission denied"),
        connections["default"].cursor() as cursor,
    ):
        cursor.execute("SELECT 1 FROM scores_supplierscore")


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("score = 100.1", "score_within_0_and_100"),
        ("score = -0.1", "score_within_0_and_100"),
        ("declined = answered + 1", "score_parts_within_their_counts"),
        ("refused = judged + 1", "score_parts_within_their_counts"),
    ],
)
def test_the_database_says_so_too(change: str, constraint: str) -> None:
    orders(make_supplier().pk, *["good"] * 5)
    recompute()
    with (
        region_as("yz_region"),
        pytest.raises(IntegrityError, match=constraint),
        region_atomic(),
        connections["default"].cursor() as cursor,
    ):
        cursor.execute(f"UPDATE scores_supplierscore SET {change}")
