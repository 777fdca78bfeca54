"""Entering and verifying a tariff, through pages and API alike."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from kernel.clock import local_date, utc_now
from kernel.posts import Post
from shared_apps.accounts.rules import OrganisationKind
from shared_apps.fees import services
from shared_apps.fees.models import TariffVersion
from shared_apps.fees.rules.months import next_month
from shared_apps.region_journal.models import RegionJournalEntry
from tests.factories.fees import used
from tests.factories.people import join, make_organisation, make_user, sign_in

NUMBER = "新财〔2026〕1号"


@pytest.fixture
def staff(room: None) -> Client:
    user = make_user()
    join(user, make_organisation(OrganisationKind.REGION_FINANCE, "650000", "财政厅"), [Post.REGION_SUPERVISOR])
    return sign_in(Client(), user)


def first() -> date:
    return next_month(local_date(utc_now()).replace(day=1))


def form(**changes: str) -> dict[str, str]:
    return {
        "name": "二〇二六年费率", "document_number": NUMBER, "valid_from": first().isoformat(),
        "kind-orders_placed": "per_unit", "unit_price-orders_placed": "1.5", "allowance-orders_placed": "10",
        "kind-order_value": "", "unit_price-order_value": "", "allowance-order_value": "",
    } | changes  # fmt: skip


def test_a_tariff_is_entered_and_verified_on_pages(staff: Client) -> None:
    assert "尚无费率" in staff.get("/fees/tariffs/").content.decode()
    answer = staff.post("/fees/tariffs/new/", form())
    assert (answer.status_code, answer["Location"]) == (303, "/fees/tariffs/1/")
    shown = staff.get("/fees/tariffs/1/").content.decode()
    assert "等待核实" in shown
    assert "1.5" in shown
    wrong = staff.post("/fees/tariffs/1/verify/", {"document_number": "别的号"})
    assert wrong.status_code == 409
    assert "别的号" in wrong.content.decode()
    assert staff.post("/fees/tariffs/1/verify/", {"document_number": NUMBER}).status_code == 303
    shown = staff.get("/fees/tariffs/1/").content.decode()
    assert "已核实" in shown
    assert "fees/tariffs/1/verify/" not in shown
    events = RegionJournalEntry.objects.filter(event__startswith="fees.").order_by("id").values_list("event", flat=True)
    assert list(events) == ["fees.tariff_added", "fees.tariff_verified"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"unit_price-orders_placed": "1e9"}, "unit_price-orders_placed"),
        ({"unit_price-order_value": "１", "kind-order_value": "per_mille"}, "unit_price-order_value"),
        ({"valid_from": "2026-02-02"}, "valid_from"),
        ({"name": ""}, "name"),
    ],
)
def test_a_wrong_form_says_where_and_keeps_what_was_typed(staff: Client, change: dict[str, str], field: str) -> None:
    answer = staff.post("/fees/tariffs/new/", form(**change))
    assert answer.status_code == 400
    page = answer.content.decode()
    assert f'id="{field}-error"' in page or f'"{field}' in page
    assert "is-invalid" in page
    assert 'value="10"' in page
    assert not TariffVersion.objects.exists()


def test_the_api_calls_the_same_services(staff: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def post(path: str, body: Any) -> Any:
        return staff.post(f"/api/v1/fees/tariffs/{path}", json.dumps(body), content_type="application/json")

    prices = [{"meter": "orders_placed", "kind": "per_unit", "unit_price": "1.5000", "allowance": "10"}]
    body = {"name": "费率", "document_number": NUMBER, "valid_from": first().isoformat(), "prices": prices}
    made = post("enter/", body)
    assert made.status_code == 201
    assert (made.json()["state"], made.json()["lines"][0]["unit_price"]) == ("entered", "1.5000")
    assert post("enter/", body).json()["code"] == "tariff-exists"
    assert post("enter/", body | {"prices": []}).status_code == 400
    assert post("enter/", body | {"prices": prices * 2}).status_code == 400
    assert post("1/withdraw/", {"reason": "录入有误"}).json()["state"] == "withdrawn"
    assert post("enter/", body).status_code == 201
    assert post("2/verify/", {"document_number": NUMBER}).json()["state"] == "verified"
    assert [row["version"] for row in staff.get("/api/v1/fees/tariffs/").json()] == [2, 1]
    assert post("3/verify/", {"document_number": NUMBER}).status_code == 404

    called: list[str] = []
    monkeypatch.setattr(services, "withdraw_tariff", lambda **_: called.append("withdraw"))
    staff.post("/fees/tariffs/2/withdraw/", {"reason": "x"})
    post("2/withdraw/", {"reason": "x"})
    assert called == ["withdraw", "withdraw"]


def whole(**changes: str) -> dict[str, str]:
    """A form that uses every kind of price."""
    return form() | {
        "notice_days": "0",
        "kind-order_value": "graduated", "upto-order_value-0": "10000", "price-order_value-0": "0.5",
        "price-order_value-2": "0.3", "cap-order_value": "500",
        "kind-messages": "package", "unit_price-messages": "5", "package_size-messages": "100",
        "kind-api_calls": "volume", "price-api_calls-0": "0.01", "minimum-api_calls": "2",
        "kind-module_online_inquiry": "flat", "unit_price-module_online_inquiry": "60",
        "bundle-1-name": "订单套餐", "bundle-1-percent": "10", "bundle-1-has-orders_placed": "true",
        "bundle-1-has-order_value": "true", "discount-county": "20", "minimum": "1", "cap": "9000",
    } | changes  # fmt: skip


def test_a_clerk_enters_tiers_packages_bundles_and_discounts(staff: Client) -> None:
    assert staff.post("/fees/tariffs/new/", whole())["Location"] == "/fees/tariffs/1/"
    shown = staff.get("/fees/tariffs/1/").content.decode()
    for said in (
        "每月前 10 单免费", "10000 元以内：金额的 0.5‰", "10000 元以上：金额的 0.3‰", "每 100 条为一包，每包 5 元",
        "整月开通 60 元", "订单套餐：", "县级：在价格基础上优惠 20%", "每份账单每月不超过 9000.00 元",
    ):  # fmt: skip
        assert said in shown, said
    # 30 orders: 20 charged at 1.50; 20,000 yuan: 5 + 3; 2 for calls; 60 the module; 10 % of 38; 20 % less.
    asked = {"quantity-orders_placed": "30", "quantity-order_value": "20000", "quantity-messages": "0",
             "quantity-api_calls": "0", "level": "county"}  # fmt: skip
    page = staff.get("/fees/tariffs/1/", asked).content.decode()
    assert "76.96" in page
    wrong = staff.get("/fees/tariffs/1/", asked | {"quantity-messages": "9" * 5000})
    assert wrong.status_code == 400
    copied = staff.get("/fees/tariffs/new/?copy=1").content.decode()
    for field in ('name="price-order_value-1" value="0.3"', 'name="bundle-0-name" value="订单套餐"', 'value="60"'):
        assert field in copied, field
    table = staff.get("/fees/tariffs/1/table.csv").content.decode()
    assert "分段累进,10000,0.5,1000" in table
    assert TariffVersion.objects.get().lines.get(meter="order_value").tiers == [["10000", "0.5"], [None, "0.3"]]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"upto-order_value-1": "10000", "price-order_value-1": "0.4"}, "upto-order_value-0"),
        ({"upto-order_value-2": "20000"}, "upto-order_value-0"),
        ({"price-order_value-2": "-1"}, "price-order_value-2"),
        ({"price-order_value-0": "NaN"}, "price-order_value-0"),
        ({"price-order_value-0": "0.12345"}, "price-order_value-0"),
        ({"price-order_value-0": "9" * 5000}, "price-order_value-0"),
        ({"unit_price-order_value": "1"}, "unit_price-order_value"),
        ({"package_size-messages": ""}, "package_size-messages"),
        ({"package_size-messages": "0"}, "package_size-messages"),
        ({"kind-messages": ""}, "kind-messages"),
        ({"unit_price-module_online_inquiry": ""}, "unit_price-module_online_inquiry"),
        ({"minimum-order_value": "501"}, "cap-order_value"),
        ({"bundle-1-has-order_value": ""}, "bundle-1-name"),
        ({"bundle-1-percent": "101"}, "bundle-1-percent"),
        ({"discount-county": "0"}, "discount-county"),
        ({"minimum": "9001"}, "cap"),
        ({"notice_days": "400"}, "notice_days"),
    ],
)
def test_terms_that_make_no_sense_are_refused_where_they_stand(
    staff: Client, change: dict[str, str], field: str
) -> None:
    answer = staff.post("/fees/tariffs/new/", whole(**change))
    assert answer.status_code == 400
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert not TariffVersion.objects.exists()


def test_more_tiers_come_without_a_script_and_store_nothing(staff: Client) -> None:
    page = staff.post("/fees/tariffs/new/", whole(more="order_value")).content.decode()
    assert 'name="price-order_value-5"' in page
    assert 'value="0.3"' in page
    assert not TariffVersion.objects.exists()


def test_a_bureau_reads_what_is_published_and_its_own_mall_only(staff: Client) -> None:
    staff.post("/fees/tariffs/new/", form())
    user = make_user()
    join(user, make_organisation(OrganisationKind.FINANCE_BUREAU, "CZ990001", "财政局", "990001"),
         [Post.TIER_SUPERVISOR])  # fmt: skip
    bureau = sign_in(Client(), user)
    for path in ("1/", "1/table.csv", "compare/?new=1", "compare/table.csv?new=1", "compare/workbook.xlsx?new=1"):
        assert bureau.get(f"/fees/tariffs/{path}").status_code == 404, path
    assert bureau.get("/api/v1/fees/tariffs/compare/?new=1").status_code == 404
    assert bureau.get("/fees/tariffs/new/").status_code == 403
    assert bureau.post("/fees/tariffs/1/verify/", {"document_number": NUMBER}).status_code == 403
    staff.post("/fees/tariffs/1/verify/", {"document_number": NUMBER})
    assert bureau.get("/fees/tariffs/1/").status_code == 200
    assert "尚无费率" not in bureau.get("/fees/tariffs/").content.decode()
    used("orders_placed", utc_now() - timedelta(days=60), "15", tenant="990001")
    used("orders_placed", utc_now() - timedelta(days=60), "40", tenant="990002")
    page = bureau.get("/fees/tariffs/compare/?new=1").content.decode()
    assert "7.50" in page
    assert "45.00" not in page
    found = staff.get("/api/v1/fees/tariffs/compare/?new=1").json()
    assert [(mall["code"], mall["after"]) for mall in found["malls"]] == [("990002", "45.00"), ("990001", "7.50")]
    assert found["total"] == {"before": "0.00", "after": "52.50", "change": "52.50"}
    assert staff.get("/fees/tariffs/compare/?period=2019&new=1").status_code == 404
    assert staff.get("/fees/tariffs/compare/?period=12&new=1").status_code == 400
    assert "990001" in staff.get("/fees/tariffs/compare/table.csv?new=1").content.decode()
    assert staff.get("/fees/tariffs/compare/workbook.xlsx?new=1").content[:2] == b"PK"
