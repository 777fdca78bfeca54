"""From a placed order to its end, in a real tenant: facts, journal, budget, and who may not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal

import pytest

from kernel.actor import Actor
from kernel.clock import database_now, utc_now
from kernel.lifecycle import WrongState
from kernel.posts import Post
from kernel.problems import InvalidInput, NotFound, NotPermitted
from tenant_apps.access.rules import IncompatiblePosts
from tenant_apps.budgets.models import BudgetLine
from tenant_apps.journal.models import JournalEntry
from tenant_apps.orders.models import AcceptanceCertificate, Order, Shipment
from tenant_apps.orders.services import approving, ending, fulfilment
from tenant_apps.orders.services.steps import OrderChanged
from tenant_apps.payments.models import PaymentInstruction
from tenants.database.context import region_as, tenant_selected
from tests.factories import fulfilment as made
from tests.factories.orders import Shop, make_shop
from tests.factories.people import actor_of, grant, join, make_organisation, make_user
from tests.factories.statements import counted

AMOUNT = Decimal("40.00")


@pytest.fixture
def shop() -> Iterator[Shop]:
    shop = make_shop()
    with tenant_selected(shop.tenant), region_as("yz_mall"):
        yield shop


def budget(shop: Shop) -> tuple[Decimal, Decimal]:
    line = BudgetLine.objects.get(pk=shop.line.pk)
    return line.frozen, line.spent


def last_event(order: Order) -> JournalEntry:
    entry = JournalEntry.objects.filter(object_type="order", object_id=str(order.pk)).order_by("-id").first()
    assert entry is not None
    return entry


def events_of(order: Order) -> list[str]:
    rows = JournalEntry.objects.filter(object_type="order", object_id=str(order.pk)).order_by("id")
    return [name.removeprefix("orders.") for name in rows.values_list("event", flat=True)]


# -- the supplier's answer --------------------------------------------------------------------------------------------
def test_the_supplier_accepts_and_the_timer_is_off(shop: Shop) -> None:
    order = shop.place()
    assert order.next_due_at is not None
    now = utc_now()
    fulfilment.accept(actor=shop.seller, order_id=order.pk, now=now)
    order.refresh_from_db()
    assert (order.state, order.accepted_at, order.next_due_at, order.version) == ("accepted", now, None, 3)
    entry = last_event(order)
    assert (entry.event, entry.actor_id) == ("orders.accepted", shop.seller.user_id)
    assert entry.facts["next_post"] == "supplier_sales"
    assert events_of(order) == ["submitted", "approved", "accepted"]
    assert budget(shop) == (AMOUNT, 0)


def test_a_decline_has_its_reason_and_gives_the_budget_back(shop: Shop) -> None:
    order = shop.place()
    assert budget(shop) == (AMOUNT, 0)
    with pytest.raises(InvalidInput):
        fulfilment.decline(actor=shop.seller, order_id=order.pk, reason=" ", now=utc_now())
    assert budget(shop) == (AMOUNT, 0)
    fulfilment.decline(actor=shop.seller, order_id=order.pk, reason="缺货", now=utc_now())
    order.refresh_from_db()
    assert (order.state, order.state_reason, order.next_due_at) == ("declined", "缺货", None)
    assert budget(shop) == (0, 0)
    assert last_event(order).facts["reason"] == "缺货"


def test_an_answer_at_the_deadline_is_late(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the database's clock; the application's own says what it likes."""
    order = shop.place()
    due = order.next_due_at
    assert due is not None
    moments = {"now": due}
    monkeypatch.setattr(fulfilment, "database_now", lambda using: moments["now"])
    early, late = due - timedelta(days=1), due + timedelta(days=1)
    for answer in (
        lambda: fulfilment.accept(actor=shop.seller, order_id=order.pk, now=early),
        lambda: fulfilment.decline(actor=shop.seller, order_id=order.pk, reason="缺货", now=early),
    ):
        with pytest.raises(fulfilment.AnswerTooLate) as refused:
            answer()
        assert refused.value.facts["due_at"] == due
    moments["now"] = due - timedelta(microseconds=1)
    assert fulfilment.accept(actor=shop.seller, order_id=order.pk, now=late).state == "accepted"


def test_the_deadline_is_asked_of_the_database_after_the_lock(shop: Shop) -> None:
    order, seller = shop.place(), shop.seller
    Order.objects.filter(pk=order.pk).update(next_due_at=database_now("tenant"))
    with counted() as statements, pytest.raises(fulfilment.AnswerTooLate):
        fulfilment.accept(actor=seller, order_id=order.pk, now=utc_now() - timedelta(days=1))
    lock, clock = statements
    assert lock.endswith('FOR NO KEY UPDATE OF "orders_order"')
    assert clock == "tenant: SELECT clock_timestamp()"


