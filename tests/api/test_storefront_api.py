"""The storefront's API: the same services as the pages, and no wrong word gets through."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest
from django.test import Client

from kernel.posts import Post
from shared_apps.listings.models import PriceReference
from shared_apps.products.models import Offer
from tenant_apps.journal.models import JournalEntry
from tenant_apps.storefront.models import CartLine
from tenants.database.context import region_as, tenant_selected
from tests.factories.cast import Cast, build_cast
from tests.factories.goods import make_offer, make_product, make_shelf, make_supplier
from tests.factories.people import host_of, sign_in

TENANT, OTHER = "990001", "990002"


@pytest.fixture
def cast() -> Cast:
    return build_cast(TENANT)


@pytest.fixture
def clerk(cast: Cast) -> Client:
    return sign_in(Client(), cast.people[Post.BUYER_CLERK], TENANT)


@pytest.fixture
def offer() -> Offer:
    made = make_offer(make_product("天峰 A4 复印纸 70克"), price="20.00", areas=(("650000", "6.00", "0.00"),))
    make_shelf(TENANT)
    return made


def post(client: Client, path: str, body: Any) -> Any:
    data = body if isinstance(body, (str, bytes)) else json.dumps(body)
    return client.post(f"/api/v1/{path}", data=data, content_type="application/json")


def count() -> int:
    with tenant_selected(TENANT):
        return CartLine.objects.count()


def test_search_product_and_comparison_are_public(offer: Offer) -> None:
    client = Client(HTTP_HOST=host_of(TENANT))
    found = client.get("/api/v1/products/", {"q": "复印纸"}).json()
    assert found["total"] == 1
    item = found["items"][0]
    assert (item["price"], item["offers"]) == ("20.00", 1)
    assert found["facets"]["categories"][0]["count"] == 1
    product = client.get(f"/api/v1/products/{item['code']}/").json()
    assert product["offers"][0]["freight"] == "6.00"
    assert product["offers"][0]["offer_id"] == offer.pk
    side = client.get("/api/v1/comparison/", {"code": [item["code"]]}).json()
    assert [one["code"] for one in side] == [item["code"]]
    assert client.get("/api/v1/products/none/").status_code == 404
    assert client.get("/api/v1/products/", {"sort": "x"}).status_code == 400
    assert client.get("/api/v1/cart/").status_code == 401


def test_a_cart_is_filled_changed_and_emptied(offer: Offer, cast: Cast, clerk: Client) -> None:
    line = {"unit_id": cast.unit_id, "offer_id": offer.pk}
    added = post(clerk, "cart/add/", {**line, "quantity": 2})
    assert added.status_code == 200, added.content
    assert added.json()["suppliers"][0]["total_amount"] == "46.00"
    assert post(clerk, "cart/set-quantity/", {**line, "quantity": 3}).json()["total_amount"] == "66.00"
    assert clerk.get("/api/v1/cart/").json()["line_count"] == 1
    assert post(clerk, "cart/remove/", line).json()["line_count"] == 0
    with tenant_selected(TENANT):
        assert not JournalEntry.objects.filter(object_type="cart").exists()


BAD = [0, -1, 1.5, True, None, "1_000", "NaN", "1e999", "１", "", [], {}, 10**6, "1\u0000"]


@pytest.mark.parametrize("quantity", BAD, ids=repr)
@pytest.mark.parametrize("path", ["cart/add/", "cart/set-quantity/"])
def test_a_quantity_that_is_none_changes_nothing(
    offer: Offer, cast: Cast, clerk: Client, path: str, quantity: Any
) -> None:
    answer = post(clerk, path, {"unit_id": cast.unit_id, "offer_id": offer.pk, "quantity": quantity})
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert count() == 0


@pytest.mark.parametrize(
    "body",
    [
        '{"unit_id": %(unit)s, "offer_id": %(offer)s, "quantity": 1, "quantity": 2}',
        '{"unit_id": %(unit)s, "offer_id": %(offer)s, "quantity": NaN}',
        '{"unit_id": %(unit)s, "offer_id": %(offer)s, "quantity": 1e999}',
        '{"unit_id": %(unit)s, "offer_id": %(offer)s, "quantity": "\\ud800"}',
        '{"unit_id": %(unit)s, "offer_id": %(offer)s, "quantity": 1, "extra": ' + "[" * 100 + "]" * 100 + "}",
        '{"unit_id": %(unit)s, "offer_id": %(offer)s, "quantity": 1, "price": "0.01"}',
        '{"unit_id": %(unit)s}',
        "[]",
        "{",
        "",
    ],
)
@pytest.mark.parametrize("path", ["cart/add/", "cart/set-quantity/", "cart/remove/"])
def test_a_body_that_cannot_be_read_changes_nothing(
    offer: Offer, cast: Cast, clerk: Client, path: str, body: str
) -> None:
    answer = post(clerk, path, body.replace("%(unit)s", str(cast.unit_id)).replace("%(offer)s", str(offer.pk)))
    assert answer.status_code == 400
    assert count() == 0


@pytest.mark.parametrize(
    "body",
    [
        {"categories": ["C-99"]},
        {"categories": []},
        {"categories": ["C-01"], "excluded_supplier_ids": [999_999]},
        {"categories": ["C-01"], "excluded_supplier_ids": [-1]},
        {"categories": ["C-01\u0000"]},
        {"categories": "C-01"},
        {"categories": ["C-01"], "version": -1},
        {"categories": ["C-01"], "extra": 1},
    ],
)
def test_a_shelf_that_cannot_be_changes_nothing(offer: Offer, cast: Cast, body: dict[str, Any]) -> None:
    operator = sign_in(Client(), cast.people[Post.CPB_OPERATOR], TENANT)
    with tenant_selected(TENANT):
        before = JournalEntry.objects.count()
    assert post(operator, "shelf/", body).status_code == 400
    with tenant_selected(TENANT):
        assert JournalEntry.objects.count() == before
    assert operator.get("/api/v1/shelf/").json()["version"] == 1


def test_a_shelf_is_chosen_with_one_row(offer: Offer, cast: Cast) -> None:
    operator = sign_in(Client(), cast.people[Post.CPB_OPERATOR], TENANT)
    with tenant_selected(TENANT):
        before = JournalEntry.objects.count()
    answer = post(operator, "shelf/", {"categories": ["C-01", "C-02"], "version": 1})
    assert answer.status_code == 200, answer.content
    assert answer.json()["version"] == 2
    assert post(operator, "shelf/", {"categories": ["C-01"], "version": 1}).status_code == 409
    with tenant_selected(TENANT):
        assert JournalEntry.objects.count() == before + 1


def test_who_may_not_write(offer: Offer, cast: Cast, clerk: Client) -> None:
    line = {"unit_id": cast.unit_id, "offer_id": offer.pk, "quantity": 1}
    approver = sign_in(Client(), cast.people[Post.BUYER_APPROVER], TENANT)
    assert post(approver, "cart/add/", line).status_code == 403
    assert post(Client(HTTP_HOST=host_of(TENANT)), "cart/add/", line).status_code == 401
    assert post(clerk, "shelf/", {"categories": ["C-01"]}).status_code == 403
    assert post(clerk, "cart/add/", {**line, "unit_id": cast.unit_id + 1000}).status_code == 404
    assert count() == 0


def test_the_other_mall_has_a_shelf_and_carts_of_its_own(offer: Offer, cast: Cast, clerk: Client) -> None:
    post(clerk, "cart/add/", {"unit_id": cast.unit_id, "offer_id": offer.pk, "quantity": 1})
    other = Client(HTTP_HOST=host_of(OTHER))
    assert other.get("/api/v1/products/").json()["total"] == 0
    with tenant_selected(OTHER):
        assert CartLine.objects.count() == 0


def test_what_malls_paid_stands_with_the_product(offer: Offer) -> None:
    mall, region = Client(HTTP_HOST=host_of(TENANT)), Client(HTTP_HOST="localhost")
    code = offer.product.code
    path = f"/api/v1/library/products/{code}/price-reference/"
    assert mall.get(f"/api/v1/products/{code}/").json()["paid"] is None
    assert region.get(path).json() == {"product_code": code, "paid": None}
    with region_as("yz_region"):
        PriceReference.objects.create(
            product_id=offer.product_id, median=D("19.00"), low=D("18.00"), high=D("21.00"), orders=4,
            window_from=date(2026, 5, 1), window_to=date(2026, 10, 28),
        )  # fmt: skip
    paid = {
        "median": "19.00", "low": "18.00", "high": "21.00", "orders": 4, "window_from": "2026-05-01",
        "window_to": "2026-10-28",
    }  # fmt: skip
    assert mall.get(f"/api/v1/products/{code}/").json()["paid"] == paid
    [side] = mall.get("/api/v1/comparison/", {"code": [code]}).json()
    assert side["paid"] == paid
    assert region.get(path).json()["paid"] == paid
    assert region.get("/api/v1/library/products/NONE/price-reference/").status_code == 404


def test_local_approvals_are_exported_as_they_are_listed(offer: Offer, cast: Cast) -> None:
    central = sign_in(Client(), cast.people[Post.CPB_OPERATOR], TENANT)
    body = {"supplier_id": offer.supplier_id, "is_approved": True, "reason": "材料齐全", "version": 0}
    assert post(central, "shelf/approvals/decide/", body).status_code == 200
    other = make_supplier("=另一供应商")
    rows = _rows(central, "")
    assert [(row[1], row[2], row[3]) for row in rows[1:]] == [
        (offer.supplier.uscc, "已准入", "材料齐全"), (other.uscc, "未作意见", ""),
    ]  # fmt: skip
    assert rows[2][0].startswith("'="), "no formula"
    assert len(_rows(central, "?approved=true")) == 2
    assert Client(HTTP_HOST=host_of(TENANT)).get("/bureau/shelf/approvals/suppliers.csv").status_code in {302, 303}


def _rows(client: Client, query: str) -> list[list[str]]:
    answer = client.get(f"/bureau/shelf/approvals/suppliers.csv{query}")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
