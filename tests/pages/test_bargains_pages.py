"""Bargaining on pages and over the API: asked in the cart, answered on the supplier's page, ordered at the checkout."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from kernel.posts import Post
from tenant_apps.bargains.models import Bargain
from tenant_apps.orders.models import Order
from tenants.database.context import region_as, tenant_selected
from tests.factories.bargains import agreed, countered, declined
from tests.factories.orders import Shop, make_shop
from tests.factories.people import sign_in
from tests.factories.statements import counted
from tests.pages.conftest import page_text


@pytest.fixture(scope="module")
def shop(kept_world: Callable[[], None]) -> Shop:
    made = make_shop()
    kept_world()
    return made


def client_of(shop: Shop, post: Post) -> Client:
    return sign_in(Client(), shop.people[post], shop.tenant)


def latest(shop: Shop) -> Bargain:
    with tenant_selected(shop.tenant):
        return Bargain.objects.latest("id")


def test_from_the_cart_to_an_order_at_the_agreed_price(shop: Shop) -> None:
    shop.fill_cart()
    clerk, seller = client_of(shop, Post.BUYER_CLERK), client_of(shop, Post.SUPPLIER_SALES)
    new = f"/bargains/new/{shop.supplier.pk}/"
    assert f'href="{new}"' in page_text(clerk, "/cart/")
    price = f"price_{shop.offer.pk}"
    assert f'name="{price}"' in page_text(clerk, new)
    form = {"unit_id": shop.unit_id, "supplier_id": shop.supplier.pk, "note": "量大"}
    refused = clerk.post(new, form | {price: "21.00"})
    assert (refused.status_code, "价格只降不升" in refused.content.decode()) == (400, True)
    with counted() as statements:
        asked = clerk.post(new, form | {price: "17.00"})
    assert (asked.status_code, len(statements) <= 12) == (303, True), statements
    path = asked["Location"]
    assert f'href="{path}"' in page_text(clerk, new)  # one at a time: the way to the running one instead of a form
    with counted() as statements:
        page = page_text(seller, path)
    assert ("量大" in page, f'action="{path}counter/"' in page, len(statements) <= 12) == (True, True, True), statements
    version = {"version": latest(shop).version}
    assert seller.post(f"{path}counter/", version | {price: "20.00"}).status_code == 400
    with counted() as statements:
        assert seller.post(f"{path}counter/", version | {price: "19.00", "note": ""}).status_code == 303
    assert len(statements) <= 12, statements
    with counted() as statements:
        assert clerk.post(f"{path}accept/", {"version": latest(shop).version}).status_code == 303
    assert len(statements) <= 12, statements
    checkout = f"/checkout/{shop.supplier.pk}/?bargain={latest(shop).pk}"
    assert checkout.replace("&", "&amp;") in page_text(clerk, path)
    page = page_text(clerk, checkout)
    assert ('value="38.00"' in page, 'name="mode" value="bargain"' in page) == (True, True)
    order = {
        "unit_id": shop.unit_id, "supplier_id": shop.supplier.pk, "mode": "bargain", "bargain_id": latest(shop).pk,
        f"amount_{shop.line.pk}": "38.00", "delivery_address": "测试县文化路1号", "contact_name": "王老师",
        "contact_phone": "13900000000", "note": "", "area_code": "",
    }  # fmt: skip
    said = clerk.post(f"/checkout/{shop.supplier.pk}/preview/", order).content.decode()
    assert "该订单可以提交" in said
    with counted() as statements:
        answer = clerk.post(f"/checkout/{shop.supplier.pk}/", order)
    assert (answer.status_code, len(statements) <= 12) == (303, True), statements
    assert "议定价格" in page_text(clerk, answer["Location"])
    assert f'href="{answer["Location"]}"' in page_text(clerk, path)
    again = clerk.post(f"/checkout/{shop.supplier.pk}/", order)
    assert (again.status_code, "已经下过订单" in again.content.decode()) == (409, True)
    with tenant_selected(shop.tenant):
        assert str(Order.objects.get().total_amount) == "38.00"


def test_the_list_and_its_export(shop: Shop) -> None:
    with tenant_selected(shop.tenant), region_as("yz_mall"):
        ended, running = declined(shop), countered(shop)
    clerk, seller = client_of(shop, Post.BUYER_CLERK), client_of(shop, Post.SUPPLIER_SALES)
    for client in (clerk, seller):
        page = page_text(client, "/bargains/")
        assert (str(ended.number) in page, str(running.number) in page) == (True, True)
        assert str(ended.number) not in page_text(client, "/bargains/?state=countered")
    assert "没有符合条件的议价" in page_text(clerk, "/bargains/?search=没有")
    table = clerk.get("/bargains/export.csv").content.decode("utf-8-sig")
    assert (str(running.number) in table, "挂网价" in table) == (True, True)
    back = clerk.post(f"/bargains/{ended.pk}/to-cart/")
    assert (back.status_code, back["Location"]) == (303, "/cart/")
    for name, status in (("withdraw", 303), ("withdraw", 409)):
        assert clerk.post(f"/bargains/{running.pk}/{name}/", {}).status_code == status


BAD: dict[str, Any] = {
    "nothing": {}, "no prices": {"prices": []}, "price": {"prices": [{"offer_id": 1, "price": "0"}]},
    "exponent": {"prices": [{"offer_id": 1, "price": "1e3"}]},
    "stranger": {"prices": [{"offer_id": 1, "price": "1"}], "x": 1},
}  # fmt: skip


def test_the_api_says_what_may_be_done_and_refuses_what_is_wrong(shop: Shop) -> None:
    with tenant_selected(shop.tenant), region_as("yz_mall"):
        one = countered(shop)
    clerk, seller = client_of(shop, Post.BUYER_CLERK), client_of(shop, Post.SUPPLIER_SALES)
    path = f"/api/v1/bargains/{one.pk}/"
    assert clerk.get(path).json()["actions"] == ["accept", "propose_again", "withdraw"]
    assert seller.get(path).json()["actions"] == []
    for body in BAD.values():
        assert clerk.post(f"{path}propose-again/", body, content_type="application/json").status_code == 400
    body = {"prices": [{"offer_id": shop.offer.pk, "price": "18.50"}], "version": one.version}
    answer = clerk.post(f"{path}propose-again/", body, content_type="application/json")
    assert (answer.status_code, answer.json()["state"], answer.json()["asked_amount"]) == (200, "proposed", "37.00")
    assert clerk.post(f"{path}decline/", {"reason": "x"}, content_type="application/json").status_code == 403
    done = seller.post(f"{path}decline/", {"reason": "已是底价"}, content_type="application/json")
    assert (done.status_code, done.json()["state"]) == (200, "declined")


def test_an_agreement_of_others_is_no_checkout(shop: Shop) -> None:
    with tenant_selected(shop.tenant), region_as("yz_mall"):
        one = agreed(shop)
    clerk = client_of(shop, Post.BUYER_CLERK)
    assert clerk.get(f"/checkout/{shop.supplier.pk}/?bargain={10**9}").status_code == 404
    assert clerk.get(f"/checkout/{shop.supplier.pk + 1}/?bargain={one.pk}").status_code == 409
    assert (
        client_of(shop, Post.BUYER_APPROVER).get(f"/checkout/{shop.supplier.pk}/?bargain={one.pk}").status_code == 403
    )
