"""Entering and verifying a tariff, through pages and API alike."""

from __future__ import annotations

import json
from datetime import date
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
        "kind-order_value": "per_mille", "unit_price-order_value": "", "allowance-order_value": "",
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
