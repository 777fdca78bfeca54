"""Pages of the mall through Django's client: what they show, what they cost, what they refuse."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connections
from django.test import Client

from kernel.actor import SYSTEM
from kernel.clock import utc_now
from kernel.posts import Post
from shared_apps.products.models import Offer
from shared_apps.suppliers.models import Supplier
from tenant_apps.budgets.services import create_unit
from tenant_apps.storefront.models import CartLine, Shelf
from tenants.database.context import region_as, tenant_atomic, tenant_selected
from tests.factories.cast import Cast, build_cast
from tests.factories.goods import make_offer, make_product, make_shelf, make_supplier
from tests.factories.people import grant, host_of, sign_in

TENANT = "990001"


@pytest.fixture
def cast() -> Cast:
    return build_cast(TENANT)


@pytest.fixture
def goods() -> list[Offer]:
    """Two products, three offers of two suppliers, on the shelf."""
    first, second = make_supplier("演示甲供应商"), make_supplier("演示乙供应商")
    sheets = {"paper_size": "A4", "grammage_gsm": 70}
    paper = make_product("天峰 A4 复印纸 70克", attributes=sheets, labels=["environment"])
    pens = make_product("雪岭 中性笔 黑色", category="C-02", brand="雪岭", attributes={"colour": "黑色"})
    make_shelf(TENANT)
    return [
        make_offer(paper, first, price="20.00", reference_price="24.00", areas=(("650000", "6.00", "0.50"),)),
        make_offer(paper, second, price="19.00", reference_price="24.00", min_quantity=5),
        make_offer(pens, first, price="2.50"),
    ]


@pytest.fixture
def public() -> Client:
    return Client(HTTP_HOST=host_of(TENANT))


@pytest.fixture
def clerk(cast: Cast) -> Client:
    return sign_in(Client(), cast.people[Post.BUYER_CLERK], TENANT)


def code_of(offer: Offer) -> str:
    return str(offer.product.code)


def lines() -> list[tuple[int, int]]:
    with tenant_selected(TENANT):
        return list(CartLine.objects.order_by("id").values_list("offer_id", "quantity"))


def statements(client: Client, path: str) -> int:
    client.get(path)  # what is kept for a while in the process is not counted
    seen: list[str] = []

    def count(execute: Callable[..., object], sql: str, *rest: object) -> object:
        seen.append(sql)
        return execute(sql, *rest)

    with connections["default"].execute_wrapper(count), connections["tenant"].execute_wrapper(count):
        assert client.get(path).status_code == 200
    return len(seen)


def test_every_page_stays_within_its_statements(goods: list[Offer], cast: Cast, clerk: Client) -> None:
    code = code_of(goods[0])
    for offer in goods:
        answer = clerk.post(
            f"/products/{offer.product.code}/", {"unit_id": cast.unit_id, "offer_id": offer.pk, "quantity": 5}
        )
        assert answer.status_code == 303
    counts = {
        path: statements(clerk, path)
        for path in ("/", "/products/?q=纸", f"/products/{code}/", f"/compare/?code={code}", "/cart/", "/cart/badge/")
    }
    assert all(count <= 12 for count in counts.values()), counts


def test_the_public_sees_front_page_search_and_product(goods: list[Offer], public: Client) -> None:
    front = public.get("/").content.decode()
    assert "复印纸" in front
    assert "在线超市" in front or "网上超市" in front  # not open here yet
    found = public.get("/products/", {"q": "复印纸"}).content.decode()
    assert "天峰 A4 复印纸 70克" in found
    assert "中性笔" not in found
    page = public.get(f"/products/{code_of(goods[0])}/").content.decode()
    assert "¥19.00" in page
    assert "¥20.50" in page
    assert "¥6.00" in page
    assert 'name="quantity"' not in page
    assert public.get("/cart/").status_code == 302


def test_htmx_gets_the_results_alone(goods: list[Offer], public: Client) -> None:
    fragment = public.get("/products/?q=纸", HTTP_HX_REQUEST="true").content.decode()
    assert fragment.startswith('<div id="results"')
    assert "<html" not in fragment
    restored = public.get("/products/?q=纸", HTTP_HX_REQUEST="true", HTTP_HX_HISTORY_RESTORE_REQUEST="true")
    assert "<html" in restored.content.decode()


def test_an_unchosen_shelf_shows_nothing(public: Client) -> None:
    offer = make_offer()
    assert public.get("/").status_code == 200
    assert public.get("/products/").status_code == 200
    assert public.get(f"/products/{code_of(offer)}/").status_code == 404


def test_pictures_run_nothing_and_are_kept(goods: list[Offer], public: Client) -> None:
    code = code_of(goods[0])
    answer = public.get(f"/pictures/{code}.svg?v=1")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert public.get(f"/pictures/{code}.svg")["Cache-Control"] == "public, no-cache"
    assert public.get(f"/pictures/{code}.svg", HTTP_IF_NONE_MATCH=answer["ETag"]).status_code == 304
    assert public.get("/pictures/none.svg").status_code == 404
    assert Client(HTTP_HOST="localhost").get(f"/pictures/{code}.svg?v=1").status_code == 200


def test_a_clerk_fills_changes_and_empties_the_cart(goods: list[Offer], cast: Cast, clerk: Client) -> None:
    first = goods[0]
    page = f"/products/{code_of(first)}/"
    given = {"unit_id": cast.unit_id, "offer_id": first.pk}
    assert clerk.post(page, {**given, "quantity": 2}).status_code == 303
    assert clerk.post(page, {**given, "quantity": 3}).status_code == 303
    assert lines() == [(first.pk, 5)]
    cart = clerk.get("/cart/").content.decode()
    assert "¥102.50" in cart
    assert "¥108.50" in cart
    assert clerk.get("/cart/badge/").content == b"1"
    assert clerk.post("/cart/quantity/", {**given, "quantity": 7}).status_code == 303
    assert lines() == [(first.pk, 7)]
    assert clerk.post("/cart/remove/", given).status_code == 303
    assert lines() == []
    assert clerk.get("/cart/badge/").content == b""


def test_a_changed_price_is_marked(goods: list[Offer], cast: Cast, clerk: Client) -> None:
    first = goods[0]
    clerk.post(f"/products/{code_of(first)}/", {"unit_id": cast.unit_id, "offer_id": first.pk, "quantity": 1})
    Offer.objects.filter(pk=first.pk).update(price=Decimal("18.00"))
    cart = clerk.get("/cart/").content.decode()
    assert "¥20.50" in cart
    assert "¥18.50" in cart
    Offer.objects.filter(pk=first.pk).update(state="frozen")
    cart = clerk.get("/cart/").content.decode()
    assert "/checkout/" not in cart


def test_packs_are_shown_and_a_wrong_multiple_names_the_next(goods: list[Offer], cast: Cast, clerk: Client) -> None:
    first = goods[0]
    code, given = code_of(first), {"unit_id": cast.unit_id, "offer_id": first.pk}
    clerk.post(f"/products/{code}/", {**given, "quantity": 5})
    Offer.objects.filter(pk=first.pk).update(pack_quantity=4)
    assert "按 4 包的整数倍订购" in clerk.get(f"/products/{code}/").content.decode()
    refused = clerk.post(f"/products/{code}/", {**given, "quantity": 1})
    assert (refused.status_code, "最接近的可订数量为 4 和 8。" in refused.content.decode()) == (400, True)
    cart = clerk.get("/cart/").content.decode()
    assert ("改为 4 包" in cart, "改为 8 包" in cart, "/checkout/" in cart) == (True, True, False)
    answer = clerk.post("/api/v1/cart/set-quantity/", {**given, "quantity": 6}, content_type="application/json")
    assert (answer.status_code, answer.json()["facts"]["lower"], answer.json()["facts"]["higher"]) == (400, 4, 8)
    assert clerk.post("/cart/quantity/", {**given, "quantity": 8}).status_code == 303
    cart = clerk.get("/cart/").content.decode()
    assert ("改为" in cart, "/checkout/" in cart, lines()) == (False, True, [(first.pk, 8)])
    Offer.objects.filter(product_id=first.product_id).update(pack_quantity=4)
    compared = clerk.get("/compare/", {"code": [code, code_of(goods[2])]}).content.decode()
    assert "最低价报价的包装数" in compared


BAD_QUANTITIES = ["0", "-1", "1e999", "NaN", "1_000", "１", "1.5", "", "9999999"]


@pytest.mark.parametrize("quantity", BAD_QUANTITIES)
def test_a_quantity_that_is_none_is_refused(goods: list[Offer], cast: Cast, clerk: Client, quantity: str) -> None:
    given = {"unit_id": cast.unit_id, "offer_id": goods[0].pk, "quantity": quantity}
    answer = clerk.post(f"/products/{code_of(goods[0])}/", given)
    assert answer.status_code == 400
    assert 'id="offers"' in answer.content.decode()
    assert lines() == []


def test_strangers_offers_and_strangers_units_are_not_found(goods: list[Offer], cast: Cast, clerk: Client) -> None:
    page = f"/products/{code_of(goods[0])}/"
    given = {"unit_id": cast.unit_id, "offer_id": goods[0].pk, "quantity": "1"}
    assert clerk.post(page, {**given, "offer_id": 999_999}).status_code == 404
    assert clerk.post(page, {**given, "unit_id": 999_999}).status_code == 404
    assert clerk.post(page, {**given, "offer_id": goods[1].pk}).status_code == 400  # fewer than the supplier sells
    assert clerk.post("/cart/remove/", {"unit_id": cast.unit_id, "offer_id": goods[0].pk}).status_code == 404
    assert clerk.post(page, {**given, "extra": "1"}).status_code == 400
    assert clerk.post(page, {**given, "quantity": ["1", "2"]}).status_code == 400
    assert clerk.post(page, {**given, "quantity": "1\x00"}).status_code == 400
    assert lines() == []


def test_only_clerks_fill_carts(goods: list[Offer], cast: Cast, public: Client) -> None:
    given = {"unit_id": cast.unit_id, "offer_id": goods[0].pk, "quantity": "1"}
    approver = sign_in(Client(), cast.people[Post.BUYER_APPROVER], TENANT)
    assert approver.post(f"/products/{code_of(goods[0])}/", given).status_code == 403
    assert approver.get("/cart/").status_code == 403
    assert approver.get("/products/").status_code == 200
    assert public.post(f"/products/{code_of(goods[0])}/", given).status_code in {302, 401}
    assert lines() == []


def test_comparison_marks_what_differs(goods: list[Offer], public: Client) -> None:
    codes = [code_of(goods[0]), code_of(goods[2])]
    page = public.get("/compare/", {"code": codes}).content.decode()
    assert page.count("sf-differs-mark") >= 2
    assert public.get("/compare/").status_code == 200
    assert public.get("/compare/", {"code": ["a", "b", "c", "d", "e"]}).status_code == 400
    assert public.get("/compare/", {"code": ["none"]}).status_code == 404


def test_comparison_says_which_suppliers_count_as_one(goods: list[Offer], public: Client, clerk: Client) -> None:
    codes, words = [code_of(goods[0]), code_of(goods[2])], "比价下单时按一家计算"
    first, other = goods[0].supplier, make_supplier("测试关联公司")
    make_offer(goods[2].product, other, price="30.00")
    assert words not in clerk.get("/compare/", {"code": codes}).content.decode()
    with region_as("yz_region"):
        Supplier.objects.filter(pk__in=[first.pk, other.pk]).update(phone_key="09975551234")
    page = clerk.get("/compare/", {"code": codes}).content.decode()
    pair = sorted([first, other], key=lambda one: one.pk)
    assert f"{words}：{pair[0].name} — {pair[1].name}。" in page
    assert "09975551234" not in page
    assert words not in public.get("/compare/", {"code": codes}).content.decode(), "said to those who buy"


def test_the_bureau_chooses_the_shelf(goods: list[Offer], cast: Cast, public: Client) -> None:
    bureau = sign_in(Client(), cast.people[Post.TIER_SUPERVISOR], TENANT)
    page = bureau.get("/bureau/shelf/").content.decode()
    assert "演示甲供应商" in page
    chosen = {"categories": ["C-02"], "version": "1"}
    assert bureau.post("/bureau/shelf/", {**chosen, "version": "0"}).status_code == 409
    assert bureau.post("/bureau/shelf/", chosen).status_code == 303
    assert public.get(f"/products/{code_of(goods[0])}/").status_code == 404
    assert public.get(f"/products/{code_of(goods[2])}/").status_code == 200
    for bad in ({"categories": ["C-99"]}, {}, {"categories": ["C-02"], "excluded_supplier_ids": ["999999"]}):
        assert bureau.post("/bureau/shelf/", bad).status_code == 400
    with tenant_selected(TENANT):
        assert Shelf.objects.get().version == 2


@pytest.mark.parametrize("query", ["sort=x", "price=1", "after=x", "q=a&q=b", "x=1", "supplier=0", "label=x", "size=0"])
def test_a_query_that_is_none_is_refused(public: Client, query: str) -> None:
    assert public.get(f"/products/?{query}").status_code == 400


def test_the_region_shows_its_libraries(goods: list[Offer]) -> None:
    region = Client(HTTP_HOST="localhost")
    page = region.get("/library/products/", {"q": "复印纸"}).content.decode()
    assert "天峰 A4 复印纸 70克" in page
    assert "中性笔" not in page
    suppliers = region.get("/library/suppliers/", {"q": "演示甲"}).content.decode()
    assert "演示甲供应商" in suppliers
    assert "测试法人" not in suppliers


def test_a_clerk_of_two_units_chooses_one(goods: list[Offer], cast: Cast) -> None:
    with tenant_selected(TENANT), tenant_atomic():
        second = create_unit(
            actor=SYSTEM,
            code="001002",
            name="第二中学（测试）",
            organisation_id=cast.unit_organisation.pk,
            now=utc_now(),
        )
    user = cast.people[Post.BUYER_CLERK]
    grant(TENANT, user, second.id, cast.unit_organisation.pk, Post.BUYER_CLERK)
    clerk = sign_in(Client(), user, TENANT)
    code = code_of(goods[0])
    page = f"/products/{code}/"
    assert "第二中学（测试）" in clerk.get(page).content.decode()
    chosen = clerk.post("/cart/unit/", {"unit_id": second.id, "product_code": code})
    assert (chosen.status_code, chosen["Location"]) == (303, page)
    assert f'name="unit_id" value="{second.id}"' in clerk.get(page).content.decode()
    assert clerk.post("/cart/unit/", {"unit_id": cast.unit_id})["Location"] == "/cart/"
    assert clerk.post("/cart/unit/", {"unit_id": 999_999}).status_code == 404
    assert clerk.post("/cart/unit/", {"unit_id": "1e3"}).status_code == 400
    counts = statements(clerk, page)
    assert counts <= 12
