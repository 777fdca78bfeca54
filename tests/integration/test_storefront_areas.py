"""A mall with several delivery areas: search over all of them, and a cart, an order and their freight for one."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal as D

import pytest
from django.test import Client

from kernel.actor import SYSTEM
from kernel.clock import utc_now
from kernel.posts import Post
from kernel.problems import InvalidInput
from shared_apps.classification.selectors import catalogue
from shared_apps.products.models import Offer
from shared_apps.products.read_models import SearchQuery
from shared_apps.products.selectors import product_page, search
from tenant_apps.journal.models import JournalEntry
from tenant_apps.orders.models import Order
from tenant_apps.storefront import selectors, services
from tenant_apps.storefront.areas import AreaNotServed, choosable_areas
from tenants.database.context import region_as, tenant_selected
from tenants.divisions.models import Division, Level
from tests.factories.goods import make_offer
from tests.factories.orders import Shop, make_shop
from tests.factories.people import host_of, sign_in
from tests.integration.test_storefront_cart import TENANT, UNIT, add, clerk

OTHER, FAR = "990002", "990100"


@pytest.fixture(autouse=True)
def prefecture(room: None) -> None:
    """The mall's county and another one in a prefecture, and a prefecture elsewhere."""
    with region_as("yz_owner"):
        for code in ("990000", FAR):
            Division.objects.create(code=code, name=f"测试{code}", level=Level.PREFECTURE, parent_id="650000")
        Division.objects.filter(code__in=(TENANT, OTHER)).update(parent_id="990000")


def choose(*areas: str) -> None:
    with tenant_selected(TENANT), region_as("yz_mall"):
        services.choose_shelf(
            actor=SYSTEM, categories=[one.code for one in catalogue()], excluded_supplier_ids=(), more_areas=areas,
            now=utc_now(),
        )  # fmt: skip


def found() -> dict[str, str]:
    """What search shows: price by product."""
    with tenant_selected(TENANT), region_as("yz_mall"):
        page = search(query=SearchQuery(), shelf=selectors.shelf_view())
        return {item.code: str(item.price) for item in page.items}


def test_search_shows_what_any_area_gets_at_the_lowest_price_among_them() -> None:
    both = make_offer(price="20.00", areas=((TENANT, "0.00", "3.00"), (OTHER, "8.00", "1.00")))
    there = make_offer(price="9.00", areas=((OTHER, "5.00", "0.00"),))
    choose()
    assert found() == {both.product.code: "23.00"}
    choose(OTHER)
    assert found() == {both.product.code: "21.00", there.product.code: "9.00"}
    with tenant_selected(TENANT), region_as("yz_mall"):
        shelf = selectors.shelf_view()
        assert shelf.areas == (TENANT, OTHER)
        page = search(query=SearchQuery(), shelf=shelf)
        assert [choice.count for choice in page.facets.suppliers] == [1, 1], "a supplier with two prices counts once"
        [here] = product_page(code=both.product.code, shelf=shelf).offers
        [elsewhere] = product_page(code=both.product.code, shelf=replace(shelf, area=OTHER)).offers
    assert (here.price, here.freight, elsewhere.price, elsewhere.freight) == (D("23.00"), 0, D("21.00"), D("8.00"))


def test_the_search_page_narrows_to_one_of_the_areas() -> None:
    both = make_offer(price="20.00", areas=((TENANT, "0.00", "3.00"), (OTHER, "8.00", "1.00")))
    make_offer(price="9.00", areas=((OTHER, "5.00", "0.00"),))
    choose(OTHER)
    public = Client(HTTP_HOST=host_of(TENANT))
    page = public.get("/products/").content.decode()
    assert "送达地区" in page
    assert f'href="/products/?area={OTHER}"' in page
    here = public.get(f"/products/?area={TENANT}").content.decode()
    assert f'href="/products/{both.product.code}/?area={TENANT}"' in here
    said = public.get(f"/api/v1/products/?area={TENANT}").json()
    assert [(item["code"], item["price"]) for item in said["items"]] == [(both.product.code, "23.00")]
    assert [(one["value"], one["count"]) for one in public.get("/api/v1/products/").json()["facets"]["areas"]] == [
        (TENANT, 1), (OTHER, 2),
    ]  # fmt: skip
    assert public.get(f"/products/?area={FAR}").status_code == 400
    choose()
    assert "送达地区" not in public.get("/products/").content.decode()


