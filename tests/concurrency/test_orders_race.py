"""Approvals at the same moment, over real connections of the tenant's own login."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connections

from kernel.actor import Actor
from kernel.clock import utc_now
from kernel.posts import Post
from kernel.problems import DomainError
from tenant_apps.budgets.models import BudgetEntry, BudgetLine
from tenant_apps.journal.models import JournalEntry
from tenant_apps.orders.models import Order
from tenant_apps.orders.services import approving, steps
from tenant_apps.storefront.models import CartLine
from tenant_apps.supermarket.services import submit_cart
from tenants.database.context import region_as, tenant_selected
from tenants.database.rows import update_rows
from tests.factories.orders import Shop, make_shop
from tests.factories.people import actor_of

APPROVALS = 64


@pytest.fixture
def shop() -> Shop:
    return make_shop(total="200.00")


def at_once(tenant: str, jobs: list[Callable[[], object]], *, width: int = 16) -> Counter[str]:
    """Runs the jobs from `width` threads that start together; counts "done" and the codes of refusals."""
    outcomes: Counter[str] = Counter()
    start, lock, waiting = threading.Barrier(width), threading.Lock(), list(jobs)

    def work() -> None:
        with tenant_selected(tenant), region_as("yz_mall"):
            start.wait()
            while True:
                with lock:
                    if not waiting:
                        break
                    job = waiting.pop()
                try:
                    job()
                    outcome = "done"
                except DomainError as refusal:
                    outcome = refusal.code
                with lock:
                    outcomes[outcome] += 1
        for connection in connections.all():
            connection.close_kept()  # type: ignore[attr-defined]

    threads = [threading.Thread(target=work) for _ in range(width)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return outcomes


def approvers(shop: Shop, count: int) -> list[Actor]:
    return [actor_of(shop.hire(f"审批{n}", Post.BUYER_APPROVER), shop.tenant) for n in range(count)]


def approve(actor: Actor, order: Order) -> Callable[[], object]:
    return lambda: approving.approve(actor=actor, order_id=order.pk, now=utc_now())


def test_of_two_approvers_at_once_exactly_one_approves(shop: Shop) -> None:
    order = shop.submit(quantity=1)
    first, second = approvers(shop, 2)
    outcomes = at_once(shop.tenant, [approve(first, order), approve(second, order)], width=2)
    assert outcomes["done"] == 1
    assert sum(outcomes.values()) == 2
    assert set(outcomes) <= {"done", "order-changed", "wrong-state"}
    with tenant_selected(shop.tenant):
        assert BudgetLine.objects.get(pk=shop.line.pk).frozen == Decimal("20.00")
        assert BudgetEntry.objects.filter(kind="freeze").count() == 1
        assert JournalEntry.objects.filter(event="orders.approved").count() == 1


def test_without_the_guard_both_would_approve(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lock-off twin: an UPDATE that asks for the row alone lets both through."""

    def unguarded(model: type[Order], values: dict[str, object], *, where: dict[str, object]) -> int:
        return update_rows(model, values, where={"id": where["id"]})

    order = shop.submit(quantity=1)
    first, second = approvers(shop, 2)
    monkeypatch.setattr(steps, "update_rows", unguarded)
    monkeypatch.setattr(approving, "freeze", lambda **_claims: None)
    reached = threading.Barrier(2, timeout=10)
    decide = approving.judged

    def together(*arguments: object, **named: object) -> object:
        judgement = decide(*arguments, **named)  # type: ignore[arg-type]
        reached.wait()
        return judgement

    monkeypatch.setattr(approving, "judged", together)
    outcomes = at_once(shop.tenant, [approve(first, order), approve(second, order)], width=2)
    assert outcomes == {"done": 2}
    with tenant_selected(shop.tenant):
        assert JournalEntry.objects.filter(event="orders.approved").count() == 2


def test_many_approvals_on_one_line_never_overspend(shop: Shop) -> None:
    """64 orders of 20 yuan on a line of 200: ten pass, nothing is overspent, nothing half done."""
    orders = _pending(shop, APPROVALS)
    people = approvers(shop, 4)
    jobs = [approve(people[index % 4], order) for index, order in enumerate(orders)]
    outcomes = at_once(shop.tenant, jobs)
    assert outcomes == {"done": 10, "budget-insufficient": APPROVALS - 10}
    with tenant_selected(shop.tenant):
        line = BudgetLine.objects.get(pk=shop.line.pk)
        assert (line.frozen, line.spent, line.total) == (Decimal("200.00"), 0, Decimal("200.00"))
        assert Order.objects.filter(state="placed").count() == 10
        assert Order.objects.filter(state="pending_approval", version=1).count() == APPROVALS - 10
        assert BudgetEntry.objects.filter(kind="freeze").count() == 10
        assert JournalEntry.objects.filter(event="orders.approved").count() == 10


def test_of_two_submits_of_one_cart_one_finds_it_empty(shop: Shop) -> None:
    shop.fill_cart(quantity=2)
    checkout, clerk = shop.checkout("40.00"), shop.clerk
    job = lambda: submit_cart(actor=clerk, checkout=checkout, now=utc_now())  # noqa: E731
    assert at_once(shop.tenant, [job, job], width=2) == {"done": 1, "nothing-to-order": 1}
    with tenant_selected(shop.tenant):
        assert (Order.objects.count(), CartLine.objects.count()) == (1, 0)


def _pending(shop: Shop, count: int) -> list[Order]:
    return [shop.submit(quantity=1) for _ in range(count)]
