"""Two people, or a person and the clock, act on one order at the same moment: exactly one of them does."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from kernel.actor import SYSTEM
from kernel.clock import utc_now
from kernel.posts import Post
from kernel.problems import DomainError
from tenant_apps.budgets.models import BudgetEntry, BudgetLine
from tenant_apps.budgets.services import give_back
from tenant_apps.journal.models import JournalEntry
from tenant_apps.orders.models import Order
from tenant_apps.orders.services import ending, fulfilment, holding
from tenant_apps.payments import services as payments
from tenant_apps.payments.models import PaymentInstruction, SimulatedTreasuryEntry
from tenant_apps.payments.simulator import SimulatedTreasury
from tenants.database.context import region_as, tenant_atomic, tenant_selected
from tests.factories import fulfilment as made
from tests.factories.orders import Shop, make_shop
from tests.factories.people import actor_of, grant, join, make_user

ROUNDS = 6


def at_once(tenant: str, *steps: Callable[[], object]) -> list[object]:
    """Runs each step in a thread of its own, on real connections; the result, or the refusal, of each."""
    gate = threading.Barrier(len(steps))
    results: list[object] = [None] * len(steps)

    def run(index: int, step: Callable[[], object]) -> None:
        try:
            with region_as("yz_mall"), tenant_selected(tenant):
                gate.wait()
                results[index] = step()
        except BaseException as error:  # noqa: BLE001  # handed to the test, which looks at it
            results[index] = error
        finally:
            for connection in connections.all():
                connection.close_kept()  # type: ignore[attr-defined]

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def refusals(results: list[object]) -> list[DomainError]:
    assert all(not isinstance(r, BaseException) or isinstance(r, DomainError) for r in results), results
    return [result for result in results if isinstance(result, DomainError)]


def events_of(order_id: int) -> list[str]:
    rows = JournalEntry.objects.filter(object_type="order", object_id=str(order_id)).order_by("id")
    return [name.removeprefix("orders.") for name in rows.values_list("event", flat=True)]


@pytest.fixture
def shop() -> Shop:
    return make_shop()


def place(shop: Shop) -> Order:
    with tenant_selected(shop.tenant), region_as("yz_mall"):
        return shop.place()


def test_accept_and_expire_at_once_leave_exactly_one(shop: Shop) -> None:
    shop.actor(Post.SUPPLIER_SALES)
    for _round in range(ROUNDS):
        order = place(shop)
        due = order.next_due_at
        assert due is not None
        results = at_once(
            shop.tenant,
            lambda key=order.pk, moment=due: fulfilment.accept(  # type: ignore[misc]
                actor=shop.seller, order_id=key, now=moment - timedelta(microseconds=1)
            ),
            lambda key=order.pk, moment=due: ending.expire(order_id=key, now=moment),  # type: ignore[misc]
        )
        assert len(refusals(results)) == 1
        with tenant_selected(shop.tenant):
            order = Order.objects.get(pk=order.pk)
            kinds = list(BudgetEntry.objects.filter(order_id=order.pk).order_by("id").values_list("kind", flat=True))
            assert order.state in {"accepted", "expired"}
            assert kinds == (["freeze"] if order.state == "accepted" else ["freeze", "release"])
            assert events_of(order.pk) == ["submitted", "approved", order.state]


def test_two_sweeps_at_once_expire_each_order_once(shop: Shop) -> None:
    orders = [place(shop) for _order in range(8)]
    late = max(order.next_due_at for order in orders if order.next_due_at)
    results = at_once(shop.tenant, *[lambda: ending.sweep_due(now=late)] * 3)
    assert not refusals(results)
    assert sum(result.expired for result in results) == 8  # type: ignore[attr-defined]
    with tenant_selected(shop.tenant):
        assert BudgetEntry.objects.filter(kind="release").count() == 8
        assert JournalEntry.objects.filter(event="orders.expired").count() == 8


def test_two_payers_at_once_make_one_instruction(shop: Shop) -> None:
    second = make_user(name="测试庚")
    from shared_apps.accounts.models import Organisation

    join(second, Organisation.objects.get(pk=shop.organisation_id))
    grant(shop.tenant, second, shop.unit_id, shop.organisation_id, Post.BUYER_PAYER)
    payers = [shop.actor(Post.BUYER_PAYER), actor_of(second, shop.tenant)]
    for _round in range(ROUNDS):
        with tenant_selected(shop.tenant), region_as("yz_mall"):
            order = made.goods_accepted(shop)
        results = at_once(
            shop.tenant,
            *[
                lambda payer=payer, key=order.pk: payments.request_payment(  # type: ignore[misc]
                    actor=payer,
                    order_id=key,
                    payee_bank="某银行",
                    payee_account=made.GOOD_ACCOUNT,
                    now=utc_now(),
                )
                for payer in payers
            ],
        )
        assert [refusal.code for refusal in refusals(results)] == ["wrong-state"]
        with tenant_selected(shop.tenant):
            assert PaymentInstruction.objects.filter(order_id=order.pk).count() == 1
            assert events_of(order.pk).count("payment_requested") == 1


def test_many_workers_take_money_that_came_back_up_once(shop: Shop) -> None:
    with tenant_selected(shop.tenant), region_as("yz_mall"):
        instructions = [made.requested(shop, account=made.GOOD_ACCOUNT[:-2] + "06") for _order in range(4)]
        start = utc_now() + timedelta(seconds=1)
        made.settle(start=start, minutes=3)
    later = start + timedelta(days=1, minutes=5)
    provider = SimulatedTreasury(clock=lambda: later)
    results = at_once(shop.tenant, *[lambda: payments.watch_due(now=later, provider=provider)] * 3)
    assert not refusals(results)
    assert sum(result.returned for result in results) == 4  # type: ignore[attr-defined]
    # Two that go past the instruction's lock: the ledger takes a spending back once all the same.
    with tenant_selected(shop.tenant), region_as("yz_mall"):
        again = [made.requested(shop, order=Order.objects.get(pk=one.order_id)) for one in instructions]
        made.settle(start=utc_now() + timedelta(seconds=1), minutes=3)

    def takes_back(order_id: int) -> None:
        with tenant_atomic():
            give_back(actor=SYSTEM, order_id=order_id, now=later)

    for one in again:
        results = at_once(shop.tenant, *[lambda key=one.order_id: takes_back(key)] * 2)  # type: ignore[misc]
        assert [refusal.code for refusal in refusals(results)] == ["nothing-spent"]
    with tenant_selected(shop.tenant):
        assert BudgetEntry.objects.filter(kind="return").count() == 8
        assert JournalEntry.objects.filter(event="orders.payment_returned").count() == 4
        line = BudgetLine.objects.get(pk=shop.line.pk)
        assert (line.frozen, line.spent) == (sum(one.amount for one in again), 0)


def test_many_workers_send_and_settle_each_instruction_once(shop: Shop) -> None:
    with tenant_selected(shop.tenant), region_as("yz_mall"):
        instructions = [made.requested(shop) for _order in range(6)]
    moment = utc_now() + timedelta(seconds=1)
    sent = at_once(
        shop.tenant,
        *[lambda: payments.send_due(now=moment, provider=SimulatedTreasury(clock=lambda: moment))] * 4,
    )
    assert not refusals(sent)
    assert sum(worked.sent for worked in sent) == 6  # type: ignore[attr-defined]
    later = moment + timedelta(minutes=1)
    asked = at_once(
        shop.tenant,
        *[lambda: payments.poll_due(now=later, provider=SimulatedTreasury(clock=lambda: later))] * 4,
    )
    assert not refusals(asked)
    assert sum(worked.confirmed for worked in asked) == 6  # type: ignore[attr-defined]
    with tenant_selected(shop.tenant):
        assert list(SimulatedTreasuryEntry.objects.values_list("times_received", flat=True)) == [1] * 6
        for instruction in instructions:
            events = events_of(instruction.order_id)
            assert (events.count("payment_sent"), events.count("paid")) == (1, 1)
            kinds = BudgetEntry.objects.filter(order_id=instruction.order_id).order_by("id")
            assert list(kinds.values_list("kind", flat=True)) == ["freeze", "spend"]


def test_without_the_lock_and_the_guard_both_would_win(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: reading without a lock and updating without a guard lets an expired order be accepted as well.

    The other way round the constraint `order_accepted_at_fits_state` would stop it.
    """
    order = place(shop)
    due = order.next_due_at
    assert due is not None
    both_have_read, expired = threading.Barrier(2), threading.Event()

    def unguarded(
        *, order: Order, transition: Any, event: str, now: Any, actor: Any, told: Any = None, **changes: Any
    ) -> Order:
        both_have_read.wait(30)
        if event == "orders.accepted":
            expired.wait(30)
        Order.objects.filter(pk=order.pk).update(state=transition.target, **changes)
        return order

    def expire() -> None:
        ending.expire(order_id=order.pk, now=due)
        expired.set()

    monkeypatch.setattr(holding, "lock", lambda rows, **_: rows)
    monkeypatch.setattr(fulfilment, "take_step", unguarded)
    monkeypatch.setattr(ending, "take_step", unguarded)
    results = at_once(
        shop.tenant,
        lambda: fulfilment.accept(actor=shop.seller, order_id=order.pk, now=due - timedelta(microseconds=1)),
        expire,
    )
    assert refusals(results) == []
    with tenant_selected(shop.tenant):
        # The supplier was told that the order is his, and its budget is gone.
        assert Order.objects.get(pk=order.pk).state == "accepted"
        kinds = list(BudgetEntry.objects.filter(order_id=order.pk).order_by("id").values_list("kind", flat=True))
        assert kinds == ["freeze", "release"]
