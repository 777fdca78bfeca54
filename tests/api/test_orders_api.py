"""The API of orders and the supermarket: same services as the pages, bad input refused, nothing changed on refusal."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest
from django.test import Client

from kernel.clock import utc_now
from kernel.posts import Post
from shared_apps.products.models import Offer
from tenant_apps.budgets.models import BudgetLine
from tenant_apps.journal.models import JournalEntry
from tenant_apps.orders.models import Order, OrderDecision, OrderLine
from tenant_apps.orders.services import approving, placing
from tenant_apps.storefront.models import CartLine
from tenants.database.context import region_as, tenant_selected
from tests.factories.goods import make_offer
from tests.factories.orders import Shop, make_line, make_shop
from tests.factories.people import sign_in
from tests.factories.statements import counted

SUBMIT = "/api/v1/supermarket/orders/"


@pytest.fixture
def shop() -> Shop:
    return make_shop()


def client_of(shop: Shop, post: Post) -> Client:
    return sign_in(Client(), shop.people[post], shop.tenant)


def post(client: Client, path: str, body: Any, **headers: str) -> Any:
    raw = body if isinstance(body, str | bytes) else json.dumps(body)
    return client.post(path, raw, content_type="application/json", headers=headers)


def body_of(shop: Shop, amount: str = "40.00", **changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "unit_id": shop.unit_id,
        "supplier_id": shop.supplier.pk,
        "funding": [{"budget_line_id": shop.line.pk, "amount": amount}],
        "delivery_address": "测试县文化路1号",
        "contact_name": "王老师",
        "contact_phone": "13900000000",
    }
    return values | changes


def rows(shop: Shop) -> tuple[int, ...]:
    with tenant_selected(shop.tenant):
        return (
            Order.objects.count(),
            OrderLine.objects.count(),
            OrderDecision.objects.count(),
            CartLine.objects.count(),
            JournalEntry.objects.filter(object_type="order").count(),
            *Order.objects.order_by("id").values_list("version", flat=True),
        )


def test_an_order_goes_from_the_cart_to_placed(shop: Shop) -> None:
    shop.fill_cart()
    clerk, approver = client_of(shop, Post.BUYER_CLERK), client_of(shop, Post.BUYER_APPROVER)
    made = post(clerk, SUBMIT, body_of(shop), **{"Idempotency-Key": "order-0001"})
    assert made.status_code == 201, made.content.decode()
    order = made.json()
    assert (order["state"], order["state_label"], order["total_amount"]) == ("pending_approval", "待审批", "40.00")
    again = post(clerk, SUBMIT, body_of(shop), **{"Idempotency-Key": "order-0001"})
    assert (again.status_code, again.json()["id"]) == (201, order["id"])
    assert rows(shop)[0] == 1

    listed = clerk.get("/api/v1/orders/?state=pending_approval").json()
    assert [one["number"] for one in listed["orders"]] == [order["number"]]
    assert listed["next_after"] is None

    detail = approver.get(f"/api/v1/orders/{order['id']}/").json()
    assert detail["actions"] == ["approve", "send_back", "reject"]
    assert [line["amount"] for line in detail["lines"]] == ["40.00"]
    assert all(decision["allowed"] and decision["reason"] for decision in detail["decisions"])
    assert detail["upcoming"] == {"post": "buyer_approver", "due_at": None}

    placed = post(approver, f"/api/v1/orders/{order['id']}/approve/", {"version": 1})
    assert placed.status_code == 200, placed.content.decode()
    assert (placed.json()["state"], placed.json()["version"]) == ("placed", 2)
    with tenant_selected(shop.tenant):
        assert BudgetLine.objects.get(pk=shop.line.pk).frozen == Decimal("40.00")


def test_a_refusal_by_rule_is_kept_even_under_an_idempotency_key(shop: Shop) -> None:
    dear = make_offer(supplier=shop.supplier, price="300000.00")
    rich = make_line(shop.tenant, shop.unit_id, total="900000.00")
    shop.fill_cart(quantity=1, offer=dear)
    clerk = client_of(shop, Post.BUYER_CLERK)
    body = body_of(shop, funding=[{"budget_line_id": rich.pk, "amount": "300000.00"}])
    for key, kept in (("", 12), ("k-refused-1", 24)):
        answer = post(clerk, SUBMIT, body, **({"Idempotency-Key": key} if key else {}))
        assert answer.status_code == 409
        problem = answer.json()
        assert problem["code"] == "rule-refused"
        assert problem["facts"]["refused"] == ["R-DECENTRALISED"]
        with tenant_selected(shop.tenant):
            assert OrderDecision.objects.filter(order=None).count() == kept
            assert Order.objects.count() == 0
            assert CartLine.objects.count() == 1


def test_reject_and_withdraw(shop: Shop) -> None:
    first, second = shop.submit(), shop.submit()
    approver, clerk = client_of(shop, Post.BUYER_APPROVER), client_of(shop, Post.BUYER_CLERK)
    rejected = post(approver, f"/api/v1/orders/{first.pk}/reject/", {"reason": "本月不采购"})
    assert (rejected.status_code, rejected.json()["state"]) == (200, "rejected")
    withdrawn = post(clerk, f"/api/v1/orders/{second.pk}/withdraw/", {})
    assert (withdrawn.status_code, withdrawn.json()["state"]) == (200, "withdrawn")


def test_the_list_is_paged_by_key_and_searched(shop: Shop) -> None:
    orders = [shop.submit() for _ in range(22)]
    clerk = client_of(shop, Post.BUYER_CLERK)
    first = clerk.get("/api/v1/orders/").json()
    assert [one["id"] for one in first["orders"]] == [order.pk for order in reversed(orders[2:])]
    last = clerk.get(f"/api/v1/orders/?after={first['next_after']}").json()
    assert ([one["id"] for one in last["orders"]], last["next_after"]) == ([orders[1].pk, orders[0].pk], None)
    found = clerk.get(f"/api/v1/orders/?search={orders[3].number}").json()
    assert [one["id"] for one in found["orders"]] == [orders[3].pk]
    assert clerk.get("/api/v1/orders/?search=不存在的供应商").json()["orders"] == []


# -- who -------------------------------------------------------------------------------------------------------------
def test_strangers_get_the_answer_for_absent_orders(shop: Shop) -> None:
    order = shop.submit()
    other = make_shop("990002")
    stranger = sign_in(Client(), shop.hire("外人"), None)
    for caller, expected in (
        (client_of(shop, Post.SUPPLIER_SALES), 404),  # not placed yet
        (client_of(other, Post.BUYER_CLERK), 404),  # another county's clerk, on that county's own host
        (Client(HTTP_HOST=f"{shop.tenant}.localhost"), 401),
        (stranger, 404),  # the region's host has no orders
    ):
        assert caller.get(f"/api/v1/orders/{order.pk}/").status_code == expected
    clerk = client_of(shop, Post.BUYER_CLERK)
    absent = clerk.get(f"/api/v1/orders/{order.pk + 1}/")
    assert (absent.status_code, absent.json()["code"]) == (404, "not-found")
    for huge in (2**63, 10**30):
        assert clerk.get(f"/api/v1/orders/{huge}/").status_code == 404


def test_the_supplier_sees_a_placed_order_without_the_buyers_side(shop: Shop) -> None:
    order = shop.place()
    detail = client_of(shop, Post.SUPPLIER_SALES).get(f"/api/v1/orders/{order.pk}/").json()
    assert detail["order"]["state"] == "placed"
    assert (detail["funding"], detail["decisions"]) == ([], [])
    assert set(detail["actions"]) == {"accept", "decline"}


@pytest.mark.parametrize("post_name", [Post.BUYER_CLERK, Post.BUYER_ACCEPTOR, Post.SUPPLIER_SALES])
def test_only_approvers_reach_the_approval(shop: Shop, post_name: Post) -> None:
    order = shop.submit()
    before = rows(shop)
    answer = post(client_of(shop, post_name), f"/api/v1/orders/{order.pk}/approve/", {})
    assert (answer.status_code, answer.json()["code"]) == (403, "not-permitted")
    assert rows(shop) == before


# -- bad input -------------------------------------------------------------------------------------------------------
BAD_BODIES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "amount 0": lambda b: b | {"funding": [b["funding"][0] | {"amount": "0"}]},
    "amount -1": lambda b: b | {"funding": [b["funding"][0] | {"amount": "-1"}]},
    "amount 1e999": lambda b: json.dumps(b).replace('"40.00"', "1e999"),
    "amount NaN": lambda b: json.dumps(b).replace('"40.00"', "NaN"),
    "amount 1_000": lambda b: b | {"funding": [b["funding"][0] | {"amount": "1_000"}]},
    "amount three places": lambda b: b | {"funding": [b["funding"][0] | {"amount": "40.001"}]},
    "amount full width": lambda b: b | {"funding": [b["funding"][0] | {"amount": "４０"}]},
    "amount 10^30": lambda b: b | {"funding": [b["funding"][0] | {"amount": "1" + "0" * 30}]},
    "amount float": lambda b: json.dumps(b).replace('"40.00"', "40.000001"),
    "no funding": lambda b: b | {"funding": []},
    "funding not a list": lambda b: b | {"funding": {"a": 1}},
    "line twice": lambda b: b | {"funding": b["funding"] * 2},
    "21 lines": lambda b: b | {"funding": [{"budget_line_id": n, "amount": "1"} for n in range(1, 22)]},
    "unit -1": lambda b: b | {"unit_id": -1},
    "unit 2^63": lambda b: b | {"unit_id": 2**63},
    "unit true": lambda b: b | {"unit_id": True},
    "supplier missing": lambda b: {k: v for k, v in b.items() if k != "supplier_id"},
    "unknown field": lambda b: b | {"total_amount": "1.00"},
    "unknown mode": lambda b: b | {"mode": "lottery"},
    "NUL": lambda b: b | {"delivery_address": "a\x00b"},
    "lone surrogate": lambda b: json.dumps(b).replace("13900000000", "\\ud800"),
    "bidi": lambda b: b | {"contact_name": "a\u202eb"},
    "phone": lambda b: b | {"contact_phone": "call me"},
    "address too long": lambda b: b | {"delivery_address": "路" * 201},
    "address empty": lambda b: b | {"delivery_address": "  "},
    "duplicate key": lambda b: json.dumps(b)[:-1] + ', "unit_id": 1}',
    "deep": lambda b: '{"unit_id": ' + "[" * 100_000 + "]" * 100_000 + "}",
    "not an object": lambda b: "[1]",
    "not JSON": lambda b: "{",
    "broken UTF-8": lambda b: b'{"unit_id": "\xff"}',
}


@pytest.mark.parametrize("case", BAD_BODIES)
def test_bad_input_to_submit_is_a_clear_problem_and_stores_nothing(bad_shop: tuple[Shop, Client], case: str) -> None:
    shop, clerk = bad_shop
    before = rows(shop)
    answer = post(clerk, SUBMIT, BAD_BODIES[case](body_of(shop)))
    assert answer.status_code == 400, answer.content.decode()
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] in {"invalid-input", "malformed-input"}
    assert rows(shop) == before


@pytest.fixture
def bad_shop(shop: Shop) -> tuple[Shop, Client]:
    shop.fill_cart()
    return shop, client_of(shop, Post.BUYER_CLERK)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("approve", {"version": 0}),
        ("approve", {"version": -1}),
        ("approve", {"version": 2**31}),
        ("approve", {"version": "１"}),
        ("approve", {"version": 1.0}),
        ("approve", {"unknown": 1}),
        ("approve", "[]"),
        ("approve", '{"version": 1, "version": 1}'),
        ("approve", '{"version": NaN}'),
        ("reject", {}),
        ("reject", {"reason": ""}),
        ("reject", {"reason": "   "}),
        ("reject", {"reason": "x" * 301}),
        ("reject", {"reason": "a\x00"}),
        ("reject", {"reason": ["x"]}),
        ("reject", '{"reason": "\\udfff"}'),
        ("withdraw", {"version": "1_0"}),
        ("withdraw", {"reason": "x"}),
        ("withdraw", "null"),
    ],
)
def test_bad_input_to_a_step_changes_nothing(shop: Shop, path: str, body: Any) -> None:
    order = shop.submit()
    caller = client_of(shop, Post.BUYER_CLERK if path == "withdraw" else Post.BUYER_APPROVER)
    before = rows(shop)
    answer = post(caller, f"/api/v1/orders/{order.pk}/{path}/", body)
    assert answer.status_code == 400, answer.content.decode()
    assert rows(shop) == before


@pytest.mark.parametrize(
    "query", ["state=perhaps", "after=0", "after=-1", "after=1e3", "after=９", "search=" + "x" * 61, "unknown=1"]
)
def test_a_bad_query_is_refused(shop: Shop, query: str) -> None:
    answer = client_of(shop, Post.BUYER_CLERK).get(f"/api/v1/orders/?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid-input")


# -- the same service, and how many statements -----------------------------------------------------------------------
def test_page_and_api_call_the_same_services(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[str, str]] = []
    channel = "api"

    def spy(where: ModuleType, name: str) -> None:
        real = getattr(where, name)

        def wrapped(**arguments: Any) -> Any:
            calls.append((channel, name))
            return real(**arguments)

        monkeypatch.setattr(where, name, wrapped)

    spy(placing, "submit")
    for name in ("approve", "reject", "withdraw"):
        spy(approving, name)
    clerk, approver = client_of(shop, Post.BUYER_CLERK), client_of(shop, Post.BUYER_APPROVER)
    numbers = []
    for _ in range(3):
        shop.fill_cart()
        numbers.append(post(clerk, SUBMIT, body_of(shop)).json()["id"])
    post(approver, f"/api/v1/orders/{numbers[0]}/approve/", {})
    post(approver, f"/api/v1/orders/{numbers[1]}/reject/", {"reason": "x"})
    post(clerk, f"/api/v1/orders/{numbers[2]}/withdraw/", {})
    by_api = [name for _, name in calls]
    calls.clear()
    channel = "page"
    numbers = []
    for _ in range(3):
        shop.fill_cart()
        form = {k: v for k, v in body_of(shop).items() if k != "funding"} | {
            f"amount_{shop.line.pk}": "40.00",
            "mode": "direct",
        }
        answer = clerk.post(f"/checkout/{shop.supplier.pk}/", form)
        assert answer.status_code == 303, answer.content.decode()
        numbers.append(int(answer["Location"].rstrip("/").rsplit("/", 1)[1]))
    approver.post(f"/orders/{numbers[0]}/approve/", {"version": "1"})
    approver.post(f"/orders/{numbers[1]}/reject/", {"reason": "x", "version": "1"})
    clerk.post(f"/orders/{numbers[2]}/withdraw/", {"version": "1"})
    assert [name for _, name in calls] == by_api == ["submit", "submit", "submit", "approve", "reject", "withdraw"]


def test_statements_of_submit_and_approve_over_http(shop: Shop) -> None:
    clerk, approver = client_of(shop, Post.BUYER_CLERK), client_of(shop, Post.BUYER_APPROVER)
    shop.fill_cart()
    warm = post(clerk, SUBMIT, body_of(shop)).json()["id"]
    # The calendar is read once a minute and process, by the first approval; the rules by a submission of every 5 s.
    assert post(approver, f"/api/v1/orders/{warm}/approve/", {}).status_code == 200
    shop.fill_cart()
    with counted() as submitting:
        made = post(clerk, SUBMIT, body_of(shop))
    assert made.status_code == 201
    shop.fill_cart()
    with counted() as keyed:
        assert post(clerk, SUBMIT, body_of(shop), **{"Idempotency-Key": "statements-1"}).status_code == 201
    first = made.json()["id"]
    with counted() as deciding:
        placed = post(approver, f"/api/v1/orders/{first}/approve/", {})
    assert placed.status_code == 200
    assert len(submitting) == 10, "\n".join(submitting)
    assert len(deciding) == 11, "\n".join(deciding)
    # The idempotency key adds its claim and its answer.
    assert len(keyed) == 12, "\n".join(keyed)


def test_an_offer_that_changed_under_the_approval_is_told_with_its_remedy(shop: Shop) -> None:
    order = shop.submit()
    with region_as("yz_region"):
        Offer.objects.filter(pk=shop.offer.pk).update(
            price=Decimal("25.00"), reference_price=Decimal("30.00"), updated_at=utc_now()
        )
    answer = post(client_of(shop, Post.BUYER_APPROVER), f"/api/v1/orders/{order.pk}/approve/", {})
    assert answer.status_code == 409
    decisions = {one["rule"]: one for one in answer.json()["facts"]["decisions"]}
    assert not decisions["R-OFFER"]["allowed"]
    assert decisions["R-OFFER"]["remedy"]
    with tenant_selected(shop.tenant):
        assert OrderDecision.objects.filter(order=order, occasion="approve").count() == 11
