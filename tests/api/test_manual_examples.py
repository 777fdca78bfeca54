"""The manual's examples are real: each is called here, and docs/how-to/api.md shows exactly what came of it.

`YZ_WRITE_MANUAL=1 bin/test tests/api/test_manual_examples.py` writes them anew, for the review.
"""

from __future__ import annotations

import difflib
import json
import os
import re
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from kernel.clock import utc_now
from kernel.posts import Post
from shared_apps.accounts.rules import OrganisationKind
from shared_apps.exchange import services, signing
from tenants.database.context import region_as
from tests import manual
from tests.factories.exchange import AREAS, make_seller
from tests.factories.fees import A, issued_july
from tests.factories.goods import make_product
from tests.factories.orders import Shop, make_shop
from tests.factories.people import PASSWORD, join, make_organisation, make_user, sign_in
from tests.manual import answer_text, block, request_text

ORDERS = "/api/v1/supermarket/orders/"
MALL = f"{A}.localhost"


@pytest.fixture(scope="module")
def shop(kept_world: Callable[[], None]) -> Shop:
    built = make_shop(A)
    issued_july(A)
    kept_world()
    return built


class Program:
    """A client that keeps what was said. Cross-site checks are on, as they are outside of tests."""

    def __init__(self, host: str = "localhost") -> None:
        self.client = Client(enforce_csrf_checks=True, HTTP_HOST=host)
        self.said: list[str] = []

    def call(
        self, method: str, path: str, body: Any = None, *, shown: str = "", cut: tuple[str, ...] = (), **headers: str
    ) -> Any:
        """`body`: a mapping goes as JSON, a text as a form. `shown` instead of a body that is nobody's business."""
        kind = "application/x-www-form-urlencoded" if isinstance(body, str) else "application/json"
        raw = body if body is None or isinstance(body, str) else json.dumps(body)
        told = {"Host": self.client.defaults["HTTP_HOST"], **({"Content-Type": kind} if raw else {})}
        if "csrftoken" in self.client.cookies and method != "GET" and "Authorization" not in headers:
            headers["X-CSRFToken"] = self.client.cookies["csrftoken"].value
        answer = self.client.generic(method, path, raw or "", content_type=kind, headers=headers)
        told |= {name: "..." if name == "X-CSRFToken" else value for name, value in headers.items()}
        self.said += [request_text(method, path, told, shown or body), answer_text(answer, cut)]
        return answer

    def told(self) -> str:
        said, self.said = self.said, []
        return block(*said)


def entered(shop: Shop, post: Post) -> Program:
    """Somebody's program on the mall's host, as the manual's first example leaves it."""
    program = Program()
    user = shop.people[post]
    program.call("GET", "/sign-in/")
    secret = f"username={user.username}&password={PASSWORD}"
    assert program.call("POST", "/sign-in/", secret, shown="username=...&password=...").status_code == 303
    handed = program.call("POST", f"/malls/{A}/enter/", "")
    assert handed.status_code == 303
    program.client.defaults["HTTP_HOST"] = MALL
    to = urlsplit(handed["Location"])
    assert program.call("GET", f"{to.path}?{to.query}").status_code == 303
    program.client.get("/")  # the mall's own csrftoken
    return program


def buying(shop: Shop) -> Iterator[tuple[str, str]]:
    shop.fill_cart()
    program = entered(shop, Post.BUYER_CLERK)
    yield "sign-in", program.told()
    assert program.call("GET", "/api/v1/products/?q=测试", cut=("products", "facets")).status_code == 200
    yield "search", program.told()
    body = {
        "unit_id": shop.unit_id, "supplier_id": shop.supplier.pk,
        "funding": [{"budget_line_id": shop.line.pk, "amount": "40.00"}],
        "delivery_address": "测试县文化路1号", "contact_name": "王老师", "contact_phone": "13900000000",
    }  # fmt: skip
    key = {"Idempotency-Key": "2026-11-24-paper-1"}
    made = program.call("POST", ORDERS, body, **key)
    assert made.status_code == 201
    yield "order", program.told()
    again = program.call("POST", ORDERS, body, **key)
    assert (again.status_code, again.json()["id"]) == (201, made.json()["id"])
    program.told()
    assert program.call("POST", ORDERS, {**body, "contact_name": "李老师"}, **key).status_code == 422
    yield "other-body", program.told()
    assert program.call("POST", ORDERS, {**body, "funding": []}).status_code == 400
    yield "problem", program.told()
    for _ in range(21):
        shop.submit()
    first = program.call("GET", "/api/v1/orders/", cut=("orders",)).json()
    last = program.call("GET", f"/api/v1/orders/?after={first['next_after']}", cut=("orders",)).json()
    assert last["next_after"] is None
    yield "paging", program.told()
    approver = entered(shop, Post.BUYER_APPROVER)
    approver.told()
    assert approver.call("POST", f"/api/v1/orders/{made.json()['id']}/approve/", {"version": 1}).status_code == 200
    yield "approve", approver.told()


