"""The payment clock on its pages and in its API: order, supplier's and bureau's list, and the longer term."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client

from kernel.clock import utc_now
from kernel.posts import Post
from tenant_apps.orders.models import Order
from tenant_apps.payments.models import PaymentTerm
from tenants.database.context import region_as, tenant_selected
from tests.factories import fulfilment as made
from tests.factories.orders import Shop, make_shop
from tests.factories.people import join, make_organisation, make_user, sign_in
from tests.factories.statements import counted
from webkit.latin import latin_words


@pytest.fixture(scope="module")
def kept_shop(kept_world: Callable[[], None]) -> Shop:
    shop = make_shop()
    with region_as("yz_region"):
        bureau = make_organisation("finance_bureau", "B990001X", "测试财政局", shop.tenant)
        shop.people[Post.TIER_SUPERVISOR] = make_user(name="测试乙局")
        join(shop.people[Post.TIER_SUPERVISOR], bureau, [Post.TIER_SUPERVISOR])
    with tenant_selected(shop.tenant), region_as("yz_mall"):
        made.accepted(shop)
        made.goods_accepted(shop)
        made.requested(shop)
        made.settle(start=utc_now() + timedelta(seconds=1), minutes=3)
        with connections["tenant"].cursor() as cursor:
            cursor.execute(
                "UPDATE orders_order SET goods_accepted_at = goods_accepted_at - interval '40 days' "
                "WHERE goods_accepted_at IS NOT NULL"
            )
    kept_world()
    return shop


@pytest.fixture
def shop(kept_shop: Shop, room: None) -> Shop:
    return kept_shop


def orders(shop: Shop) -> list[Order]:
    """One the supplier has accepted, one that is ten days overdue, one that was paid ten days late."""
    with tenant_selected(shop.tenant):
        return list(Order.objects.order_by("pk"))


def client_of(shop: Shop, post: Post) -> Client:
    return sign_in(Client(), shop.people[post], shop.tenant)


def shown(client: Client, path: str, *, status: int = 200) -> str:
    client.get(path)  # law texts and rules are read once a process
    with counted() as statements:
        answer = client.get(path)
    html = answer.content.decode()
    assert answer.status_code == status, html
    assert latin_words(html) == [], path
    assert len(statements) <= 12, "\n".join(one[:110].replace("\n", " ") for one in statements)
    return html


@pytest.mark.parametrize("post", [Post.TIER_SUPERVISOR, Post.SUPPLIER_SALES, Post.BUYER_PAYER])
def test_what_is_overdue_is_listed_with_its_interest(shop: Shop, post: Post) -> None:
    _accepted, late, paid = orders(shop)
    client = client_of(shop, post)
    html = shown(client, "/payments/due/")
    assert str(late.number) in html
    assert str(paid.number) not in html
    assert "已逾期 10 天" in html
    assert "¥0.20" in html  # 40.00 x 0.05 % x 10
    assert 'href="/payments/due/"' in html  # in the menu
    assert str(paid.number) in shown(client, "/payments/due/?tab=late")
    assert "此处暂无款项" in shown(client, "/payments/due/?tab=soon")
    shown(client, "/payments/due/?search=没有")
    assert "年 12 月 31 日已验收" in shown(client, "/payments/due/?tab=year_end")
    rows = list(csv.DictReader(io.StringIO(client.get("/payments/due/export.csv").content.decode("utf-8-sig"))))
    assert [(row["订单编号"], row["逾期天数"], row["逾期利息"]) for row in rows] == [(str(late.number), "10", "0.20")]


def test_the_order_says_what_is_owed_and_who_must_act(shop: Shop) -> None:
    _accepted, late, paid = orders(shop)
    for post in (Post.SUPPLIER_SALES, Post.TIER_SUPERVISOR, Post.BUYER_CLERK):
        html = shown(client_of(shop, post), f"/orders/{late.pk}/")
        assert "截至今日的逾期利息" in html
        assert "0.20" in html
        assert f"支付经办人 · {shop.people[Post.BUYER_PAYER].name}" in html
        late_paid = shown(client_of(shop, post), f"/orders/{paid.pk}/")
        assert "逾期支付，应付利息" in late_paid


def test_a_longer_term_is_asked_and_answered_on_its_page(shop: Shop) -> None:
    order = orders(shop)[0]
    clerk, seller = client_of(shop, Post.BUYER_CLERK), client_of(shop, Post.SUPPLIER_SALES)
    path = f"/orders/{order.pk}/payment-term/"
    assert path in shown(clerk, f"/orders/{order.pk}/")
    shown(clerk, path)
    shown(seller, path, status=409)
    for days in ("30", "61", "", "x"):
        wrong = clerk.post(path, {"days": days, "reason": "资金未到"})
        assert wrong.status_code == 400
        assert latin_words(wrong.content.decode()) == []
    assert clerk.post(path, {"days": "45", "reason": "资金未到"}).status_code == 303
    shown(clerk, path, status=409)
    assert "资金未到" in shown(seller, path)
    assert seller.post(f"{path}answer/", {"agrees": "false", "reason": ""}).status_code == 400
    assert seller.post(f"{path}answer/", {"agrees": "true", "reason": ""}).status_code == 303
    assert "双方约定 45 日" in shown(seller, f"/orders/{order.pk}/")
    again = seller.post(f"{path}answer/", {"agrees": "true", "reason": ""})
    assert again.status_code == 409
    assert latin_words(again.content.decode()) == []


def test_the_api_tells_the_clock_and_takes_the_term(shop: Shop) -> None:
    accepted, late, _paid = orders(shop)
    payer, clerk = client_of(shop, Post.BUYER_PAYER), client_of(shop, Post.BUYER_CLERK)
    clock = payer.get(f"/api/v1/orders/{late.pk}/payment-clock/").json()
    assert (clock["due"]["days_late"], clock["due"]["interest"], clock["waits_for"]) == (10, "0.20", "buyer_payer")
    found = payer.get("/api/v1/payments/due/").json()
    assert [row["order_id"] for row in found["rows"]] == [late.pk]
    assert found["sums"]["overdue"] == {"orders": 1, "amount": "40.00", "interest": "0.20"}
    assert payer.get(f"/api/v1/orders/{late.pk + 50}/payment-clock/").status_code == 404
    body = {"days": 60, "reason": "资金未到"}
    path = f"/api/v1/orders/{accepted.pk}/payment-term/"
    asked = clerk.post(path, body, content_type="application/json")
    assert (asked.status_code, asked.json()["state"]) == (201, "asked")
    again = clerk.post(path, body, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, "payment-term-not-open")
    with tenant_selected(shop.tenant):
        assert PaymentTerm.objects.count() == 1


def test_late_interest_is_asked_approved_and_paid_on_its_page(shop: Shop) -> None:
    _accepted, late, paid = orders(shop)
    payer, approver, seller = (
        client_of(shop, post) for post in (Post.BUYER_PAYER, Post.BUYER_APPROVER, Post.SUPPLIER_SALES)
    )
    path = f"/orders/{paid.pk}/late-interest/"
    assert path in shown(payer, f"/orders/{paid.pk}/")
    assert "没有可支付的逾期利息" in shown(payer, f"/orders/{late.pk}/late-interest/")
    assert "尚欠利息" in shown(seller, path)
    right = {"budget_line_id": str(shop.line.pk), "payee_bank": "演示银行", "payee_account": "6501000011112200"}
    for wrong in ({"budget_line_id": ""}, {"budget_line_id": "999"}, {"payee_account": "1"}, {"payee_bank": ""}):
        answer = payer.post(path, right | wrong)
        assert answer.status_code == 400
        assert latin_words(answer.content.decode()) == []
    assert seller.post(path, right).status_code == 403
    assert payer.post(path, right).status_code == 303
    again = payer.post(path, right)
    assert (again.status_code, latin_words(again.content.decode())) == (409, [])
    assert "撤回支付申请" in shown(payer, path)
    assert "审批利息支付" in shown(approver, path)
    assert approver.post(f"{path}decide/", {"agrees": "false", "reason": ""}).status_code == 400
    assert approver.post(f"{path}decide/", {"agrees": "true", "reason": ""}).status_code == 303
    with tenant_selected(shop.tenant), region_as("yz_mall"):
        made.settle(start=utc_now() + timedelta(seconds=1), minutes=3)
    html = shown(seller, path)
    assert "利息已支付" in html
    told = seller.get(f"/api/v1{path}").json()
    assert (told["interest"], told["paid"], told["left"], told["payments"][0]["state"]) == (
        "0.20",
        "0.20",
        "0.00",
        "paid",
    )
    html = shown(seller, f"/orders/{paid.pk}/")
    assert "逾期利息已支付" in html  # on the timeline
    assert "冻结逾期利息" in shown(payer, f"/budgets/{shop.line.pk}/")
    html = shown(seller, "/payments/due/?tab=late")
    assert "利息已支付" in html
