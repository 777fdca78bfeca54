"""A clerk's favourites, and a cart that is handed over to a colleague."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from kernel.clock import utc_now
from kernel.posts import Post
from shared_apps.accounts.models import User
from tenant_apps.journal.models import JournalEntry
from tenant_apps.storefront.models import Cart, CartLine, Favourite
from tenant_apps.storefront.services import add_to_cart
from tenants.database.context import region_as, tenant_selected
from tests.factories.goods import make_offer, make_shelf
from tests.factories.orders import Shop, make_shop
from tests.factories.people import actor_of, sign_in
from tests.factories.statements import counted
from tests.pages.conftest import page_text


@pytest.fixture(scope="module")
def made(kept_world: Callable[[], None]) -> tuple[Shop, User]:
    shop = make_shop()
    colleague = shop.hire("测试辛", Post.BUYER_CLERK)
    kept_world()
    return shop, colleague


def client_of(shop: Shop, post: Post = Post.BUYER_CLERK) -> Client:
    return sign_in(Client(), shop.people[post], shop.tenant)


def test_a_product_is_marked_found_again_and_taken_out(made: tuple[Shop, User]) -> None:
    shop, _colleague = made
    clerk, code = client_of(shop), shop.offer.product.code
    assert "还没有收藏" in page_text(clerk, "/favourites/")
    page = f"/products/{code}/"
    assert "收藏商品" in page_text(clerk, page)
    for _again in range(2):
        assert clerk.post("/favourites/add/", {"product_code": code}).status_code == 303
    with counted() as statements:
        assert "取消收藏" in page_text(clerk, page)
    assert len(statements) <= 12, statements
    with counted() as statements:
        assert code in page_text(clerk, "/favourites/")
    assert len(statements) <= 12, statements
    assert "没有找到" in page_text(clerk, "/favourites/?q=没有")
    assert code in page_text(clerk, f"/favourites/?q={code}")
    table = clerk.get("/favourites/export/?q=测试").content.decode()
    assert (table.count(code), "20.00" in table) == (1, True)
    make_shelf(shop.tenant, excluded=[], categories=["C-02"])
    assert "本卖场目前不展示该商品" in page_text(clerk, "/favourites/")
    assert clerk.get("/api/v1/favourites/").json()["favourites"][0]["is_shown"] is False
    with tenant_selected(shop.tenant):
        assert Favourite.objects.count() == 1
    assert clerk.post("/favourites/add/", {"product_code": "NONE"}).status_code == 404
    gone = clerk.post("/api/v1/favourites/remove/", {"product_code": code}, content_type="application/json")
    assert (gone.status_code, gone.json()["favourites"]) == (200, [])
    assert clerk.post("/favourites/remove/", {"product_code": code}).status_code == 404
    assert client_of(shop, Post.BUYER_APPROVER).get("/favourites/").status_code == 403
    assert "收藏商品" not in Client(HTTP_HOST=f"{shop.tenant}.localhost").get(page).content.decode()


def test_a_cart_goes_over_whole_as_it_was_seen(made: tuple[Shop, User]) -> None:
    shop, colleague = made
    other = make_offer(supplier=shop.supplier, price="3.00")
    shop.fill_cart(quantity=3)
    shop.fill_cart(quantity=1, offer=other)
    with tenant_selected(shop.tenant), region_as("yz_mall"):
        taker = actor_of(colleague, shop.tenant)
        add_to_cart(actor=taker, unit_id=shop.unit_id, offer_id=shop.offer.pk, quantity=2, now=utc_now())
    clerk = client_of(shop)
    with counted() as statements:
        page = page_text(clerk, "/cart/")
    assert ("移交购物车" in page, "测试辛" in page, len(statements) <= 12) == (True, True, True), statements
    seen = clerk.get("/api/v1/cart/").json()["fingerprint"]
    form = {"unit_id": shop.unit_id, "to_user_id": colleague.pk, "seen": seen}
    for wrong, status in (
        ({"to_user_id": shop.people[Post.BUYER_CLERK].pk}, 404),  # oneself
        ({"to_user_id": shop.people[Post.BUYER_APPROVER].pk}, 404),
        ({"unit_id": shop.unit_id + 999}, 404),
        ({"seen": "0" * 32}, 409),
    ):
        assert clerk.post("/cart/hand-over/", form | wrong).status_code == status
    with tenant_selected(shop.tenant):
        Cart.objects.filter(user_id=colleague.pk).update(area_code="650100")
    assert clerk.post("/cart/hand-over/", form).status_code == 409
    with tenant_selected(shop.tenant):
        Cart.objects.filter(user_id=colleague.pk).update(area_code="")
    with counted() as statements:
        assert clerk.post("/cart/hand-over/", form).status_code == 303
    assert len(statements) <= 12, statements
    assert clerk.post("/cart/hand-over/", form | {"seen": ""}).status_code == 409  # nothing left
    with tenant_selected(shop.tenant):
        lines = CartLine.objects.filter(cart__user_id=colleague.pk).order_by("quantity")
        assert list(lines.values_list("offer_id", "quantity")) == [(other.pk, 1), (shop.offer.pk, 5)]
        assert CartLine.objects.count() == 2
        facts = JournalEntry.objects.get(event="storefront.cart_handed_over").facts
        assert facts == {"unit_id": shop.unit_id, "to_user_id": colleague.pk, "lines": 2}
