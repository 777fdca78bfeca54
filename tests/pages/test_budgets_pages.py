"""Plans, transfers, statements and the end of a year on their pages: what they show, cost and refuse."""

from __future__ import annotations

import pytest
from django.test import Client

from kernel.posts import Post
from tenant_apps.budgets.models import Adjustment, ProcurementPlan
from tenants.database.context import tenant_selected
from tests.factories.orders import Shop, make_line, make_shop
from tests.factories.people import sign_in
from tests.factories.statements import counted
from tests.factories.units import make_bureau_person
from webkit.latin import latin_words

STATEMENTS_MAX = 12
PLAN = {"subject": "教学电脑二十台", "amount": "90000.00", "expected_on": "2026-12-01", "note": ""}


@pytest.fixture
def shop() -> Shop:
    shop = make_shop()
    shop.people[Post.TIER_SUPERVISOR] = make_bureau_person(shop.tenant)
    return shop


def _client(shop: Shop, post: Post) -> Client:
    return sign_in(Client(), shop.people[post], shop.tenant)


def _read(client: Client, path: str) -> str:
    """The page, in Chinese and with few statements."""
    client.get(path)
    with counted() as asked:
        answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    assert len(asked) <= STATEMENTS_MAX, "\n".join([path, *asked])
    html = answer.content.decode()
    assert latin_words(html) == [], path
    return html


def test_a_plan_from_its_draft_to_the_bureau_and_back(shop: Shop) -> None:
    line = make_line(shop.tenant, shop.unit_id, filed=False, number="JH-2026-077")
    clerk, bureau = _client(shop, Post.BUYER_CLERK), _client(shop, Post.TIER_SUPERVISOR)
    assert f"/budgets/{line.pk}/plan/" in _read(clerk, f"/budgets/{line.pk}/")
    _read(clerk, f"/budgets/{line.pk}/plan/")
    assert clerk.post(f"/budgets/{line.pk}/plan/", {**PLAN, "amount": "1e9"}).status_code == 400
    drafted = clerk.post(f"/budgets/{line.pk}/plan/", PLAN)
    assert drafted.status_code == 303
    plan = drafted["Location"]
    assert clerk.post(f"/budgets/{line.pk}/plan/", PLAN).status_code == 409
    assert bureau.get(plan).status_code == 404
    assert clerk.post(f"{plan}submit/").status_code == 303
    assert "待财政局备案" in _read(bureau, "/budgets/plans/?state=submitted")
    assert "没有符合条件" in _read(bureau, "/budgets/plans/?search=没有的")
    assert "办理备案" in _read(bureau, plan)
    assert bureau.post(f"{plan}decide/", {"decision": "return", "comment": ""}).status_code == 400
    assert bureau.post(f"{plan}decide/", {"decision": "return", "comment": "请细化"}).status_code == 303
    assert "请细化" in _read(clerk, plan)
    assert PLAN["subject"] in _read(clerk, f"{plan}amend/")
    assert clerk.post(f"{plan}amend/", {**PLAN, "amount": "80000"}).status_code == 303
    assert clerk.post(f"{plan}submit/").status_code == 303
    assert bureau.post(f"{plan}decide/", {"decision": "accept"}).status_code == 303
    assert bureau.post(f"{plan}decide/", {"decision": "accept"}).status_code == 409
    assert "变更采购计划" in _read(clerk, f"/budgets/{line.pk}/")
    with tenant_selected(shop.tenant):
        assert ProcurementPlan.objects.get().state == "accepted"


def test_a_transfer_is_asked_for_and_decided_by_another(shop: Shop) -> None:
    other = make_line(shop.tenant, shop.unit_id, number="JH-2026-078")
    chief, bureau = _client(shop, Post.UNIT_ADMINISTRATOR), _client(shop, Post.TIER_SUPERVISOR)
    form = {"line_id": shop.line.pk, "to_line_id": other.pk, "amount": "500.00", "reason": "调剂", "document": ""}
    assert "JH-2026-078" in _read(chief, "/budgets/adjustments/transfer/")
    assert chief.post("/budgets/adjustments/transfer/", {**form, "to_line_id": shop.line.pk}).status_code == 400
    assert chief.post("/budgets/adjustments/transfer/", {**form, "amount": "99999999"}).status_code == 409
    asked = chief.post("/budgets/adjustments/transfer/", form)
    assert asked.status_code == 303
    assert "办理调剂" not in _read(chief, asked["Location"])
    assert "办理调剂" in _read(bureau, asked["Location"])
    assert bureau.post(f"{asked['Location']}decide/", {"decision": "apply"}).status_code == 303
    assert "已执行" in _read(bureau, "/budgets/adjustments/")
    assert "调剂转入" in _read(chief, f"/budgets/{other.pk}/")
    with tenant_selected(shop.tenant):
        assert Adjustment.objects.get().state == "applied"


def test_a_year_is_closed_on_its_pages(shop: Shop) -> None:
    year = shop.line.fiscal_year
    shop.place()
    chief, bureau = _client(shop, Post.UNIT_ADMINISTRATOR), _client(shop, Post.TIER_SUPERVISOR)
    page, carry = f"/budgets/years/{year}/", f"/budgets/{shop.line.pk}/carry-over/"
    assert str(year) in _read(bureau, "/budgets/years/")
    assert bureau.post("/budgets/years/open/", {"year": year + 1}).status_code == 303
    assert bureau.post("/budgets/years/open/", {"year": year + 1}).status_code == 409
    assert "开始年度结账" in _read(bureau, page)
    assert bureau.post(f"{page}step/", {"action": "close"}).status_code == 409
    assert bureau.post(f"{page}step/", {"action": "begin_closing"}).status_code == 303
    assert chief.post(carry, {"amount": "100", "reason": ""}).status_code == 400
    assert chief.post(carry, {"amount": "100", "reason": "跨年项目"}).status_code == 303
    assert "跨年项目" in _read(bureau, carry)
    assert bureau.post(f"{page}step/", {"action": "close"}).status_code == 409
    assert bureau.post(carry, {"decision": "carry", "amount": "100", "reason": "同意结转"}).status_code == 303
    assert "同意结转" in _read(chief, page)
    assert "同意结转" in bureau.get(f"{page}carry-over.csv").content.decode("utf-8-sig")
    assert bureau.post(f"{page}step/", {"action": "close"}).status_code == 303
    assert "已结账" in _read(bureau, page)
    text = _read(bureau, f"/budgets/{shop.line.pk}/")
    assert "冻结资金转下年" in text
    assert "期末" in text
    table = bureau.get(f"/budgets/{shop.line.pk}/statement.csv").content.decode("utf-8-sig").splitlines()
    assert [row.split(",")[1] for row in (table[1], table[-1])] == ["期初", "期末"]
    assert bureau.get(f"/budgets/{shop.line.pk}/?since=2026-13-01").status_code == 400
    assert bureau.get("/budgets/years/2199/").status_code == 404
