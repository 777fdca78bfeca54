"""Bargains: asked, countered, agreed and ordered at the agreed prices; declined, withdrawn, expired."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal

import pytest

from kernel.actor import Actor
from kernel.clock import utc_now
from kernel.lifecycle import WrongState
from kernel.posts import Post
from kernel.problems import InvalidInput, NotFound, NotPermitted
from shared_apps.accounts.models import Organisation
from shared_apps.products.selectors import offers
from tenant_apps.bargains import demo, services
from tenant_apps.bargains.models import Bargain, BargainLine, BargainMove
from tenant_apps.bargains.selectors import BargainNotGood
from tenant_apps.bargains.tasks import sweep_due
from tenant_apps.budgets.models import BudgetLine
from tenant_apps.journal.models import JournalEntry
from tenant_apps.orders.models import Order, OrderDecision, OrderLine
from tenant_apps.orders.services import approving
from tenant_apps.orders.services.refusals import RuleRefused
from tenant_apps.storefront.models import CartLine
from tenant_apps.supermarket.services import BargainOrdered, submit_cart
from tenants.database.context import region_as, tenant_selected
from tests.factories.bargains import agreed, countered, declined, proposed
from tests.factories.budgets import make_unit
from tests.factories.orders import Shop, make_shop
from tests.factories.people import actor_of, grant, join, make_user


@pytest.fixture(scope="module")
def made(kept_world: Callable[[], None]) -> Shop:
    shop = make_shop()
    for post in (Post.BUYER_CLERK, Post.BUYER_APPROVER, Post.SUPPLIER_SALES):
        shop.actor(post)
    kept_world()
    return shop


@pytest.fixture
def shop(made: Shop) -> Iterator[Shop]:
    with tenant_selected(made.tenant), region_as("yz_mall"):
        yield made


def prices(shop: Shop, price: str) -> dict[int, Decimal]:
    return {shop.offer.pk: Decimal(price)}


def counter(shop: Shop, one: Bargain, price: str) -> Bargain:
    return services.counter(actor=shop.seller, bargain_id=one.pk, prices=prices(shop, price), now=utc_now())


def again(shop: Shop, one: Bargain, price: str) -> Bargain:
    return services.propose_again(actor=shop.clerk, bargain_id=one.pk, prices=prices(shop, price), now=utc_now())


def submit(shop: Shop, one: Bargain, amount: str = "36.00") -> Order:
    checkout = shop.checkout(amount, mode="bargain", bargain_id=one.pk)
    return submit_cart(actor=shop.clerk, checkout=checkout, now=utc_now())


def test_two_counters_and_no_more_and_only_downwards(shop: Shop) -> None:
    one = proposed(shop)
    assert (one.state, str(one.listed_amount), str(one.asked_amount), CartLine.objects.count()) == (
        "proposed", "40.00", "36.00", 0,
    )  # fmt: skip
    for wrong in ("20.00", "20.01", "17.99"):
        with pytest.raises(InvalidInput):
            counter(shop, one, wrong)
    counter(shop, one, "19.50")
    for wrong in ("19.50", "19.51"):
        with pytest.raises(InvalidInput):
            again(shop, one, wrong)
    again(shop, one, "18.50")
    counter(shop, one, "19.00")
    with pytest.raises(services.CountersUsedUp):
        again(shop, one, "18.60")
    services.accept(actor=shop.clerk, bargain_id=one.pk, now=utc_now())
    one.refresh_from_db()
    assert (one.state, one.counters, str(one.offered_amount), str(one.asked_amount)) == (
        "accepted", 2, "38.00", "38.00",
    )  # fmt: skip
    assert one.good_until is not None
    assert list(BargainMove.objects.order_by("id").values_list("action", flat=True)) == [
        "propose", "counter", "propose_again", "counter", "accept",
    ]  # fmt: skip
    events = JournalEntry.objects.filter(object_type="bargain").order_by("id").values_list("event", flat=True)
    assert list(events) == [
        "bargains.proposed", "bargains.countered", "bargains.proposed_again", "bargains.countered",
        "bargains.accepted",
    ]  # fmt: skip


def test_the_agreed_price_flows_into_the_order_and_is_approved(shop: Shop) -> None:
    one = agreed(shop)
    order = submit(shop, one)
    line = OrderLine.objects.get(order=order)
    assert (order.mode, order.bargain_id, str(order.total_amount), str(line.price)) == (
        "bargain", one.pk, "36.00", "18.00",
    )  # fmt: skip
    facts = JournalEntry.objects.get(event="orders.submitted").facts
    assert facts["agreed"] == [{"offer_id": shop.offer.pk, "listed": "20.00", "agreed": "18.00"}]
    rules = OrderDecision.objects.filter(order=order, occasion="submit")
    assert set(rules.values_list("rule", flat=True)) >= {"R-DIRECT", "R-OFFER", "R-CEILING"}
    with pytest.raises(BargainOrdered):
        submit(shop, one)
    approving.approve(actor=shop.approver, order_id=order.pk, now=utc_now())
    assert BudgetLine.objects.get(pk=shop.line.pk).frozen == Decimal("36.00")


def test_an_order_given_up_leaves_the_agreement_for_another(shop: Shop) -> None:
    one = agreed(shop)
    order = submit(shop, one)
    approving.withdraw(actor=shop.clerk, order_id=order.pk, now=utc_now())
    assert submit(shop, one).pk != order.pk


def test_an_offer_that_became_cheaper_than_agreed_is_bought_at_its_price(shop: Shop) -> None:
    one = agreed(shop)
    with region_as("yz_region"):
        type(shop.offer).objects.filter(pk=shop.offer.pk).update(price=Decimal("17.00"))
    with pytest.raises(RuleRefused) as refused:
        submit(shop, one)
    assert refused.value.facts["refused"] == ["R-OFFER"]


def test_no_order_of_what_was_not_agreed_or_is_over(shop: Shop) -> None:
    running = countered(shop)
    with pytest.raises(BargainNotGood):
        submit(shop, running)
    services.withdraw(actor=shop.clerk, bargain_id=running.pk, now=utc_now())
    old = agreed(shop)
    Bargain.objects.filter(pk=old.pk).update(good_until=utc_now())
    with pytest.raises(BargainNotGood):
        submit(shop, old)
    with pytest.raises(NotFound):
        submit_cart(actor=shop.clerk, checkout=shop.checkout("36.00", mode="bargain", bargain_id=10**9), now=utc_now())


def test_each_side_takes_its_own_steps(shop: Shop) -> None:
    one = proposed(shop)
    with pytest.raises(services.BargainRuns):
        proposed(shop)
    assert CartLine.objects.count() == 1  # the second try gave the goods back
    for step in (services.accept, services.withdraw):
        with pytest.raises(NotPermitted):
            step(actor=shop.clerk if step is services.accept else shop.seller, bargain_id=one.pk, now=utc_now())
    with pytest.raises(NotPermitted):
        services.decline(actor=shop.clerk, bargain_id=one.pk, reason="x", now=utc_now())
    with pytest.raises(WrongState):
        again(shop, one, "17.00")
    with pytest.raises(InvalidInput):
        services.decline(actor=shop.seller, bargain_id=one.pk, reason=" ", now=utc_now())
    with pytest.raises(services.BargainChanged):
        services.accept(actor=shop.seller, bargain_id=one.pk, now=utc_now(), version=9)
    with pytest.raises(NotPermitted):
        services.accept(actor=shop.approver, bargain_id=one.pk, now=utc_now())


def test_goods_of_a_bargain_that_came_to_nothing_go_back(shop: Shop) -> None:
    one = declined(shop)
    with pytest.raises(WrongState):
        services.withdraw(actor=shop.clerk, bargain_id=one.pk, now=utc_now())
    back = services.back_to_cart(actor=shop.clerk, bargain_id=one.pk, now=utc_now())
    assert (back.added, list(back.missing), CartLine.objects.get().quantity) == (1, [], 2)
    with pytest.raises(NotFound):
        services.back_to_cart(actor=shop.clerk, bargain_id=agreed(shop).pk, now=utc_now())


def test_what_nobody_answers_expires(shop: Shop) -> None:
    one, now = proposed(shop), utc_now()
    assert one.next_due_at is not None
    assert one.next_due_at > now + timedelta(days=1)
    assert services.sweep_due(now=now) == 0
    Bargain.objects.filter(pk=one.pk).update(next_due_at=now - timedelta(seconds=1))
    with pytest.raises(services.BargainTooLate):
        services.accept(actor=shop.seller, bargain_id=one.pk, now=now)
    sweep_due()
    assert services.sweep_due(now=now) == 1
    one.refresh_from_db()
    assert (one.state, one.next_due_at) == ("expired", None)
    assert JournalEntry.objects.filter(event="bargains.expired").count() == 1


def test_a_stranger_does_not_learn_of_it(shop: Shop) -> None:
    one = proposed(shop)
    with region_as("yz_region"):
        other = make_shop("990002")
    for actor in (other.seller, other.clerk):
        with pytest.raises(NotFound):
            services.accept(actor=actor, bargain_id=one.pk, now=utc_now())
    assert BargainLine.objects.count() == 1


def clerk_of_another_unit(tenant: str) -> Actor:
    unit = make_unit(tenant, code="001002")
    clerk = make_user(name="测试庚")
    with region_as("yz_region"):
        join(clerk, Organisation.objects.get(pk=unit.organisation_id))
    grant(tenant, clerk, unit.pk, unit.organisation_id, Post.BUYER_CLERK)
    return actor_of(clerk, tenant)


def test_the_demonstration_shows_bargains_of_each_turn_and_loads_once(
    made: Shop, room: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its people and goods are the shop's here."""
    other, seller = clerk_of_another_unit(made.tenant), made.seller
    with tenant_selected(made.tenant), region_as("yz_mall"):
        offer = offers(offer_ids=[made.offer.pk], area=made.tenant)[made.offer.pk]
    people = {demo.SCHOOL_CLERK: made.clerk, demo.HEALTH_CLERK: other, demo.SELLER: seller, demo.OTHER_SELLER: seller}
    monkeypatch.setattr(demo, "READY_TENANT", made.tenant)
    monkeypatch.setattr(demo, "PAPER", demo.PENS)
    monkeypatch.setattr(demo, "demo_actor", people.__getitem__)
    monkeypatch.setattr(demo, "demo_offers", lambda *_of: {demo.PENS: offer})
    for _loading in range(2):
        demo.load(utc_now())
        with tenant_selected(made.tenant):
            found = Bargain.objects.order_by("id").values_list("state", "listed_amount", "offered_amount")
            assert [(state, *map(str, amounts)) for state, *amounts in found] == [
                ("accepted", "2400.00", "2208.00"),
                ("countered", "4000.00", "3840.00"),
                ("proposed", "3000.00", "3000.00"),
            ]
            assert not CartLine.objects.exists()