def selling() -> Iterator[tuple[str, str]]:
    with region_as("yz_region"):
        seller = make_seller()
        product = make_product()
        token = services.make_token(actor=seller.actor, name="ERP", scopes=["catalogue"], days=30, now=utc_now())
    program = Program()
    rows = [
        {"sku": "A-1", "product_code": product.code, "price": "20.00", "reference_price": "90.00",
         "delivery_days": 3, "areas": AREAS},
        {"sku": "A-2", "product_code": "NONE", "price": "20.00", "reference_price": "90.00",
         "delivery_days": 3, "areas": AREAS},
    ]  # fmt: skip
    headers = {"Authorization": f"Bearer {token.secret}", "Idempotency-Key": "erp-2026-11-24-1"}
    assert program.call("POST", "/api/v1/supplier/catalogue/", {"rows": rows}, **headers).status_code == 200
    yield "catalogue", program.told()


def reading_fees() -> Iterator[tuple[str, str]]:
    bureau = make_user(name="测试财政监管")
    join(
        bureau,
        make_organisation(OrganisationKind.FINANCE_BUREAU, name="测试财政局", tenant_code=A),
        [Post.TIER_SUPERVISOR],
    )
    program = Program()
    program.client.cookies = sign_in(Client(), bureau).cookies
    assert program.call("GET", f"/api/v1/fees/statements/{A}/2026-07/stored/", cut=("lines",)).status_code == 200
    yield "statement", program.told()


def differences(page: str, examples: dict[str, str]) -> list[str]:
    shown = manual.recorded(page)
    assert sorted(shown) == sorted(examples), "blocks of the page and calls of this test"
    return [
        line
        for name, text in shown.items()
        for line in difflib.unified_diff(text.splitlines(), examples[name].splitlines(), name, "called", lineterm="")
    ]


def test_the_manual_shows_what_came_of_each_call(shop: Shop) -> None:
    examples = dict([*buying(shop), *selling(), *reading_fees()])
    page = manual.PAGE.read_text("utf-8")
    if os.environ.get("YZ_WRITE_MANUAL"):
        manual.PAGE.write_text(page := manual.rewritten(page, examples), "utf-8")
    assert differences(page, examples) == []
    altered = page.replace('"state": "pending_approval"', '"state": "placed"', 1)
    assert differences(altered, examples) != [], "a manual that tells otherwise is noticed"


def test_the_manual_s_check_of_a_signature_is_the_sender_s() -> None:
    """The lines of the manual that a receiver copies, run against what we send."""
    code = re.search("```python\n(.*?)```", manual.PAGE.read_text("utf-8"), re.S)
    assert code is not None
    found: dict[str, Any] = {}
    exec(code[1], found)  # noqa: S102  # the manual's own lines
    now = int(time.time())
    body = '{"id": "e1"}'
    sent = signing.signature(secret="yzw_x", timestamp=now, body=body)
    assert found["is_ours"](sent, body, "yzw_x") is True
    assert found["is_ours"](sent, body + " ", "yzw_x") is False
    assert found["is_ours"](sent, body, "yzw_y") is False
    old = signing.signature(secret="yzw_x", timestamp=now - 301, body=body)
    assert found["is_ours"](old, body, "yzw_x") is False
