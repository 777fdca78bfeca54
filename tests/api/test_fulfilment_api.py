"""The API of the steps after placing: same services as the pages, bad input refused, statements counted."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from kernel.clock import utc_now
from kernel.posts import Post
from tenant_apps.budgets.models import BudgetEntry
from tenant_apps.journal.models import JournalEntry
from tenant_apps.orders.models import AcceptanceCertificate, Order, Shipment
from tenant_apps.orders.services import ending, fulfilment
from tenant_apps.payments import services as payments
from tenant_apps.payments.models import PaymentInstruction
from tenants.database.context import region_as, tenant_selected
from tests.factories import fulfilment as made
from tests.factories.orders import Shop, make_shop
from tests.factories.people import sign_in
from tests.factories.statements import counted

MET = {"technical_met": True, "service_met": True, "safety_met": True}
SHIP = {"carrier": "测试物流", "waybill": "YD0001"}
ONE_OF_TWO = {"line": 1, "accepted": 1, "refused": 1, "reason": "破损"}
PAY = {"payee_bank": "测试银行", "payee_account": made.GOOD_ACCOUNT}


@pytest.fixture
def shop() -> Shop:
    return make_shop()


def client_of(shop: Shop, post: Post) -> Client:
    return sign_in(Client(), shop.people[post], shop.tenant)


def post(client: Client, order_id: int, step: str, body: Any = None, **headers: str) -> Any:
    raw = body if isinstance(body, str | bytes) else json.dumps(body or {})
    path = f"/api/v1/orders/{order_id}/{step}/"
    return client.post(path, raw, content_type="application/json", headers=headers)


def bring(shop: Shop, maker: Callable[[Shop], Any]) -> Order:
    with tenant_selected(shop.tenant), region_as("yz_mall"):
        found = maker(shop)
        return found if isinstance(found, Order) else Order.objects.get(pk=found.order_id)


def rows(shop: Shop) -> tuple[Any, ...]:
    with tenant_selected(shop.tenant):
        return (
            Shipment.objects.count(),
            AcceptanceCertificate.objects.count(),
            PaymentInstruction.objects.count(),
            BudgetEntry.objects.count(),
            JournalEntry.objects.filter(object_type="order").count(),
            *Order.objects.order_by("id").values_list("state", "version"),
        )


def test_an_order_goes_its_whole_way_over_the_api(shop: Shop) -> None:
    order = shop.place()
    seller, acceptor = client_of(shop, Post.SUPPLIER_SALES), client_of(shop, Post.BUYER_ACCEPTOR)
    payer, clerk = client_of(shop, Post.BUYER_PAYER), client_of(shop, Post.BUYER_CLERK)
    accepted = post(seller, order.pk, "accept", {"version": 2})
    assert (accepted.status_code, accepted.json()["state"]) == (200, "accepted")
    assert post(seller, order.pk, "ship", SHIP | {"expected_on": "2026-12-01"}).json()["state"] == "shipped"
    taken = post(acceptor, order.pk, "accept-goods", MET | {"remark": "数量相符"})
    assert taken.json()["state"] == "goods_accepted"
    asked = post(payer, order.pk, "request-payment", PAY, **{"Idempotency-Key": "pay-0001"})
    assert (asked.status_code, asked.json()["state"], asked.json()["amount"]) == (201, "requested", "40.00")
    again = post(payer, order.pk, "request-payment", PAY, **{"Idempotency-Key": "pay-0001"})
    assert (again.status_code, again.json()) == (201, asked.json())
    assert again.headers["Idempotent-Replay"] == "true"
    key = asked.json()["id"]
    with tenant_selected(shop.tenant), region_as("yz_mall"):
        made.settle(start=utc_now() + timedelta(seconds=1), minutes=3)
    seen = payer.get(f"/api/v1/payments/{key}/").json()
    assert (seen["state"], seen["payee_account"], seen["simulated"]) == ("confirmed", made.GOOD_ACCOUNT, True)
    # The supplier sees its payment, with the account's last digits only.
    assert seller.get(f"/api/v1/payments/{key}/").json()["payee_account"] == "**** 2200"
    assert [one["id"] for one in seller.get("/api/v1/payments/?state=confirmed").json()["instructions"]] == [key]
    assert post(clerk, order.pk, "close").json()["state"] == "closed"


def test_strangers_get_the_answer_for_absent_things(shop: Shop) -> None:
    order = bring(shop, made.requested)
    with tenant_selected(shop.tenant):
        key = PaymentInstruction.objects.get().pk
    other = make_shop("990002")
    for name in (Post.SUPPLIER_SALES, Post.BUYER_PAYER):
        stranger = client_of(other, name)
        assert stranger.get(f"/api/v1/payments/{key}/").status_code == 404
        assert stranger.get("/api/v1/payments/").json()["instructions"] == []
    assert post(client_of(other, Post.SUPPLIER_SALES), order.pk, "accept").status_code == 404
    assert client_of(shop, Post.BUYER_PAYER).get(f"/api/v1/payments/{key + 1}/").status_code == 404


STEPS: list[tuple[str, Post, Callable[[Shop], Any], dict[str, Any]]] = [
    ("accept", Post.SUPPLIER_SALES, lambda shop: shop.place(), {}),
    ("decline", Post.SUPPLIER_SALES, lambda shop: shop.place(), {"reason": "缺货"}),
    ("ship", Post.SUPPLIER_SALES, made.accepted, SHIP),
    ("ask-to-cancel", Post.BUYER_CLERK, made.accepted, {"reason": "重复"}),
    ("accept-goods", Post.BUYER_ACCEPTOR, made.shipped, MET),
    ("refuse-goods", Post.BUYER_ACCEPTOR, made.shipped, {**MET, "safety_met": False, "reason": "破损"}),
    ("accept-part", Post.BUYER_ACCEPTOR, made.shipped, {**MET, "technical_met": False, "lines": [ONE_OF_TWO]}),
    ("ask-to-cancel-rest", Post.SUPPLIER_SALES, made.partly_accepted, {"reason": "停产"}),
    ("cancel-rest", Post.BUYER_CLERK, made.rest_asked, {}),
    ("return-goods", Post.SUPPLIER_SALES, made.goods_refused, {}),
    ("terminate", Post.BUYER_CLERK, made.returned, {"reason": "不再需要"}),
    ("request-payment", Post.BUYER_PAYER, made.goods_accepted, PAY),
    ("close", Post.BUYER_CLERK, made.paid, {}),
]
# Statements of each step over HTTP, transaction control and the idempotency key's three left out.
# One of them asks whether a condition of the mall comes first: a contract where an order is accepted, an invoice where
# goods are.
STATEMENTS = {
    "accept": 9,
    "decline": 12,
    "ship": 9,
    "ask-to-cancel": 6,
    "accept-goods": 11,
    "accept-part": 10,
    "refuse-goods": 10,
    "ask-to-cancel-rest": 5,
    "cancel-rest": 14,
    "return-goods": 7,
    "terminate": 11,
    "request-payment": 9,
    "close": 5,
}


@pytest.mark.parametrize(("step", "who", "maker", "body"), STEPS, ids=[step for step, *_ in STEPS])
def test_each_step_stays_within_its_statements(
    shop: Shop, step: str, who: Post, maker: Callable[[Shop], Any], body: dict[str, Any]
) -> None:
    order = bring(shop, maker)
    caller = client_of(shop, who)
    caller.get(f"/api/v1/orders/{order.pk}/")
    with counted() as found:
        answer = post(caller, order.pk, step, body)
    assert answer.status_code in {200, 201}, answer.content.decode()
    assert len(found) == STATEMENTS[step], "\n".join(found)


@pytest.mark.parametrize(("step", "who", "maker", "body"), STEPS, ids=[step for step, *_ in STEPS])
def test_other_posts_are_refused_and_nothing_changes(
    shop: Shop, step: str, who: Post, maker: Callable[[Shop], Any], body: dict[str, Any]
) -> None:
    order = bring(shop, maker)
    before = rows(shop)
    unit_administrator = client_of(shop, Post.UNIT_ADMINISTRATOR)
    assert post(unit_administrator, order.pk, step, body).status_code == 403
    assert post(Client(HTTP_HOST=f"{shop.tenant}.localhost"), order.pk, step, body).status_code == 401
    assert rows(shop) == before


# -- bad input ---------------------------------------------------------------------------------------------------------
BAD_ANYWHERE: list[Any] = [
    {"unknown": 1},
    {"version": 0},
    {"version": -1},
    {"version": 2**31},
    {"version": "1_0"},
    {"version": "１"},
    {"version": True},
    "[]",
    "null",
    "{",
    '{"version": 1, "version": 1}',
    '{"version": NaN}',
    '{"version": 1e999}',
    '{"version": ' + "[" * 1000 + "]" * 1000 + "}",
    b'{"reason": "\xff"}',
]
BAD: dict[str, list[dict[str, Any]]] = {
    "accept": [{"reason": "x"}],
    "decline": [{"reason": ""}, {"reason": "  "}, {"reason": "x" * 301}, {"reason": ["x"]}, {"reason": "a\x00"}],
    "ship": [
        {"carrier": ""},
        {"waybill": ""},
        {"waybill": "单号"},
        {"waybill": "1" * 61},
        {"carrier": "a\u202eb"},
        {"expected_on": "2026-02-30"},
        {"expected_on": "0000-01-01"},
        {"expected_on": 5},
        {"note": "x" * 301},
        {"lines": []},
    ],
    "ask-to-cancel": [{"reason": ""}],
    "accept-goods": [
        {"technical_met": "yes"},
        {"service_met": 1},
        {"safety_met": None},
        {"safety_met": False},
        {"technical_met": []},
        {"remark": "x" * 301},
        {"quantities": [{"line": 1, "accepted": 0}]},
    ],
    "accept-part": [
        {"lines": []},
        {"lines": "x"},
        {"lines": [{"line": 2, "accepted": 1, "refused": 1, "reason": "破损"}]},
        {"lines": [{"line": 1, "accepted": 2, "refused": 1, "reason": "破损"}]},
        {"lines": [{"line": 1, "accepted": 1, "refused": 1}]},
        {"lines": [{"line": 1, "accepted": -1, "refused": 3, "reason": "破损"}]},
        {"lines": [ONE_OF_TWO, ONE_OF_TWO]},
        {"shipment_id": 0},
        {"remark": "x" * 301},
    ],
    "ask-to-cancel-rest": [{"reason": ""}],
    "cancel-rest": [{"reason": "x"}],
    "refuse-goods": [{"reason": ""}, {"reason": "x" * 301}, {"technical_met": "maybe"}],
    "return-goods": [{"reason": "x"}],
    "terminate": [{"reason": ""}],
    "request-payment": [
        {"payee_account": "1234567"},
        {"payee_account": "1" * 33},
        {"payee_account": "6501 0000 1111"},
        {"payee_account": "６５０１００００１１１１"},
        {"payee_account": 6501000011112200},
        {"payee_account": None},
        {"payee_bank": ""},
        {"payee_bank": "x" * 81},
        {"amount": "0.01"},
        {"payee_name": "别人"},
    ],
    "close": [{"reason": "x"}],
}


@pytest.mark.parametrize(("step", "who", "maker", "body"), STEPS, ids=[step for step, *_ in STEPS])
def test_bad_input_is_a_clear_problem_and_changes_nothing(
    shop: Shop, step: str, who: Post, maker: Callable[[Shop], Any], body: dict[str, Any]
) -> None:
    order = bring(shop, maker)
    caller = client_of(shop, who)
    before = rows(shop)
    cases: list[Any] = [case if isinstance(case, str | bytes) else body | case for case in BAD_ANYWHERE]
    cases += [body | case for case in BAD[step]]
    cases += [{key: value for key, value in body.items() if key != left_out} for left_out in body]
    for case in cases:
        answer = post(caller, order.pk, step, case)
        assert answer.status_code == 400, (case, answer.content.decode())
        assert answer.json()["code"] in {"invalid-input", "malformed-input"}
    assert post(caller, order.pk, step, body | {"version": order.version + 1}).json()["code"] == "order-changed"
    assert rows(shop) == before


@pytest.mark.parametrize("query", ["state=perhaps", "after=0", "after=1e3", "after=９", "unknown=1"])
def test_a_bad_query_of_the_payments_is_refused(shop: Shop, query: str) -> None:
    answer = client_of(shop, Post.BUYER_PAYER).get(f"/api/v1/payments/?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid-input")


# -- the same service --------------------------------------------------------------------------------------------------
def form_of(body: dict[str, Any]) -> dict[str, str]:
    """The same input as a form sends it: an unticked box sends nothing, rows are written lines[0]quantity."""
    form = {key: "true" if value is True else str(value) for key, value in body.items() if value is not False}
    for index, row in enumerate(body.get("lines", ())):
        form |= {f"lines[{index}]{key}": str(value) for key, value in row.items()}
    return {key: value for key, value in form.items() if key != "lines"}


@pytest.mark.parametrize(("step", "who", "maker", "body"), STEPS, ids=[step for step, *_ in STEPS])
def test_page_and_api_call_the_same_service(
    shop: Shop,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    who: Post,
    maker: Callable[[Shop], Any],
    body: dict[str, Any],
) -> None:
    calls: list[tuple[str, dict[str, Any]]] = []
    for module in (fulfilment, ending, payments):
        name = step.replace("-", "_")
        if hasattr(module, name):
            real = getattr(module, name)

            def spy(*, _real: Any = real, _name: str = name, **arguments: Any) -> Any:
                given = {key: value for key, value in arguments.items() if key not in {"actor", "now", "order_id"}}
                calls.append((_name, {k: v for k, v in given.items() if v not in (None, "")}))
                return _real(**arguments)

            monkeypatch.setattr(module, name, spy)
    first, second = bring(shop, maker), bring(shop, maker)
    calls.clear()
    caller = client_of(shop, who)
    by_api = post(caller, first.pk, step, body | {"version": first.version})
    assert by_api.status_code in {200, 201}, by_api.content.decode()
    by_page = caller.post(f"/orders/{second.pk}/{step}/", form_of(body | {"version": second.version}))
    assert by_page.status_code == 303, by_page.content.decode()
    assert len(calls) == 2
    assert calls[0] == calls[1]
    with tenant_selected(shop.tenant):
        states = Order.objects.filter(pk__in=[first.pk, second.pk]).values_list("state", "version")
        assert len(set(states)) == 1