def test_an_unanswered_order_expires_at_its_deadline_and_not_before(shop: Shop) -> None:
    order = shop.place()
    due = order.next_due_at
    assert due is not None
    early = due - timedelta(microseconds=1)
    with pytest.raises(ending.NotDue):
        ending.expire(order_id=order.pk, now=early)
    assert ending.sweep_due(now=early) == ending.Swept()
    assert ending.sweep_due(now=due) == ending.Swept(expired=1)
    assert ending.sweep_due(now=due) == ending.Swept()
    order.refresh_from_db()
    assert (order.state, order.next_due_at) == ("expired", None)
    assert budget(shop) == (0, 0)
    entry = last_event(order)
    assert (entry.event, entry.actor_id, entry.actor_name) == ("orders.expired", None, "system")


# -- shipping and acceptance ------------------------------------------------------------------------------------------
def test_goods_are_shipped_and_accepted_whole(shop: Shop) -> None:
    order = made.shipped(shop, quantity=3)
    shipment = Shipment.objects.get()
    assert (shipment.carrier, shipment.waybill, shipment.shipped_by_id) == ("测试物流", "YD0001", shop.seller.user_id)
    acceptor = shop.actor(Post.BUYER_ACCEPTOR)
    now = utc_now()
    fulfilment.accept_goods(actor=acceptor, order_id=order.pk, remark="数量相符", now=now, **made.STANDARDS)
    order.refresh_from_db()
    assert (order.state, order.goods_accepted_at, order.acceptor_id) == ("goods_accepted", now, acceptor.user_id)
    certificate = AcceptanceCertificate.objects.get()
    assert (certificate.conclusion, certificate.shipment_id) == ("accepted", shipment.pk)
    assert certificate.quantities == [{"line": 1, "accepted": 3, "refused": 0, "reason": ""}]
    assert certificate.remark == "数量相符"
    entry = last_event(order)
    assert entry.facts["next_post"] == "buyer_payer"
    # The supplier is small: 30 days, and the first late moment is the midnight after the last of them.
    assert order.supplier_is_sme
    assert entry.facts["due_at"] is not None
    assert order.next_due_at is None
    assert events_of(order)[-2:] == ["shipped", "goods_accepted"]


@pytest.mark.parametrize("standard", ["technical_met", "service_met", "safety_met"])
def test_goods_that_miss_a_standard_are_not_accepted(shop: Shop, standard: str) -> None:
    order = made.shipped(shop)
    with pytest.raises(InvalidInput) as refused:
        fulfilment.accept_goods(
            actor=shop.actor(Post.BUYER_ACCEPTOR),
            order_id=order.pk,
            now=utc_now(),
            **{**made.STANDARDS, standard: False},
        )
    assert list(refused.value.errors) == [standard]
    assert AcceptanceCertificate.objects.count() == 0


def test_refused_goods_go_back_and_may_be_shipped_again(shop: Shop) -> None:
    order = made.returned(shop)
    assert budget(shop) == (AMOUNT, 0)
    made.ship(shop, order)
    order.refresh_from_db()
    assert (order.state, order.state_reason) == ("shipped", "")
    fulfilment.accept_goods(actor=shop.actor(Post.BUYER_ACCEPTOR), order_id=order.pk, now=utc_now(), **made.STANDARDS)
    assert list(AcceptanceCertificate.objects.order_by("id").values_list("conclusion", flat=True)) == [
        "refused",
        "accepted",
    ]
    first, second = Shipment.objects.order_by("id")
    assert [c.shipment_id for c in AcceptanceCertificate.objects.order_by("id")] == [first.pk, second.pk]
    assert events_of(order)[2:] == [
        "accepted",
        "shipped",
        "goods_refused",
        "goods_returned",
        "shipped",
        "goods_accepted",
    ]


def test_the_buyer_gives_up_returned_goods(shop: Shop) -> None:
    order = made.returned(shop)
    ending.terminate(actor=shop.clerk, order_id=order.pk, reason="不再需要", now=utc_now())
    order.refresh_from_db()
    assert (order.state, order.state_reason) == ("terminated", "不再需要")
    assert budget(shop) == (0, 0)


def test_the_clerk_does_not_accept_the_goods_where_the_pairs_say_so(shop: Shop) -> None:
    order = made.shipped(shop)
    clerk = shop.people[Post.BUYER_CLERK]
    grant(shop.tenant, clerk, shop.unit_id, shop.organisation_id, Post.BUYER_ACCEPTOR)
    with pytest.raises(IncompatiblePosts):
        fulfilment.accept_goods(actor=actor_of(clerk, shop.tenant), order_id=order.pk, now=utc_now(), **made.STANDARDS)
    order.refresh_from_db()
    assert order.state == "shipped"


