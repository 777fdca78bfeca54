"""Payment instructions and the simulated treasury, in a real tenant."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError

from kernel.clock import local_date, utc_now
from kernel.lifecycle import WrongState
from kernel.posts import Post
from kernel.problems import InvalidInput, NotPermitted
from tenant_apps.access.rules import IncompatiblePosts
from tenant_apps.budgets.models import BudgetEntry, BudgetLine
from tenant_apps.journal.models import JournalEntry
from tenant_apps.orders.models import Order
from tenant_apps.orders.services import ending
from tenant_apps.payments import services
from tenant_apps.payments.models import PaymentInstruction, SimulatedTreasuryEntry
from tenant_apps.payments.provider import Outcome, Payment, Receipt, Status
from tenant_apps.payments.simulator import SimulatedTreasury
from tenants.database.context import region_as, tenant_atomic, tenant_selected
from tests.factories import fulfilment as made
from tests.factories.orders import Shop, make_shop
from tests.factories.people import actor_of, grant

AMOUNT = Decimal("40.00")


@pytest.fixture
def shop() -> Iterator[Shop]:
    shop = make_shop()
    with tenant_selected(shop.tenant), region_as("yz_mall"):
        yield shop


def at(moment: datetime) -> SimulatedTreasury:
    return SimulatedTreasury(clock=lambda: moment)


def budget(shop: Shop) -> tuple[Decimal, Decimal]:
    line = BudgetLine.objects.get(pk=shop.line.pk)
    return line.frozen, line.spent


def order_of(instruction: PaymentInstruction) -> Order:
    return Order.objects.get(pk=instruction.order_id)


def events_of(order: Order) -> list[str]:
    rows = JournalEntry.objects.filter(object_type="order", object_id=str(order.pk)).order_by("id")
    return [name.removeprefix("orders.") for name in rows.values_list("event", flat=True)]


def test_a_request_keeps_the_payee_and_waits_to_be_sent(shop: Shop) -> None:
    instruction = made.requested(shop)
    order = order_of(instruction)
    instruction.refresh_from_db()
    assert instruction.number == f"ZF{shop.tenant}{local_date(utc_now()):%Y%m%d}{instruction.pk % 10**6:06d}"
    assert (instruction.state, instruction.amount, instruction.attempts) == ("requested", AMOUNT, 0)
    assert (instruction.payee_name, instruction.payee_code) == (order.supplier_name, order.supplier_code)
    assert (order.state, order.payer_id) == ("paying", shop.actor(Post.BUYER_PAYER).user_id)
    assert events_of(order)[-1] == "payment_requested"
    assert budget(shop) == (AMOUNT, 0)


def test_the_treasury_pays_and_the_budget_is_spent(shop: Shop) -> None:
    instruction = made.requested(shop)
    start = utc_now() + timedelta(seconds=1)
    assert services.send_due(now=start, provider=at(start)) == services.Worked(sent=1)
    instruction.refresh_from_db()
    assert (instruction.state, instruction.sent_at, instruction.attempts) == ("sent", start, 1)
    assert events_of(order_of(instruction))[-1] == "payment_sent"
    # Not its turn yet; then asked, and no answer yet; then the answer.
    assert services.poll_due(now=start, provider=at(start)) == services.Worked()
    later = start + timedelta(seconds=10)
    assert services.poll_due(now=later, provider=at(later)) == services.Worked(waiting=1)
    last = start + timedelta(seconds=20)
    assert services.poll_due(now=last, provider=at(last)) == services.Worked(confirmed=1)
    instruction.refresh_from_db()
    order = order_of(instruction)
    assert (instruction.state, instruction.settled_at) == ("confirmed", last)
    assert instruction.next_due_at == last + timedelta(days=1)
    assert (order.state, order.paid_at) == ("paid", last)
    assert budget(shop) == (0, AMOUNT)
    assert [e.kind for e in BudgetEntry.objects.filter(order_id=order.pk).order_by("id")] == ["freeze", "spend"]
    assert events_of(order)[-3:] == ["payment_requested", "payment_sent", "paid"]
    later = last + timedelta(hours=1)
    assert services.send_due(now=later, provider=at(later)) == services.Worked()
    assert services.poll_due(now=later, provider=at(later)) == services.Worked()


@pytest.mark.parametrize(
    ("ending", "state", "event", "reason"),
    [
        ("01", "refused", "payment_refused", "户名与账号不符"),
        ("03", "returned", "payment_returned", "收款行退汇：账户状态异常"),
    ],
)
def test_a_failed_payment_goes_back_to_the_payer_with_the_budget_frozen(
    shop: Shop, ending: str, state: str, event: str, reason: str
) -> None:
    instruction = made.requested(shop, account=made.GOOD_ACCOUNT[:-2] + ending)
    made.settle(start=utc_now() + timedelta(seconds=1), minutes=3)
    instruction.refresh_from_db()
    order = order_of(instruction)
    assert (instruction.state, instruction.state_reason) == (state, reason)
    assert (order.state, order.state_reason) == ("payment_failed", reason)
    assert budget(shop) == (AMOUNT, 0)
    assert events_of(order)[-1] == event
    entry = JournalEntry.objects.order_by("-id").filter(object_type="order").first()
    assert entry is not None
    assert (entry.facts["next_post"], entry.facts["reason"]) == ("buyer_payer", reason)
    # Asked again with the right account, under a new number.
    again = made.requested(shop, order=order)
    assert again.pk != instruction.pk
    made.settle(start=utc_now() + timedelta(seconds=1), minutes=3)
    order = order_of(again)
    assert (order.state, order.state_reason) == ("paid", "")
    assert budget(shop) == (0, AMOUNT)


def test_money_that_comes_back_after_the_payment_is_frozen_again_and_asked_for_anew(shop: Shop) -> None:
    instruction = made.requested(shop, account=made.GOOD_ACCOUNT[:-2] + "06")
    start = utc_now() + timedelta(seconds=1)
    made.settle(start=start, minutes=3)
    assert (order_of(instruction).state, budget(shop)) == ("paid", (0, AMOUNT))
    assert services.watch_due(now=start + timedelta(hours=23), provider=at(start)) == services.Worked()
    later = start + timedelta(days=1, minutes=5)
    assert services.watch_due(now=later, provider=at(later)) == services.Worked(returned=1)
    instruction.refresh_from_db()
    order = order_of(instruction)
    assert (instruction.state, instruction.state_reason) == ("returned", "收款行退汇：账户已销户")
    assert (order.state, order.paid_at, order.state_reason) == ("payment_failed", None, "收款行退汇：账户已销户")
    assert budget(shop) == (AMOUNT, 0)
    assert events_of(order)[-2:] == ["paid", "payment_returned"]
    assert services.watch_due(now=later + timedelta(days=2), provider=at(later)) == services.Worked()
    again = made.requested(shop, order=order)
    made.settle(start=utc_now() + timedelta(seconds=1), minutes=3)
    assert (order_of(again).state, budget(shop)) == ("paid", (0, AMOUNT))
    kinds = ["freeze", "spend", "return", "spend"]
    assert [entry.kind for entry in BudgetEntry.objects.filter(order_id=order.pk).order_by("id")] == kinds


def test_a_payment_that_stays_is_watched_until_its_order_closes(shop: Shop) -> None:
    instruction = made.requested(shop)
    made.settle(start=utc_now() + timedelta(seconds=1), minutes=3)
    for _day in range(15):
        instruction.refresh_from_db()
        moment = instruction.next_due_at
        assert moment is not None
        assert services.watch_due(now=moment, provider=at(moment)) == services.Worked(waiting=1)
    instruction.refresh_from_db()
    assert (instruction.state, instruction.next_due_at) == ("confirmed", None)


def test_money_back_for_a_closed_order_is_said_on_the_instruction(shop: Shop) -> None:
    instruction = made.requested(shop, account=made.GOOD_ACCOUNT[:-2] + "06")
    start = utc_now() + timedelta(seconds=1)
    made.settle(start=start, minutes=3)
    ending.close(actor=shop.clerk, order_id=instruction.order_id, now=utc_now())
    later = start + timedelta(days=1, minutes=5)
    assert services.watch_due(now=later, provider=at(later)) == services.Worked(waiting=1)
    instruction.refresh_from_db()
    assert (instruction.state, instruction.last_error) == ("confirmed", "收款行退汇：账户已销户")
    assert (order_of(instruction).state, budget(shop)) == ("closed", (0, AMOUNT))


def test_a_slow_treasury_is_asked_until_it_answers(shop: Shop) -> None:
    instruction = made.requested(shop, account=made.GOOD_ACCOUNT[:-2] + "02")
    start = utc_now() + timedelta(seconds=1)
    made.settle(start=start, minutes=9)
    assert order_of(instruction).state == "paying"
    made.settle(start=start + timedelta(minutes=10), minutes=2)
    assert order_of(instruction).state == "paid"


def test_a_treasury_out_of_reach_is_tried_again_later(shop: Shop) -> None:
    instruction = made.requested(shop, account=made.GOOD_ACCOUNT[:-2] + "04")
    start = utc_now() + timedelta(seconds=1)
    assert services.send_due(now=start, provider=at(start)) == services.Worked(waiting=1)
    instruction.refresh_from_db()
    assert (instruction.state, instruction.attempts) == ("requested", 1)
    assert instruction.next_due_at == start + timedelta(seconds=10)
    assert instruction.last_error != ""
    assert services.send_due(now=start, provider=at(start)) == services.Worked()
    made.settle(start=start + timedelta(seconds=10), minutes=6)
    instruction.refresh_from_db()
    assert (instruction.state, instruction.last_error) == ("confirmed", "")
    assert SimulatedTreasuryEntry.objects.count() == 1


def test_a_lost_answer_does_not_pay_twice(shop: Shop) -> None:
    instruction = made.requested(shop, account=made.GOOD_ACCOUNT[:-2] + "05")
    start = utc_now() + timedelta(seconds=1)
    assert services.send_due(now=start, provider=at(start)) == services.Worked(waiting=1)
    later = start + timedelta(seconds=10)
    assert services.send_due(now=later, provider=at(later)) == services.Worked(sent=1)
    entry = SimulatedTreasuryEntry.objects.get()
    instruction.refresh_from_db()
    assert (entry.number, entry.times_received) == (instruction.number, 2)
    assert instruction.provider_reference == entry.reference


class Killed(BaseException):
    """Stands for kill -9: nobody catches it."""


class Dying(SimulatedTreasury):
    """The worker dies when the treasury has acted and before anything is written."""

    def send(self, payment: Payment) -> Receipt:
        super().send(payment)
        raise Killed

    def poll(self, reference: str) -> Outcome:
        super().poll(reference)
        raise Killed


def test_a_worker_killed_after_sending_does_not_pay_twice(shop: Shop) -> None:
    instruction = made.requested(shop)
    start = utc_now() + timedelta(seconds=1)
    with pytest.raises(Killed):
        services.send_due(now=start, provider=Dying(clock=lambda: start))
    instruction.refresh_from_db()
    assert (instruction.state, SimulatedTreasuryEntry.objects.count()) == ("requested", 1)
    # Its claim has to run out before another worker takes over.
    soon = start + timedelta(seconds=59)
    assert services.send_due(now=soon, provider=at(soon)) == services.Worked()
    late = start + timedelta(seconds=60)
    assert services.send_due(now=late, provider=at(late)) == services.Worked(sent=1)
    assert (SimulatedTreasuryEntry.objects.count(), SimulatedTreasuryEntry.objects.get().times_received) == (1, 2)
    made.settle(start=late + timedelta(seconds=30), minutes=2)
    assert order_of(instruction).state == "paid"
    assert budget(shop) == (0, AMOUNT)
    assert events_of(order_of(instruction)).count("payment_sent") == 1


def test_a_worker_killed_after_asking_settles_once(shop: Shop) -> None:
    instruction = made.requested(shop)
    start = utc_now() + timedelta(seconds=1)
    services.send_due(now=start, provider=at(start))
    answer = start + timedelta(seconds=30)
    with pytest.raises(Killed):
        services.poll_due(now=answer, provider=Dying(clock=lambda: answer))
    assert order_of(instruction).state == "paying"
    later = answer + timedelta(seconds=60)
    assert services.poll_due(now=later, provider=at(later)) == services.Worked(confirmed=1)
    assert budget(shop) == (0, AMOUNT)
    assert events_of(order_of(instruction)).count("paid") == 1


def test_a_failure_while_writing_the_answer_leaves_nothing_half_done(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    instruction = made.requested(shop)
    start = utc_now() + timedelta(seconds=1)
    services.send_due(now=start, provider=at(start))

    def dies(**_: object) -> None:
        raise Killed

    monkeypatch.setattr("tenant_apps.orders.services.paying.spend", dies)
    answer = start + timedelta(seconds=30)
    with pytest.raises(Killed):
        services.poll_due(now=answer, provider=at(answer))
    instruction.refresh_from_db()
    assert (instruction.state, order_of(instruction).state) == ("sent", "paying")
    assert budget(shop) == (AMOUNT, 0)
    monkeypatch.undo()
    later = answer + timedelta(seconds=60)
    assert services.poll_due(now=later, provider=at(later)) == services.Worked(confirmed=1)


class AtTheCounter(SimulatedTreasury):
    def send(self, payment: Payment) -> Outcome:  # type: ignore[override]
        return Outcome(Status.REFUSED, "额度通知未下达")


def test_a_refusal_at_the_counter_needs_no_receipt(shop: Shop) -> None:
    instruction = made.requested(shop)
    start = utc_now() + timedelta(seconds=1)
    assert services.send_due(now=start, provider=AtTheCounter()) == services.Worked(failed=1)
    instruction.refresh_from_db()
    assert (instruction.state, instruction.state_reason) == ("refused", "额度通知未下达")
    assert order_of(instruction).state == "payment_failed"


def test_a_second_payment_of_an_order_is_refused(shop: Shop) -> None:
    instruction = made.requested(shop)
    with pytest.raises(WrongState):
        made.requested(shop, order=order_of(instruction))
    made.settle(start=utc_now() + timedelta(seconds=1), minutes=3)
    with pytest.raises(WrongState):
        made.requested(shop, order=order_of(instruction))
    assert PaymentInstruction.objects.count() == 1


def test_the_acceptor_never_pays(shop: Shop) -> None:
    order = made.goods_accepted(shop)
    acceptor = shop.people[Post.BUYER_ACCEPTOR]
    grant(shop.tenant, acceptor, shop.unit_id, shop.organisation_id, Post.BUYER_PAYER)
    with pytest.raises(IncompatiblePosts):
        services.request_payment(
            actor=actor_of(acceptor, shop.tenant),
            order_id=order.pk,
            payee_bank="某银行",
            payee_account=made.GOOD_ACCOUNT,
            now=utc_now(),
        )
    with pytest.raises(NotPermitted):
        services.request_payment(
            actor=shop.clerk,
            order_id=order.pk,
            payee_bank="某银行",
            payee_account=made.GOOD_ACCOUNT,
            now=utc_now(),
        )
    assert PaymentInstruction.objects.count() == 0


@pytest.mark.parametrize(
    ("bank", "account", "field"),
    [
        ("某银行", "1234567", "payee_account"),
        ("某银行", "1" * 33, "payee_account"),
        ("某银行", "6501-0000-1111", "payee_account"),
        ("某银行", "６５０１００００１１１１２２００", "payee_account"),
        (" ", "6501000011112200", "payee_bank"),
    ],
)
def test_an_impossible_account_is_refused(shop: Shop, bank: str, account: str, field: str) -> None:
    order = made.goods_accepted(shop)
    with pytest.raises(InvalidInput) as refused:
        services.request_payment(
            actor=shop.actor(Post.BUYER_PAYER),
            order_id=order.pk,
            payee_bank=bank,
            payee_account=account,
            now=utc_now(),
        )
    assert list(refused.value.errors) == [field]
    assert PaymentInstruction.objects.count() == 0


def test_the_treasury_is_never_called_inside_a_transaction(shop: Shop) -> None:
    with pytest.raises(RuntimeError, match="outside transactions"), tenant_atomic():
        SimulatedTreasury().poll("GK1")


# -- the database's last line -----------------------------------------------------------------------------------------
def row(**changes: object) -> PaymentInstruction:
    values: dict[str, object] = {
        "number_stem": "ZF99000120260302",
        "order_id": 1,
        "order_number": "DD1",
        "unit_id": 1,
        "unit_name": "某校",
        "organisation_id": 1,
        "supplier_id": 1,
        "supplier_organisation_id": 1,
        "amount": AMOUNT,
        "payee_code": "91650100MA00000000",
        "payee_name": "某公司",
        "payee_bank": "某银行",
        "payee_account": made.GOOD_ACCOUNT,
        "state": "requested",
        "provider": "simulated",
        "requested_by_id": 1,
        "requested_by_name": "甲",
        "requested_at": utc_now(),
        "next_due_at": utc_now(),
    }
    return PaymentInstruction.objects.create(**(values | changes))


SENT = {"state": "sent", "sent_at": utc_now(), "provider_reference": "GK1"}
DONE = {"settled_at": utc_now(), "next_due_at": None}


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("payment_state_known", {"state": "perhaps", **DONE}),
        ("payment_amount_positive", {"amount": Decimal(0)}),
        ("payment_amount_positive", {"amount": Decimal("-1")}),
        ("payment_failure_has_reason", {"state": "refused", **DONE}),
        ("payment_sent_has_reference", {**SENT, "provider_reference": ""}),
        ("payment_sent_has_reference", {**SENT, "sent_at": None}),
        ("payment_open_is_due", {"next_due_at": None}),
        ("payment_open_is_due", {**SENT, **DONE}),
        ("payment_open_is_due", {**SENT, "state": "confirmed"}),
        ("payment_open_is_due", {**SENT, "state": "returned", "state_reason": "x", "settled_at": utc_now()}),
        ("payment_account_digits", {"payee_account": "6501 0000"}),
    ],
)
def test_an_impossible_instruction_is_refused_by_the_database(
    shop: Shop, constraint: str, changes: dict[str, object]
) -> None:
    with pytest.raises(IntegrityError, match=constraint), tenant_atomic():
        row(**changes)


@pytest.mark.parametrize("first", [{}, SENT, {**SENT, "state": "confirmed", **DONE}])
def test_an_order_has_one_live_instruction(shop: Shop, first: dict[str, object]) -> None:
    row(**first)
    with pytest.raises(IntegrityError, match="payment_one_live_of_order"), tenant_atomic():
        row()
    row(order_id=2)


def test_a_reference_of_the_treasury_is_one_instruction(shop: Shop) -> None:
    row(**SENT)
    with pytest.raises(IntegrityError, match="payment_reference_once"), tenant_atomic():
        row(order_id=2, **SENT)
