"""The main job once more, by the API alone: what a program of a budget unit or a supplier would send.

The answers of the pages' walk and of this one come from the same services (see also the tests named `same service`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from kernel.clock import local, utc_now
from kernel.posts import Post
from shared_apps.accounts.models import User
from shared_apps.fees import demo as tariff
from shared_apps.rulebook.services import load_shipped
from tenants.database.context import region_as, tenant_selected
from tests.factories.cast import Cast, build_cast, make_colleague
from tests.factories.fulfilment import settle
from tests.factories.goods import make_catalogue, make_offer, make_product, make_supplier
from tests.factories.people import sign_in
from tests.factories.relayed import relay_tenant
from tests.factories.training import record_practice

A = "990001"
YEAR = local(utc_now()).year


@pytest.fixture
def cast(room: None) -> Cast:
    with region_as("yz_region"):
        load_shipped(now=utc_now())
        tariff.load(utc_now())
    make_catalogue()
    return build_cast(A)


class Caller:
    """One person's client on one host; every write carries an idempotency key of its own."""

    def __init__(self, user: User, tenant: str | None) -> None:
        self.client = sign_in(Client(), user, tenant)
        self.calls = 0

    def post(self, path: str, body: Mapping[str, Any] | None = None, *, status: int | None = None) -> Any:
        self.calls += 1
        answer = self.client.post(
            f"/api/v1/{path}",
            dict(body or {}),
            content_type="application/json",
            headers={"Idempotency-Key": f"walk-{id(self)}-{self.calls}"},
        )
        expected = {status} if status else {200, 201, 204}
        assert answer.status_code in expected, (path, answer.content.decode())
        return answer.json() if answer.content else None

    def get(self, path: str) -> Any:
        answer = self.client.get(f"/api/v1/{path}")
        assert answer.status_code == 200, (path, answer.content.decode())
        return answer.json()


def verify_thresholds(region: Caller, colleague: Caller) -> None:
    """One enters what the document says, another verifies it."""
    for code, amount in (("R-DECENTRALISED", "300000.00"), ("R-OPEN-TENDER", "2000000.00")):
        entered = region.post(
            "rules/enter/",
            {
                "code": code, "level": "county", "kind": "goods", "amount": amount, "inclusive": False,
                "valid_from": "2026-01-01", "document_number": f"测财购〔2026〕{code}", "document_on": "2025-12-20",
                "source_text": "县级货物类项目的限额标准（测试文本）",
            },
        )  # fmt: skip
        path = f"rules/{entered['id']}/verify/"
        wrong = colleague.post(path, {"document_number": "另一文号"}, status=409)
        assert wrong["code"] == "rule-document-mismatch"
        assert colleague.post(path, {"document_number": f"测财购〔2026〕{code}"})["verified_at"]


def open_mall(bureau: Caller, cast: Cast) -> int:
    refused = bureau.post("bureau/modules/online_supermarket/open/", status=409)
    assert refused["facts"], "each missing item is named with its reason"
    line = bureau.post(
        "budget-lines/create/",
        {
            "unit_id": cast.unit_id, "fiscal_year": YEAR, "plan_number": f"JH{YEAR}-001",
            "plan_filed_on": f"{YEAR}-01-10", "budget_item": "办公用品购置", "fund_source": "fiscal",
            "functional_class": "2050202", "economic_class": "30201", "total": "400000.00",
        },
    )  # fmt: skip
    for rule in bureau.get("bureau/rules/"):
        if rule["verified"]:
            bureau.post("bureau/rules/acknowledge/", {key: rule[key] for key in ("code", "kind", "version")})
    bureau.post("bureau/tariff/accept/", {"version": 1})
    bureau.post("shelf/", {"categories": ["C-01", "C-05"], "excluded_supplier_ids": []})
    bureau.post("bureau/modules/choose/", {"modules": ["online_supermarket"]})
    missing = bureau.post("bureau/go-live/", status=409)["facts"]["missing"]
    assert [item["key"] for item in missing] == ["practice"]
    record_practice(A)
    bureau.post("bureau/go-live/")
    return int(line["id"])


def test_the_main_job_by_the_api(cast: Cast) -> None:
    company = cast.people[Post.SUPPLIER_ADMIN].memberships.get().organisation
    supplier = make_supplier("测试·昆仑办公用品有限公司", organisation_id=company.pk)
    paper = make_offer(make_product("雪岭 A4 复印纸", code="P-API-01"), supplier, price="23.50")
    laptop = make_offer(make_product("天峰 便携式计算机", category="C-05", code="P-API-02"), supplier, price="6500.00")

    staff = cast.people[Post.REGION_SUPERVISOR]
    verify_thresholds(Caller(staff, None), Caller(make_colleague(staff), None))
    line = open_mall(Caller(cast.people[Post.TIER_SUPERVISOR], A), cast)

    clerk = Caller(cast.people[Post.BUYER_CLERK], A)
    assert [item["code"] for item in clerk.get("products/?q=复印纸")["items"]] == ["P-API-01"]
    checkout = {
        "unit_id": cast.unit_id, "supplier_id": supplier.pk, "mode": "direct", "delivery_address": "文化路1号",
        "contact_name": "王老师", "contact_phone": "13900000000",
    }  # fmt: skip

    clerk.post("cart/add/", {"unit_id": cast.unit_id, "offer_id": laptop.pk, "quantity": 50})
    dear = {**checkout, "funding": [{"budget_line_id": line, "amount": "325000.00"}]}
    refused = clerk.post("supermarket/orders/", dear, status=409)
    assert refused["code"] == "rule-refused"
    decision = next(one for one in refused["facts"]["decisions"] if one["rule"] == "R-DECENTRALISED")
    assert decision["allowed"] is False
    assert decision["verified"] is True
    assert "8" in str(decision["article"]) or "八" in str(decision["article"])
    assert decision["remedy"]
    clerk.post("cart/remove/", {"unit_id": cast.unit_id, "offer_id": laptop.pk})

    clerk.post("cart/add/", {"unit_id": cast.unit_id, "offer_id": paper.pk, "quantity": 3})
    funding = [{"budget_line_id": line, "amount": "70.50"}]
    order = clerk.post("supermarket/orders/", {**checkout, "funding": funding})
    path = f"orders/{order['id']}"

    Caller(cast.people[Post.BUYER_APPROVER], A).post(f"{path}/approve/")
    seller = Caller(cast.people[Post.SUPPLIER_ADMIN], A)
    seller.post(f"{path}/accept/")
    seller.post(f"{path}/ship/", {"carrier": "邮政快递", "waybill": "EMS990001"})
    Caller(cast.people[Post.BUYER_ACCEPTOR], A).post(
        f"{path}/accept-goods/", {"technical_met": True, "service_met": True, "safety_met": True}
    )
    Caller(cast.people[Post.BUYER_PAYER], A).post(
        f"{path}/request-payment/", {"payee_bank": "测试银行", "payee_account": "6500000000000010"}
    )
    with tenant_selected(A), region_as("yz_mall"):
        settle(start=utc_now() + timedelta(seconds=1), minutes=3)
    clerk.post(f"{path}/close/")
    assert clerk.get(f"{path}/")["order"]["state"] == "closed"

    relay_tenant(A)
    bureau = Caller(cast.people[Post.TIER_SUPERVISOR], None)
    statement = bureau.get(f"fees/statements/{A}/{local(utc_now()):%Y-%m}/")
    events = [event for line in statement["lines"] for event in line["events"]]
    assert {Decimal(str(event["quantity"])) for event in events} == {Decimal(1), Decimal("70.50")}