# -- cancelling -------------------------------------------------------------------------------------------------------
def test_cancelling_takes_both_parties(shop: Shop) -> None:
    order = made.accepted(shop)
    for party in (shop.clerk, shop.seller):
        with pytest.raises(ending.CancelNotAsked):
            ending.cancel(actor=party, order_id=order.pk, now=utc_now())
    ending.ask_to_cancel(actor=shop.clerk, order_id=order.pk, reason="重复采购", now=utc_now())
    order.refresh_from_db()
    assert (order.state, order.cancel_asked_by, order.state_reason) == ("accepted", "buyer", "重复采购")
    with pytest.raises(ending.CancelNotAsked):
        ending.cancel(actor=shop.approver, order_id=order.pk, now=utc_now())
    for party in (shop.clerk, shop.seller):
        with pytest.raises(ending.CancelAlreadyAsked):
            ending.ask_to_cancel(actor=party, order_id=order.pk, reason="再问", now=utc_now())
    assert budget(shop) == (AMOUNT, 0)
    ending.cancel(actor=shop.seller, order_id=order.pk, now=utc_now())
    order.refresh_from_db()
    assert order.state == "cancelled"
    assert budget(shop) == (0, 0)
    assert last_event(order).facts["reason"] == "重复采购"
    assert events_of(order)[-2:] == ["cancel_asked", "cancelled"]


def test_shipping_answers_a_request_to_cancel(shop: Shop) -> None:
    order = made.accepted(shop)
    ending.ask_to_cancel(actor=shop.clerk, order_id=order.pk, reason="重复采购", now=utc_now())
    made.ship(shop, order)
    order.refresh_from_db()
    assert (order.state, order.cancel_asked_by, order.state_reason) == ("shipped", "", "")


def test_the_supplier_asks_and_the_buyer_agrees(shop: Shop) -> None:
    order = made.accepted(shop)
    ending.ask_to_cancel(actor=shop.seller, order_id=order.pk, reason="停产", now=utc_now())
    ending.cancel(actor=shop.clerk, order_id=order.pk, now=utc_now())
    order.refresh_from_db()
    assert (order.state, order.cancel_asked_by) == ("cancelled", "supplier")


# -- closing ----------------------------------------------------------------------------------------------------------
def test_a_paid_order_closes_by_itself_after_fifteen_days(shop: Shop) -> None:
    order = made.paid(shop)
    assert order.state == "paid"
    due = order.next_due_at
    assert due is not None
    assert ending.sweep_due(now=due - timedelta(seconds=1)) == ending.Swept()
    assert ending.sweep_due(now=due) == ending.Swept(closed=1)
    order.refresh_from_db()
    assert (order.state, order.closed_at, order.next_due_at) == ("closed", due, None)
    assert last_event(order).event == "orders.closed"


def test_the_clerk_closes_a_paid_order(shop: Shop) -> None:
    order = made.paid(shop)
    ending.close(actor=shop.clerk, order_id=order.pk, now=utc_now())
    order.refresh_from_db()
    assert order.state == "closed"
    assert last_event(order).actor_id == shop.clerk.user_id


# -- who may not ------------------------------------------------------------------------------------------------------
Step = Callable[[Actor, int], object]
STEPS: dict[str, Step] = {
    "accept": lambda actor, key: fulfilment.accept(actor=actor, order_id=key, now=utc_now()),
    "decline": lambda actor, key: fulfilment.decline(actor=actor, order_id=key, reason="否", now=utc_now()),
    "ship": lambda actor, key: fulfilment.ship(actor=actor, order_id=key, carrier="某物流", waybill="1", now=utc_now()),
    "accept_goods": lambda actor, key: fulfilment.accept_goods(
        actor=actor, order_id=key, now=utc_now(), **made.STANDARDS
    ),
    "refuse_goods": lambda actor, key: fulfilment.refuse_goods(
        actor=actor, order_id=key, now=utc_now(), reason="否", **made.STANDARDS
    ),
    "return_goods": lambda actor, key: fulfilment.return_goods(actor=actor, order_id=key, now=utc_now()),
    "ask_to_cancel": lambda actor, key: ending.ask_to_cancel(actor=actor, order_id=key, reason="否", now=utc_now()),
    "cancel": lambda actor, key: ending.cancel(actor=actor, order_id=key, now=utc_now()),
    "terminate": lambda actor, key: ending.terminate(actor=actor, order_id=key, reason="否", now=utc_now()),
    "close": lambda actor, key: ending.close(actor=actor, order_id=key, now=utc_now()),
}
ACTS = {
    "accept": {Post.SUPPLIER_SALES},
    "decline": {Post.SUPPLIER_SALES},
    "ship": {Post.SUPPLIER_SALES},
    "accept_goods": {Post.BUYER_ACCEPTOR},
    "refuse_goods": {Post.BUYER_ACCEPTOR},
    "return_goods": {Post.SUPPLIER_SALES},
    "ask_to_cancel": {Post.BUYER_CLERK, Post.BUYER_APPROVER, Post.SUPPLIER_SALES},
    "cancel": {Post.BUYER_CLERK, Post.BUYER_APPROVER, Post.SUPPLIER_SALES},
    "terminate": {Post.BUYER_CLERK, Post.BUYER_APPROVER},
    "close": {Post.BUYER_CLERK},
}