def test_only_the_prefecture_of_the_mall_can_be_chosen_and_the_choice_is_journalled() -> None:
    make_offer()
    with tenant_selected(TENANT), region_as("yz_mall"):
        assert set(choosable_areas()) == {"990000", OTHER}
    for wrong in (FAR, "650000", "123456"):
        with pytest.raises(InvalidInput):
            choose(OTHER, wrong)
    choose(TENANT, OTHER)
    with tenant_selected(TENANT):
        [row] = JournalEntry.objects.filter(event="storefront.shelf_chosen")
        assert row.facts["more_areas"] == [OTHER]


def test_a_cart_is_for_one_area_and_follows_the_bureau() -> None:
    offer = make_offer(price="20.00", areas=((TENANT, "0.00", "3.00"), (OTHER, "8.00", "1.00")))
    only_here = make_offer(price="5.00", areas=((TENANT, "0.00", "0.00"),))
    choose(OTHER)
    add(offer, 2)
    add(only_here)
    with tenant_selected(TENANT), region_as("yz_mall"):
        assert selectors.cart_for(actor=clerk(), unit_id=UNIT).total_amount == D("51.00")
        services.deliver_to(actor=clerk(), unit_id=UNIT, area_code=OTHER, now=utc_now())
        cart = selectors.cart_for(actor=clerk(), unit_id=UNIT)
        assert (cart.area_code, cart.total_amount) == (OTHER, D("50.00"))
        assert [supplier.can_check_out for supplier in cart.suppliers] == [True, False], "not delivered there"
        with pytest.raises(AreaNotServed):
            services.deliver_to(actor=clerk(), unit_id=UNIT, area_code=FAR, now=utc_now())
    with tenant_selected(TENANT), region_as("yz_mall"):
        assert selectors.order_area(area=OTHER) == OTHER
    choose()
    with tenant_selected(TENANT), region_as("yz_mall"), pytest.raises(AreaNotServed):
        selectors.order_area(area=OTHER)


@pytest.fixture
def shop() -> Shop:
    return make_shop(TENANT)


def test_an_order_is_placed_for_the_area_of_its_cart_with_the_freight_there(shop: Shop) -> None:
    offer: Offer = make_offer(
        supplier=shop.supplier, price="20.00", areas=((TENANT, "0.00", "0.00"), (OTHER, "8.00", "1.00"))
    )
    choose(OTHER)
    shop.fill_cart(quantity=2, offer=offer)
    client = sign_in(Client(), shop.people[Post.BUYER_CLERK], TENANT)
    assert client.post("/cart/area/", {"unit_id": shop.unit_id, "area_code": OTHER}).status_code == 303
    page = client.get(f"/checkout/{shop.supplier.pk}/?unit={shop.unit_id}").content.decode()
    assert f'name="area_code" value="{OTHER}"' in page
    body = {
        "unit_id": shop.unit_id, "supplier_id": shop.supplier.pk, "delivery_address": "测试路1号",
        "contact_name": "张三", "contact_phone": "0991-1234567",
        "funding": [{"budget_line_id": shop.line.pk, "amount": "50.00"}],
    }  # fmt: skip
    submit = "/api/v1/supermarket/orders/"
    refused = client.post(submit, body, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (409, "cart-for-another-area")
    made = client.post(submit, {**body, "area_code": OTHER}, content_type="application/json")
    assert made.status_code == 201, made.content.decode()
    with tenant_selected(TENANT):
        order = Order.objects.get()
        assert (order.area_code, order.total_amount) == (OTHER, D("50.00"))
