"""An order that came to nothing goes back into its clerk's cart."""

from __future__ import annotations

import pytest
from django.test import Client

from kernel.clock import utc_now
from kernel.posts import Post
from kernel.problems import NotFound
from shared_apps.products.models import Offer
from tenant_apps.orders.services import again, fulfilment
from tenant_apps.storefront.selectors import cart_for
from tenants.database.context import region_as, tenant_selected
from tests.factories.orders import Shop, make_shop
from tests.factories.people import sign_in


def declined(shop: Shop) -> int:
    order = shop.place(quantity=3)
    with tenant_selected(shop.tenant), region_as("yz_mall"):
        fulfilment.decline(actor=shop.seller, order_id=order.pk, reason="缺货", now=utc_now())
    return order.pk


def in_cart(shop: Shop) -> list[tuple[int, int]]:
    with tenant_selected(shop.tenant), region_as("yz_mall"):
        view = cart_for(actor=shop.clerk, unit_id=shop.unit_id)
        return [(line.offer_id, line.quantity) for supplier in view.suppliers for line in supplier.lines]


def test_a_declined_order_is_back_in_the_cart_by_one_button(shop: Shop) -> None:
    key = declined(shop)
    clerk = sign_in(Client(), shop.people[Post.BUYER_CLERK], shop.tenant)
    assert f'action="/orders/{key}/order-again/"' in clerk.get(f"/orders/{key}/").content.decode()
    answer = clerk.post(f"/orders/{key}/order-again/")
    assert (answer.status_code, answer["Location"]) == (303, "/cart/")
    assert in_cart(shop) == [(shop.offer.pk, 3)]
    assert "重新加入购物车" in clerk.get("/cart/").content.decode()
    again_by_api = clerk.post(f"/api/v1/orders/{key}/order-again/", {}, content_type="application/json")
    assert again_by_api.json() == {"unit_id": shop.unit_id, "added": 1, "missing": []}
    assert in_cart(shop) == [(shop.offer.pk, 6)]
    seller = sign_in(Client(), shop.people[Post.SUPPLIER_SALES], shop.tenant)
    assert "order-again" not in seller.get(f"/orders/{key}/").content.decode()
    assert seller.post(f"/orders/{key}/order-again/").status_code == 403


def test_what_cannot_be_bought_any_more_is_named(shop: Shop) -> None:
    key = declined(shop)
    with region_as("yz_region"):
        Offer.objects.filter(pk=shop.offer.pk).update(state="delisted")
    with tenant_selected(shop.tenant), region_as("yz_mall"):
        back = again.order_again(actor=shop.clerk, order_id=key, now=utc_now())
    assert (back.added, len(back.missing)) == (0, 1)
    assert in_cart(shop) == []


def test_only_its_clerk_orders_again_and_only_what_is_over(shop: Shop) -> None:
    key, running = declined(shop), shop.place().pk
    with tenant_selected(shop.tenant), region_as("yz_mall"):
        for actor, order_id in ((shop.approver, key), (shop.clerk, running), (shop.clerk, key + 1000)):
            with pytest.raises(NotFound):
                again.order_again(actor=actor, order_id=order_id, now=utc_now())


@pytest.fixture
def shop() -> Shop:
    return make_shop()