@pytest.mark.parametrize("action", list(STEPS))
def test_only_the_posts_of_the_table_take_a_step(shop: Shop, action: str) -> None:
    order = shop.place()
    rows = JournalEntry.objects.count()
    for post in shop.people:
        if post in ACTS[action]:
            continue
        with pytest.raises(NotPermitted):
            STEPS[action](shop.actor(post), order.pk)
    assert JournalEntry.objects.count() == rows


@pytest.mark.parametrize("action", list(STEPS))
def test_a_stranger_does_not_learn_that_the_order_exists(shop: Shop, action: str) -> None:
    order = shop.place()
    with region_as("yz_region"):
        rival = make_user(name="测试同行")
        company = make_organisation("supplier", None, "测试同行公司", None)
        join(rival, company, [Post.SUPPLIER_SALES])
    with pytest.raises(NotFound):
        STEPS[action](actor_of(rival, shop.tenant), order.pk)
    with pytest.raises(NotFound):
        STEPS[action](shop.seller, order.pk + 1000)


def _bring(shop: Shop, state: str) -> Order:
    makers: dict[str, Callable[[], Order]] = {
        "pending_approval": shop.submit,
        "placed": shop.place,
        "accepted": lambda: made.accepted(shop),
        "shipped": lambda: made.shipped(shop),
        "goods_refused": lambda: made.goods_refused(shop),
        "returned": lambda: made.returned(shop),
        "goods_accepted": lambda: made.goods_accepted(shop),
        "paying": lambda: Order.objects.get(pk=made.requested(shop).order_id),
        "paid": lambda: made.paid(shop),
    }
    return makers[state]()


ALLOWED = {
    "pending_approval": set(),
    "placed": {"accept", "decline"},
    "accepted": {"ship", "ask_to_cancel", "cancel"},
    "shipped": {"ship", "return_goods", "accept_goods", "refuse_goods"},
    "goods_refused": {"return_goods"},
    "returned": {"ship", "terminate"},
    "goods_accepted": {"return_goods"},
    "paying": set(),
    "paid": {"close"},
}


@pytest.mark.parametrize("state", list(ALLOWED))
def test_each_state_takes_its_actions_and_refuses_the_others(shop: Shop, state: str) -> None:
    order = _bring(shop, state)
    before = (JournalEntry.objects.count(), PaymentInstruction.objects.count(), budget(shop))
    for action, step in STEPS.items():
        if action in ALLOWED[state]:
            continue
        actor = shop.actor(next(iter(ACTS[action])))
        with pytest.raises((WrongState, NotFound)) as refused:
            step(actor, order.pk)
        # A supplier does not see what was not placed yet; everybody else is told the state.
        if isinstance(refused.value, NotFound):
            assert (state, actor.user_id) == ("pending_approval", shop.seller.user_id)
    assert (JournalEntry.objects.count(), PaymentInstruction.objects.count(), budget(shop)) == before
    order.refresh_from_db()
    assert order.state == state


def test_an_older_version_is_refused(shop: Shop) -> None:
    order = shop.place()
    with pytest.raises(OrderChanged):
        fulfilment.accept(actor=shop.seller, order_id=order.pk, version=order.version - 1, now=utc_now())
    fulfilment.accept(actor=shop.seller, order_id=order.pk, version=order.version, now=utc_now())


def test_an_order_waiting_for_approval_is_not_the_suppliers_to_see(shop: Shop) -> None:
    order = shop.submit()
    with pytest.raises(NotFound):
        fulfilment.accept(actor=shop.seller, order_id=order.pk, now=utc_now())
    with pytest.raises(NotFound):
        approving.approve(actor=shop.seller, order_id=order.pk, now=utc_now())
