"""Pages of supplier, acceptor and payer through Django's client: what they show, cost and refuse; no Latin words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from kernel.clock import utc_now
from kernel.posts import Post
from tenant_apps.orders.models import AcceptanceCertificate, Order
from tenant_apps.payments.models import PaymentInstruction
from tenants.database.context import region_as, tenant_selected
from tests.factories import fulfilment as made
from tests.factories.orders import Shop, make_shop
from tests.factories.people import sign_in
from tests.factories.statements import counted
from webkit.latin import latin_words


@pytest.fixture
def shop() -> Shop:
    return make_shop()


def client_of(shop: Shop, post: Post) -> Client:
    return sign_in(Client(), shop.people[post], shop.tenant)


def bring(shop: Shop, maker: Callable[[Shop], Any]) -> Order:
    with tenant_selected(shop.tenant), region_as("yz_mall"):
        found = maker(shop)
        return found if isinstance(found, Order) else Order.objects.get(pk=found.order_id)


def shown(client: Client, path: str, *, status: int = 200) -> str:
    answer = client.get(path)
    html = answer.content.decode()
    assert answer.status_code == status, html
    assert latin_words(html) == [], path
    return html


def shift(shop: Shop, order: Order, days: int) -> None:
    """Ages an order's acceptance: the owner of the database may, the tenant's services may not."""
    with tenant_selected(shop.tenant), connections["tenant"].cursor() as cursor:
        cursor.execute(
            "UPDATE orders_order SET goods_accepted_at = goods_accepted_at - %s WHERE id = %s",
            [timedelta(days=days), order.pk],
        )


# -- supplier ----------------------------------------------------------------------------------------------------------
def test_the_suppliers_workbench_leads_from_answer_to_shipping(shop: Shop) -> None:
    seller = client_of(shop, Post.SUPPLIER_SALES)
    assert "没有等待答复的订单" in shown(seller, "/supplier/orders/")
    order = bring(shop, lambda shop: shop.place())
    html = shown(seller, "/supplier/orders/")
    assert order.number in html
    assert "测试第一小学" in html
    page = shown(seller, f"/orders/{order.pk}/")
    assert f'action="/orders/{order.pk}/accept/"' in page
    assert f'href="/orders/{order.pk}/decline/"' in page
    answer = seller.post(f"/orders/{order.pk}/accept/", {"version": str(order.version)})
    assert (answer.status_code, answer["Location"]) == (303, f"/orders/{order.pk}/")
    assert order.number in shown(seller, "/supplier/orders/?tab=to_ship")
    assert "文化路" in shown(seller, f"/orders/{order.pk}/ship/")
    wrong = seller.post(f"/orders/{order.pk}/ship/", {"carrier": "某物流", "waybill": "", "version": "3"})
    assert wrong.status_code == 400
    assert 'value="某物流"' in wrong.content.decode()
    form = {"carrier": "某物流", "waybill": "YD-1", "expected_on": "", "note": "", "version": "3"}
    assert seller.post(f"/orders/{order.pk}/ship/", form).status_code == 303
    assert "YD-1" in shown(seller, f"/orders/{order.pk}/")
    assert order.number in shown(seller, "/supplier/orders/?tab=under_way")


def test_declined_orders_are_counted(shop: Shop) -> None:
    seller = client_of(shop, Post.SUPPLIER_SALES)
    for _order in range(2):
        order = bring(shop, lambda shop: shop.place())
        answer = seller.post(f"/orders/{order.pk}/decline/", {"reason": "缺货", "version": "2"})
        assert answer.status_code == 303
    assert "今年已拒单：2" in shown(seller, "/supplier/orders/?tab=ended")


def test_the_workbench_is_searched_and_empty_lists_say_so(shop: Shop) -> None:
    seller = client_of(shop, Post.SUPPLIER_SALES)
    order = bring(shop, lambda shop: shop.place())
    assert order.number in shown(seller, f"/supplier/orders/?search={order.number}")
    assert order.number not in shown(seller, "/supplier/orders/?search=没有的单位")
    for tab in ("to_ship", "under_way", "done", "ended"):
        shown(seller, f"/supplier/orders/?tab={tab}")
    for query in ("tab=perhaps", "after=0", "unknown=1"):
        assert seller.get(f"/supplier/orders/?{query}").status_code == 400


def test_long_lists_have_pages(shop: Shop) -> None:
    orders = [bring(shop, lambda shop: shop.place()) for _order in range(21)]
    seller = client_of(shop, Post.SUPPLIER_SALES)
    first = shown(seller, "/supplier/orders/")
    assert orders[19].number in first
    assert orders[20].number not in first
    second = shown(seller, f"/supplier/orders/?tab=to_accept&after={orders[19].pk}")
    assert orders[20].number in second
    assert orders[19].number not in second


# -- acceptor ----------------------------------------------------------------------------------------------------------
def test_the_acceptor_inspects_and_the_certificate_can_be_printed(shop: Shop) -> None:
    acceptor = client_of(shop, Post.BUYER_ACCEPTOR)
    assert "没有待验收的货物" in shown(acceptor, "/acceptance/")
    order = bring(shop, made.shipped)
    assert order.number in shown(acceptor, "/acceptance/")
    shown(acceptor, f"/orders/{order.pk}/accept-goods/")
    shown(acceptor, f"/orders/{order.pk}/refuse-goods/")
    short = acceptor.post(f"/orders/{order.pk}/accept-goods/", {"technical_met": "true", "remark": "", "version": "4"})
    assert short.status_code == 400
    assert latin_words(short.content.decode()) == []
    form = {**dict.fromkeys(made.STANDARDS, "true"), "remark": "数量相符", "version": "4"}
    assert acceptor.post(f"/orders/{order.pk}/accept-goods/", form).status_code == 303
    with tenant_selected(shop.tenant):
        certificate = AcceptanceCertificate.objects.get()
    html = shown(acceptor, f"/orders/{order.pk}/certificates/{certificate.pk}/")
    assert "数量相符" in html
    assert "data-print" in html
    assert f"/orders/{order.pk}/certificates/{certificate.pk}/" in shown(acceptor, f"/orders/{order.pk}/")
    assert acceptor.get(f"/orders/{order.pk}/certificates/{certificate.pk + 1}/").status_code == 404
    assert order.number in shown(acceptor, "/acceptance/?tab=accepted")


def test_a_form_that_came_too_late_says_so(shop: Shop) -> None:
    order = bring(shop, made.goods_accepted)
    acceptor = client_of(shop, Post.BUYER_ACCEPTOR)
    late = acceptor.get(f"/orders/{order.pk}/accept-goods/")
    text = late.content.decode()
    assert late.status_code == 409
    assert latin_words(text) == []
    # Where the order stands, and the way back.
    for part in ("现在不能这样做", "已验收", f'href="/orders/{order.pk}/"'):
        assert part in text
    assert "<textarea" not in text
    form = {**dict.fromkeys(made.STANDARDS, "true"), "remark": ""}
    assert acceptor.post(f"/orders/{order.pk}/accept-goods/", form).status_code == 409


def test_cancelling_shows_who_asked(shop: Shop) -> None:
    order = bring(shop, made.accepted)
    clerk, seller = client_of(shop, Post.BUYER_CLERK), client_of(shop, Post.SUPPLIER_SALES)
    answer = clerk.post(f"/orders/{order.pk}/ask-to-cancel/", {"reason": "重复采购", "version": "3"})
    assert answer.status_code == 303
    asked, asking = shown(seller, f"/orders/{order.pk}/"), shown(clerk, f"/orders/{order.pk}/")
    assert "采购单位请求取消该订单" in asked
    assert f'action="/orders/{order.pk}/cancel/"' in asked
    assert f'action="/orders/{order.pk}/cancel/"' not in asking
    assert f'href="/orders/{order.pk}/ask-to-cancel/"' not in asked
    assert seller.post(f"/orders/{order.pk}/cancel/", {"version": "4"}).status_code == 303
    shown(seller, f"/orders/{order.pk}/")


def test_returned_goods_may_be_given_up(shop: Shop) -> None:
    order = bring(shop, made.returned)
    clerk = client_of(shop, Post.BUYER_CLERK)
    shown(clerk, f"/orders/{order.pk}/terminate/")
    answer = clerk.post(f"/orders/{order.pk}/terminate/", {"reason": "不再需要", "version": str(order.version)})
    assert answer.status_code == 303
    shown(clerk, f"/orders/{order.pk}/")


# -- payer -------------------------------------------------------------------------------------------------------------
def test_the_payers_list_shows_the_payment_clock(shop: Shop) -> None:
    payer = client_of(shop, Post.BUYER_PAYER)
    assert "没有待支付的订单" in shown(payer, "/payments/")
    order = bring(shop, made.goods_accepted)
    html = shown(payer, "/payments/")
    assert order.number in html
    assert "剩余 30 天" in html
    assert "演示国库" in html
    shift(shop, order, 30)
    assert "今天是最后一天" in shown(payer, "/payments/")
    shift(shop, order, 2)
    assert "已逾期 2 天" in shown(payer, "/payments/")
    with tenant_selected(shop.tenant):
        Order.objects.filter(pk=order.pk).update(supplier_is_sme=False)
    html = shown(payer, "/payments/")
    assert order.number in html
    assert "逾期" not in html


def test_the_payer_pays_and_follows_the_instruction(shop: Shop) -> None:
    order = bring(shop, made.goods_accepted)
    payer = client_of(shop, Post.BUYER_PAYER)
    assert "户名与账号不符" in shown(payer, f"/orders/{order.pk}/request-payment/")  # the demo treasury's table
    bad = payer.post(f"/orders/{order.pk}/request-payment/", {"payee_bank": "某银行", "payee_account": "12"})
    assert bad.status_code == 400
    assert latin_words(bad.content.decode()) == []
    form = {"payee_bank": "某银行", "payee_account": "6501000011112201", "version": str(order.version)}
    answer = payer.post(f"/orders/{order.pk}/request-payment/", form)
    assert answer.status_code == 303
    page = answer["Location"]
    assert "6501000011112201" in shown(payer, page)
    assert "等待发送" in shown(payer, page)
    with tenant_selected(shop.tenant), region_as("yz_mall"):
        made.settle(start=utc_now() + timedelta(seconds=1), minutes=3)
    assert "户名与账号不符" in shown(payer, page)
    assert "户名与账号不符" in shown(payer, "/payments/")
    assert "上一次支付失败" in shown(payer, f"/orders/{order.pk}/request-payment/")
    seller = client_of(shop, Post.SUPPLIER_SALES)
    html = shown(seller, page)
    assert "6501000011112201" not in html
    assert "2201" in html
    shown(seller, f"/orders/{order.pk}/")


def test_a_paid_order_is_on_the_last_tab_and_its_account_is_offered_again(shop: Shop) -> None:
    order = bring(shop, made.paid)
    payer = client_of(shop, Post.BUYER_PAYER)
    assert order.number in shown(payer, "/payments/?tab=paid")
    shown(payer, "/payments/?tab=under_way")
    second = bring(shop, made.goods_accepted)
    assert made.GOOD_ACCOUNT in shown(payer, f"/orders/{second.pk}/request-payment/")
    assert "现在不能支付" in shown(payer, f"/orders/{order.pk}/request-payment/", status=409)
    parties = shown(payer, f"/orders/{order.pk}/")
    for word, name in (("验收人", order.acceptor_name), ("支付人", order.payer_name)):
        assert f"<dt>{word}</dt><dd>{name}</dd>" in parties


# -- everybody ---------------------------------------------------------------------------------------------------------
def test_pages_stay_within_twelve_statements(shop: Shop) -> None:
    order = bring(shop, made.paid)
    bring(shop, made.shipped)
    bring(shop, made.goods_accepted)
    with tenant_selected(shop.tenant):
        certificate = AcceptanceCertificate.objects.filter(order_id=order.pk).get()
        instruction = PaymentInstruction.objects.get()
    asked = {
        Post.SUPPLIER_SALES: ["/supplier/orders/", "/supplier/orders/?tab=ended", f"/orders/{order.pk}/"],
        Post.BUYER_ACCEPTOR: ["/acceptance/", f"/orders/{order.pk}/certificates/{certificate.pk}/"],
        Post.BUYER_PAYER: ["/payments/", f"/payments/{instruction.pk}/", f"/orders/{order.pk}/"],
    }
    counts = {}
    for who, paths in asked.items():
        client = client_of(shop, who)
        for path in paths:
            client.get(path)
            with counted() as found:
                shown(client, path)
            counts[who, path] = len(found)
    assert all(count <= 12 for count in counts.values()), counts


@pytest.mark.parametrize(
    ("path", "who"),
    [
        ("/supplier/orders/", Post.BUYER_CLERK),
        ("/acceptance/", Post.BUYER_PAYER),
        ("/payments/", Post.BUYER_ACCEPTOR),
        ("/orders/1/ship/", Post.BUYER_CLERK),
        ("/orders/1/request-payment/", Post.SUPPLIER_SALES),
    ],
)
def test_other_posts_see_the_no_permission_page(shop: Shop, path: str, who: Post) -> None:
    shown(client_of(shop, who), path, status=403)


def test_strangers_find_no_order_and_no_payment(shop: Shop) -> None:
    order = bring(shop, made.paid)
    with tenant_selected(shop.tenant):
        instruction = PaymentInstruction.objects.get()
    other = make_shop("990002")
    seller, payer = client_of(other, Post.SUPPLIER_SALES), client_of(other, Post.BUYER_PAYER)
    for client, path in (
        (seller, f"/orders/{order.pk}/ship/"),
        (payer, f"/orders/{order.pk}/request-payment/"),
        (payer, f"/payments/{instruction.pk}/"),
        (seller, f"/orders/{order.pk}/certificates/1/"),
    ):
        assert client.get(path).status_code == 404


def test_nothing_is_done_by_reading(shop: Shop) -> None:
    order = bring(shop, lambda shop: shop.place())
    seller = client_of(shop, Post.SUPPLIER_SALES)
    assert seller.get(f"/orders/{order.pk}/accept/").status_code == 405
    with tenant_selected(shop.tenant):
        assert Order.objects.get(pk=order.pk).state == "placed"
