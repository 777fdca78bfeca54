"""Approvals at the same moment, over real connections of the tenant's own login."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from functools import partial

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
from tenant_apps.storefront.services import add_to_cart
from tenant_apps.supermarket.services import submit_cart
from tenants.database.context import region_as, tenant_selected
from tenants.database.rows import update_rows
from tests.factories.orders import Shop, make_shop
from tests.factories.people import actor_of

BUYERS = 64
WAIT_SECONDS = 60


@pytest.fixture
def shop() -> Shop:
    return make_shop(total="200.00")


def at_once(tenant: str, jobs: list[Callable[[], object]], *, width: int = 16) -> Counter[str]:
    """Runs the jobs from `width` threads that start together; counts "done" and the codes of refusals."""
    outcomes: Counter[str] = Counter()
    start, lock, waiting = threading.Barrier(width), threading.Lock(), list(jobs)

    def work() -> None:
        with tenant_selected(tenant), region_as("yz_mall"):
            start.wait(WAIT_SECONDS)
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
        assert not thread.is_alive()
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


def purchases(shop: Shop) -> list[Callable[[], object]]:
    """One for each of 64 clerks, carts filled: each submits an order of 20 yuan, and all 64 are approved at once."""
    clerks = [actor_of(shop.hire(f"经办{n}", Post.BUYER_CLERK), shop.tenant) for n in range(BUYERS)]
    people, gate = approvers(shop, 4), threading.Barrier(BUYERS)
    with tenant_selected(shop.tenant), region_as("yz_mall"):
        for clerk in clerks:
            add_to_cart(actor=clerk, unit_id=shop.unit_id, offer_id=shop.offer.pk, quantity=1, now=utc_now())

    def purchase(number: int) -> None:
        order = submit_cart(actor=clerks[number], checkout=shop.checkout("20.00"), now=utc_now())
        gate.wait(WAIT_SECONDS)
        approving.approve(actor=people[number % 4], order_id=order.pk, now=utc_now())

    return [partial(purchase, number) for number in range(BUYERS)]


def test_64_parallel_buyers_never_overspend_one_line(shop: Shop) -> None:
    """On a line of 200 yuan ten of them buy for 20; nothing is overspent, nothing half done."""
    outcomes = at_once(shop.tenant, purchases(shop), width=BUYERS)
    assert outcomes == {"done": 10, "budget-insufficient": BUYERS - 10}
    with tenant_selected(shop.tenant):
        line = BudgetLine.objects.get(pk=shop.line.pk)
        assert (line.frozen, line.spent, line.total) == (Decimal("200.00"), 0, Decimal("200.00"))
        assert Order.objects.filter(state="placed").count() == 10
        assert Order.objects.filter(state="pending_approval", version=1).count() == BUYERS - 10
        assert BudgetEntry.objects.filter(kind="freeze").count() == 10
        assert JournalEntry.objects.filter(event="orders.approved").count() == 10


def test_twin_64_parallel_buyers_overspend_a_line_that_is_read_first(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lock-off twin: a freeze that looks, and writes what it computed, promises one balance to everybody."""
    looked = threading.Barrier(BUYERS)

    def naive(*, actor: Actor, order_id: int, claims: Mapping[int, Decimal], now: datetime) -> None:
        ((line_id, amount),) = claims.items()
        line = BudgetLine.objects.get(pk=line_id)
        looked.wait(WAIT_SECONDS)
        assert line.total - line.frozen - line.spent >= amount
        BudgetEntry.objects.create(line=line, kind="freeze", amount=amount, order_id=order_id, at=now)
        line.frozen += amount
        line.save(update_fields=["frozen"])

    monkeypatch.setattr(approving, "freeze", naive)
    assert at_once(shop.tenant, purchases(shop), width=BUYERS) == {"done": BUYERS}
    with tenant_selected(shop.tenant):
        promised = sum(BudgetEntry.objects.filter(kind="freeze").values_list("amount", flat=True))
        assert promised == BUYERS * Decimal("20.00") > BudgetLine.objects.get(pk=shop.line.pk).total


def test_of_two_submits_of_one_cart_one_finds_it_empty(shop: Shop) -> None:
    shop.fill_cart(quantity=2)
    checkout, clerk = shop.checkout("40.00"), shop.clerk
    job = lambda: submit_cart(actor=clerk, checkout=checkout, now=utc_now())  # noqa: E731
    assert at_once(shop.tenant, [job, job], width=2) == {"done": 1, "nothing-to-order": 1}
    with tenant_selected(shop.tenant):
        assert (Order.objects.count(), CartLine.objects.count()) == (1, 0)
