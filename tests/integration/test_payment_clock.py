"""The payment clock over real orders: agreed terms, interest in the database's sums, who must act."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connections

from kernel.clock import SHANGHAI, local_date, utc_now
from kernel.money import ZERO
from kernel.posts import Post
from kernel.problems import InvalidInput, NotFound, NotPermitted
from shared_apps.rulebook.late_payment import late_interest
from tenant_apps.journal.models import JournalEntry
from tenant_apps.orders import payments_due
from tenant_apps.orders.models import Order
from tenant_apps.orders.selectors import limit_of_order
from tenant_apps.payments import selectors, terms
from tenant_apps.payments.models import PaymentTerm
from tenants.database.context import region_as, tenant_atomic, tenant_selected
from tests.factories import fulfilment as made
from tests.factories.orders import Shop, make_shop
from tests.factories.statements import counted


@pytest.fixture(scope="module")
def kept_shop(kept_world: Callable[[], None]) -> Shop:
    shop = make_shop()
    kept_world()
    return shop


@pytest.fixture
def shop(kept_shop: Shop, room: None) -> Iterator[Shop]:
    with tenant_selected(kept_shop.tenant), region_as("yz_mall"):
        yield kept_shop


def shift(order: Order, days: int) -> Order:
    """Ages an acceptance and, where it was paid, the payment too little to be in time."""
    with connections["tenant"].cursor() as cursor:
        cursor.execute(
            "UPDATE orders_order SET goods_accepted_at = goods_accepted_at - %s WHERE id = %s",
            [timedelta(days=days), order.pk],
        )
    order.refresh_from_db()
    return order


def asked(shop: Shop, order: Order, days: int = 45) -> PaymentTerm:
    return terms.ask(actor=shop.clerk, order_id=order.pk, days=days, reason="专项资金下达较晚", now=utc_now())


def due(shop: Shop, post: Post, tab: str, now: datetime, **query: object) -> payments_due.DueList:
    return payments_due.due_list(actor=shop.actor(post), tab=tab, now=now, **query)  # type: ignore[arg-type]


def test_a_longer_term_holds_once_the_supplier_agrees(shop: Shop) -> None:
    order = made.accepted(shop)
    term = asked(shop, order)
    assert (term.state, Order.objects.get(pk=order.pk).payment_days) == ("asked", None)
    with pytest.raises(terms.TermNotOpen):
        asked(shop, order, 50)
    terms.answer(actor=shop.seller, order_id=order.pk, agrees=True, now=utc_now())
    order.refresh_from_db()
    assert (order.payment_days, order.state, order.version) == (45, "accepted", 4)
    events = JournalEntry.objects.filter(object_type="order", object_id=str(order.pk)).order_by("-id")
    assert [entry.event for entry in events[:2]] == ["payments.term_agreed", "payments.term_asked"]
    made.ship(shop, order)
    acceptor = shop.actor(Post.BUYER_ACCEPTOR)
    order = made.fulfilment.accept_goods(actor=acceptor, order_id=order.pk, now=utc_now(), **made.STANDARDS)
    clock = selectors.clock_for(actor=shop.seller, order_id=order.pk, now=utc_now())
    assert clock.due is not None
    assert (clock.due.days_left, clock.agreed_days, clock.waits_for) == (45, 45, "buyer_payer")
    assert clock.names == (shop.people[Post.BUYER_PAYER].name,)
    limit = limit_of_order(order)
    assert limit is not None
    assert local_date(limit.due_at) == local_date(utc_now()) + timedelta(days=46)


def test_a_refused_term_changes_nothing_and_may_be_asked_again(shop: Shop) -> None:
    order = made.accepted(shop)
    asked(shop, order, 60)
    with pytest.raises(InvalidInput):
        terms.answer(actor=shop.seller, order_id=order.pk, agrees=False, now=utc_now())
    terms.answer(actor=shop.seller, order_id=order.pk, agrees=False, reason="资金周转困难", now=utc_now())
    order.refresh_from_db()
    assert (order.payment_days, order.version) == (None, 3)
    asked(shop, order, 40)
    assert [row.state for row in PaymentTerm.objects.order_by("id")] == ["refused", "asked"]


@pytest.mark.parametrize("days", [0, 30, 61, 365])
def test_no_term_beyond_the_law_is_asked(shop: Shop, days: int) -> None:
    order = made.accepted(shop)
    with pytest.raises(InvalidInput):
        asked(shop, order, days)
    assert PaymentTerm.objects.count() == 0


def test_who_may_ask_and_answer_and_when(shop: Shop) -> None:
    order = made.accepted(shop)
    with pytest.raises(NotPermitted):
        terms.ask(actor=shop.seller, order_id=order.pk, days=45, reason="x", now=utc_now())
    asked(shop, order)
    with pytest.raises(NotPermitted):
        terms.answer(actor=shop.clerk, order_id=order.pk, agrees=True, now=utc_now())
    with pytest.raises(NotFound):
        terms.ask(actor=shop.clerk, order_id=order.pk + 100, days=45, reason="x", now=utc_now())
    Order.objects.filter(pk=order.pk).update(supplier_is_sme=False)
    with pytest.raises(terms.TermNotOpen):
        terms.answer(actor=shop.seller, order_id=order.pk, agrees=True, now=utc_now())
    taken = made.goods_accepted(shop)
    with pytest.raises(terms.TermNotOpen):
        asked(shop, taken)
    assert JournalEntry.objects.filter(event__startswith="payments.").count() == 1


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("payment_term_longer_and_lawful", {"days": 61}),
        ("payment_term_longer_and_lawful", {"days": 30}),
        ("payment_term_has_reason", {"reason": ""}),
        ("payment_term_state_known", {"state": "perhaps", "answered_at": utc_now(), "answered_by_id": 1}),
        ("payment_term_answered_fits_state", {"state": "agreed"}),
    ],
)
def test_an_impossible_term_is_refused_by_the_database(shop: Shop, constraint: str, changes: dict[str, object]) -> None:
    values: dict[str, object] = {
        "order_id": 1, "days": 45, "reason": "x", "state": "asked", "asked_by_id": 1, "asked_by_name": "甲",
        "asked_at": utc_now(),
    }  # fmt: skip
    with pytest.raises(IntegrityError, match=constraint), tenant_atomic():
        PaymentTerm.objects.create(**(values | changes))
    with pytest.raises(IntegrityError, match="order_payment_term_lawful"), tenant_atomic():
        Order.objects.filter(pk=made.accepted(shop).pk).update(payment_days=61)


def test_the_list_counts_days_and_interest_as_the_clock_does(shop: Shop) -> None:
    now = utc_now()
    late, soon, fresh, paid = (made.goods_accepted(shop, quantity=3) for _order in range(4))
    shift(late, 30 + 17)
    shift(soon, 25)
    made.requested(shop, order=paid)
    made.settle(start=utc_now() + timedelta(seconds=1), minutes=3)
    shift(paid, 30 + 4)
    agreed = made.goods_accepted(shop)
    Order.objects.filter(pk=agreed.pk).update(payment_days=60)
    shift(agreed, 61)
    for post in (Post.BUYER_PAYER, Post.SUPPLIER_SALES):
        found = due(shop, post, "overdue", now)
        assert [(row.order.pk, row.due.days_late) for row in found.rows] == [(late.pk, 17), (agreed.pk, 1)]
        for tab in payments_due.TABS:
            listed = due(shop, post, tab, now)
            interest = sum((row.due.interest for row in listed.rows), ZERO)
            amount = sum((row.order.payable_amount for row in listed.rows), ZERO)
            sums = listed.sums[tab]
            assert (sums.orders, sums.amount, sums.interest) == (len(listed.rows), amount, interest), tab
        assert {tab: found.sums[tab].orders for tab in payments_due.TABS if tab != "year_end"} == {
            "overdue": 2, "soon": 1, "in_time": 1, "late": 1,
        }  # fmt: skip
        assert found.sums["late"].interest == late_interest(amount=paid.payable_amount, days=4)
    first = due(shop, Post.BUYER_PAYER, "overdue", now, size=1)
    assert first.next_after == 1
    assert [row.order.pk for row in due(shop, Post.BUYER_PAYER, "overdue", now, after=1, size=1).rows] == [agreed.pk]
    assert due(shop, Post.BUYER_PAYER, "soon", now, search=str(fresh.number)).rows == []
    with counted() as statements:
        due(shop, Post.BUYER_PAYER, "overdue", now)
    assert len(statements) == 3


def test_a_supplier_that_is_not_small_has_no_clock(shop: Shop) -> None:
    order = made.goods_accepted(shop)
    Order.objects.filter(pk=order.pk).update(supplier_is_sme=False)
    clock = selectors.clock_for(actor=shop.seller, order_id=order.pk, now=utc_now())
    assert (clock.due, clock.waits_for) == (None, None)
    assert due(shop, Post.BUYER_PAYER, "in_time", utc_now()).rows == []


def test_the_list_of_the_years_end_is_as_it_was_then(shop: Shop) -> None:
    """Order 802 art. 18: overdue and not paid when the year ended, whatever was paid since."""
    year = local_date(utc_now()).year

    def moment(months: int, day: int) -> datetime:
        return datetime(year + months // 12, months % 12 + 1, day, 12, tzinfo=SHANGHAI)

    october, new_year = moment(9, 1), moment(12, 10)
    unpaid, paid_before, paid_after, young = (
        made.goods_accepted(shop), made.paid(shop), made.paid(shop), made.goods_accepted(shop),
    )  # fmt: skip
    for order, accepted_at, paid_at in (
        (unpaid, october, None),
        (paid_before, october, moment(11, 31)),
        (paid_after, october, moment(12, 1)),
        (young, moment(11, 1), None),
    ):
        Order.objects.filter(pk=order.pk).update(goods_accepted_at=accepted_at, paid_at=paid_at)
    found = due(shop, Post.BUYER_PAYER, "year_end", new_year)
    assert {row.order.pk for row in found.rows} == {unpaid.pk, paid_after.pk}
    assert {(row.due.days_late, row.due.interest) for row in found.rows} == {(61, Decimal("1.22"))}
    assert found.sums["year_end"] == payments_due.Sums(2, Decimal("80.00"), Decimal("2.44"))
    assert due(shop, Post.BUYER_PAYER, "year_end", october).rows == []
