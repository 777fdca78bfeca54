"""Buyer and supplier rate each other after payment: who, when, by what, and what it closes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError
from django.test import Client

from kernel.clock import utc_now
from kernel.posts import Post
from kernel.problems import InvalidInput, NotFound, NotPermitted
from shared_apps.scores.models import OrderOutcome
from tenant_apps.evaluations import selectors, services
from tenant_apps.evaluations.models import Evaluation, IndicatorSet
from tenant_apps.evaluations.rules import PROPOSED, Side, mean
from tenant_apps.journal.models import JournalEntry
from tenant_apps.orders.models import Order
from tenant_apps.orders.services import ending
from tenants.database.context import region_as, tenant_atomic, tenant_selected
from tests.factories import fulfilment as made
from tests.factories.orders import Shop, make_shop
from tests.factories.people import actor_of, join, make_organisation, make_user, sign_in
from tests.factories.relayed import relay_tenant
from tests.factories.statements import counted
from webkit.latin import latin_words


@pytest.fixture(scope="module")
def kept_shop(kept_world: Callable[[], None]) -> Shop:
    """A shop with one paid order and a bureau."""
    shop = make_shop()
    with region_as("yz_region"):
        bureau = make_organisation("finance_bureau", "B990001X", "测试财政局", shop.tenant)
        shop.people[Post.TIER_SUPERVISOR] = make_user(name="测试乙局")
        join(shop.people[Post.TIER_SUPERVISOR], bureau, [Post.TIER_SUPERVISOR])
    with tenant_selected(shop.tenant), region_as("yz_mall"):
        made.paid(shop)
    relay_tenant(shop.tenant)
    kept_world()
    return shop


@pytest.fixture
def shop(kept_shop: Shop, room: None) -> Iterator[Shop]:
    with tenant_selected(kept_shop.tenant), region_as("yz_mall"):
        yield kept_shop


def paid(shop: Shop) -> Order:
    return Order.objects.get()


def rate(shop: Shop, post: Post, *marks: int, now_in: timedelta = timedelta(0)) -> Evaluation:
    return services.evaluate(
        actor=shop.actor(post),
        order_id=paid(shop).pk,
        marks=marks or (5, 4, 4),
        comment="按期到货",
        now=utc_now() + now_in,
    )


def test_both_ratings_close_the_order_and_each_is_seen_in_its_time(shop: Shop) -> None:
    first = rate(shop, Post.BUYER_CLERK)
    assert (first.side, first.mean, [one["name"] for one in first.marks]) == (
        "buyer", Decimal("4.3"), list(PROPOSED[Side.BUYER]),
    )  # fmt: skip
    order = paid(shop)
    assert order.state == "paid"
    hidden = selectors.of_order(actor=shop.seller, order=order, now=utc_now())
    assert (list(hidden.given), hidden.hidden, hidden.may_rate) == ([], True, True)
    over = selectors.of_order(actor=shop.seller, order=order, now=utc_now() + timedelta(days=17))
    assert (len(over.given), over.may_rate) == (1, False)
    rate(shop, Post.SUPPLIER_SALES, 5, 5, 5)
    order = paid(shop)
    assert (order.state, order.closed_at is None) == ("closed", False)
    seen = selectors.of_order(actor=shop.seller, order=order, now=utc_now())
    assert ([row.side for row in seen.given], list(seen.missing)) == (["buyer", "supplier"], [])
    events = JournalEntry.objects.filter(object_type="order", object_id=str(order.pk)).order_by("-id")[:3]
    assert [one.event for one in events] == ["orders.closed", "evaluations.given", "evaluations.given"]


def test_a_side_rates_once_and_only_in_time(shop: Shop) -> None:
    rate(shop, Post.BUYER_CLERK)
    with pytest.raises(services.EvaluatedAlready):
        rate(shop, Post.BUYER_ACCEPTOR)
    with pytest.raises(services.EvaluationNotOpen):
        rate(shop, Post.SUPPLIER_SALES, now_in=timedelta(days=17))
    with pytest.raises(NotPermitted):
        rate(shop, Post.BUYER_PAYER)
    with pytest.raises(InvalidInput):
        rate(shop, Post.SUPPLIER_SALES, 5, 5)
    with pytest.raises(NotFound):
        services.evaluate(actor=shop.clerk, order_id=paid(shop).pk + 9, marks=[5, 5, 5], now=utc_now())
    assert Evaluation.objects.count() == 1
    unpaid = made.goods_accepted(shop)
    with pytest.raises(services.EvaluationNotOpen):
        services.evaluate(actor=shop.clerk, order_id=unpaid.pk, marks=[5, 5, 5], now=utc_now())


def test_an_order_that_closes_by_its_timer_stays_unrated(shop: Shop) -> None:
    due = paid(shop).next_due_at
    assert due is not None
    assert ending.sweep_due(now=due).closed == 1
    order = paid(shop)
    found = selectors.of_order(actor=shop.clerk, order=order, now=due)
    assert (order.state, list(found.given), found.may_rate, list(found.missing)) == (
        "closed", [], False, ["buyer", "supplier"],
    )  # fmt: skip


def test_the_clerk_may_close_and_the_supplier_still_rates(shop: Shop) -> None:
    ending.close(actor=shop.clerk, order_id=paid(shop).pk, now=utc_now())
    rate(shop, Post.SUPPLIER_SALES)
    rate(shop, Post.BUYER_CLERK)
    assert paid(shop).state == "closed"


def test_the_bureau_decides_the_indicators_and_given_ratings_keep_theirs(shop: Shop) -> None:
    bureau = actor_of(shop.people[Post.TIER_SUPERVISOR], shop.tenant)
    rate(shop, Post.BUYER_CLERK)
    row = services.decide_indicators(
        actor=bureau, side="supplier", names=["付款及时", "", "验收公正"], reason="局务会决定", now=utc_now()
    )
    assert row.names == ["付款及时", "验收公正"]
    given = rate(shop, Post.SUPPLIER_SALES, 3, 4)
    assert (given.mean, len(given.marks)) == (Decimal("3.5"), 2)
    assert selectors.indicators(side=Side.BUYER).decided is None
    for names, reason in (([""], "x"), (["a", "a"], "x"), (["a"], " ")):
        with pytest.raises(InvalidInput):
            services.decide_indicators(actor=bureau, side="buyer", names=names, reason=reason, now=utc_now())
    with pytest.raises(NotPermitted):
        services.decide_indicators(actor=shop.clerk, side="buyer", names=["a"], reason="x", now=utc_now())
    with pytest.raises(DatabaseError, match="permission denied"), tenant_atomic():
        IndicatorSet.objects.update(names=["x"])


def test_the_database_keeps_one_rating_a_side(shop: Shop) -> None:
    row = rate(shop, Post.BUYER_CLERK)
    row.pk = None
    with pytest.raises(IntegrityError, match="evaluation_once_a_side"), tenant_atomic():
        row.save(force_insert=True)
    row.order_id, row.mean = 77, Decimal("5.1")
    with pytest.raises(IntegrityError, match="evaluation_mean_is_a_mark"), tenant_atomic():
        row.save(force_insert=True)


def test_the_region_keeps_the_buyers_mean_and_the_delivery_as_facts(shop: Shop) -> None:
    rate(shop, Post.BUYER_CLERK, 4, 4, 3)
    rate(shop, Post.SUPPLIER_SALES, 1, 1, 1)
    relay_tenant(shop.tenant)
    with region_as("yz_region"):
        fact = OrderOutcome.objects.get(order_id=paid(shop).pk)
    assert (fact.buyer_mark, fact.promised_on, fact.completed_at is None) == (
        Decimal("3.7"), paid(shop).promised_on, False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("marks", "result"), [((5,), "5.0"), ((4, 5), "4.5"), ((4, 4, 5), "4.3"), ((1, 2, 2, 2), "1.8")]
)
def test_means(marks: tuple[int, ...], result: str) -> None:
    assert mean(marks) == Decimal(result)
    with pytest.raises(ValueError, match="marks"):
        mean((0, *marks))


def client_of(shop: Shop, post: Post) -> Client:
    return sign_in(Client(), shop.people[post], shop.tenant)


def shown(client: Client, path: str, *, status: int = 200) -> str:
    client.get(path)
    with counted() as statements:
        answer = client.get(path)
    html = answer.content.decode()
    assert answer.status_code == status, html
    assert latin_words(html) == [], path
    assert len(statements) <= 12, "\n".join(one[:90].replace("\n", " ") for one in statements)
    return html


def test_the_pages(kept_shop: Shop, room: None) -> None:
    shop = kept_shop
    with tenant_selected(shop.tenant):
        key = paid(shop).pk
    clerk, seller, bureau = (
        client_of(shop, post) for post in (Post.BUYER_CLERK, Post.SUPPLIER_SALES, Post.TIER_SUPERVISOR)
    )
    path = f"/orders/{key}/evaluate/"
    assert path in shown(clerk, f"/orders/{key}/")
    assert "商品质量" in shown(clerk, path)
    for marks in (["5", "5"], ["5", "5", "6"], ["x", "5", "5"]):
        wrong = clerk.post(path, {"marks": marks})
        assert wrong.status_code == 400
        assert latin_words(wrong.content.decode()) == []
    assert clerk.post(path, {"marks": ["5", "4", "4"], "comment": "按期到货"}).status_code == 303
    shown(clerk, path, status=409)
    assert "按期到货" not in shown(seller, f"/orders/{key}/")
    assert seller.post(path, {"marks": ["5", "5", "5"]}).status_code == 303
    assert "按期到货" in shown(seller, f"/orders/{key}/")
    assert "按期到货" in shown(bureau, "/evaluations/")
    shown(bureau, "/evaluations/?side=supplier&search=没有")
    assert "平均分" in bureau.get("/evaluations/export.csv").content.decode("utf-8-sig")
    shown(bureau, "/evaluations/indicators/")
    body = {"side": "buyer", "names": ["质量", ""], "reason": ""}
    assert bureau.post("/evaluations/indicators/", body).status_code == 400
    assert bureau.post("/evaluations/indicators/", body | {"reason": "局务会决定"}).status_code == 303
    assert clerk.get("/evaluations/").status_code == 403


def test_the_api(kept_shop: Shop, room: None) -> None:
    shop = kept_shop
    with tenant_selected(shop.tenant):
        key = paid(shop).pk
    clerk, bureau = client_of(shop, Post.BUYER_CLERK), client_of(shop, Post.TIER_SUPERVISOR)
    body = {"marks": [5, 4, 4]}
    told = clerk.post(f"/api/v1/orders/{key}/evaluate/", body, content_type="application/json")
    assert (told.status_code, told.json()["mean"]) == (201, "4.3")
    again = clerk.post(f"/api/v1/orders/{key}/evaluate/", body, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, "evaluated-already")
    assert clerk.get(f"/api/v1/orders/{key}/evaluations/").json()["missing"] == ["supplier"]
    assert len(bureau.get("/api/v1/evaluations/").json()["evaluations"]) == 1
    assert [one["side"] for one in clerk.get("/api/v1/evaluations/indicators/").json()["sides"]] == [
        "buyer",
        "supplier",
    ]
    decided = bureau.post(
        "/api/v1/evaluations/indicators/decide/",
        {"side": "buyer", "names": ["质量"], "reason": "局务会决定"},
        content_type="application/json",
    )
    assert (decided.status_code, decided.json()) == (201, {"side": "buyer", "names": ["质量"]})
