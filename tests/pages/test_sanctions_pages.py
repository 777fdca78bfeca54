"""Bans on pages and by the API: entering with the document, a second person, the public list, its table."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kernel.clock import local_date, utc_now
from kernel.posts import Post
from shared_apps.accounts.rules import OrganisationKind as Kind
from shared_apps.sanctions.models import Sanction
from shared_apps.sanctions.rules import years_later
from shared_apps.suppliers.models import Supplier
from tenants.journaling.relay import drain
from tests.database import wait_until_settled
from tests.factories.goods import make_supplier
from tests.factories.people import join, make_organisation, make_user, sign_in
from tests.factories.sanctions import PDF, banned
from tests.factories.statements import counted
from tests.pages.conftest import page_text

A, B = "990001", "990002"
STATEMENTS_MAX = 8


def person(tenant: str | None, post: Post = Post.TIER_SUPERVISOR) -> Client:
    kind = Kind.REGION_FINANCE if post == Post.REGION_SUPERVISOR else Kind.FINANCE_BUREAU
    user = make_user(name="测试甲")
    join(user, make_organisation(kind, name="测试财政局", tenant_code=tenant), [post])
    return sign_in(Client(), user)


def anybody() -> Client:
    return Client(HTTP_HOST="localhost")


@pytest.fixture
def bureau() -> Client:
    return person(A)


def form(supplier: Supplier, **changes: Any) -> dict[str, Any]:
    today = local_date(utc_now())
    return {
        "party_kind": "supplier", "party_code": supplier.uscc, "party_name": supplier.name, "cause": "gpl77-3",
        "scope": "unknown", "purchase_amount": "100000.00", "fine_amount": "800",
        "decision_number": "测财采罚〔2026〕7号", "decided_on": today.isoformat(), "decided_by": "测试财政局",
        "starts_on": today.isoformat(), "last_on": (years_later(today, 2) - timedelta(days=1)).isoformat(),
        "document": SimpleUploadedFile("决定书.pdf", PDF, "application/pdf"),
        **changes,
    }  # fmt: skip


def body(supplier: Supplier, **changes: Any) -> dict[str, Any]:
    return {key: value for key, value in form(supplier, **changes).items() if key != "document"}


def post(client: Client, path: str, data: dict[str, Any]) -> Any:
    return client.post(f"/api/v1/sanctions/{path}", json.dumps(data), content_type="application/json")


def test_entered_by_one_put_in_force_by_another_and_public(bureau: Client) -> None:
    supplier = make_supplier("阿勒泰测试供应商")
    page_text(bureau, "/sanctions/kept/new/")
    answer = bureau.post("/sanctions/kept/new/", form(supplier))
    key = Sanction.objects.get().pk
    assert (answer.status_code, answer["Location"]) == (303, f"/sanctions/kept/{key}/")
    assert page_text(bureau, f"/sanctions/kept/{key}/").count("本记录由您录入") == 1
    assert bureau.post(f"/sanctions/kept/{key}/put-in-force/").status_code == 409
    page_text(anybody(), f"/sanctions/{key}/", status=404)
    assert "没有查到处罚记录" in page_text(anybody(), "/sanctions/")

    region = person(None, Post.REGION_SUPERVISOR)
    wait_until_settled()
    drain(room="region", schema="public", now=utc_now())
    assert "对照决定书复核处罚决定" in page_text(region, "/inbox/")

    colleague = person(A)
    page = page_text(colleague, f"/sanctions/kept/{key}/")
    assert "与采购人、其他供应商或者采购代理机构恶意串通的" in page
    assert colleague.post(f"/sanctions/kept/{key}/put-in-force/").status_code == 303
    supplier.refresh_from_db()
    assert supplier.standing == "suspended"

    wait_until_settled()
    drain(room="region", schema="public", now=utc_now())
    assert "对照决定书复核处罚决定" not in page_text(region, "/inbox/")

    page = page_text(anybody(), "/sanctions/?q=阿勒泰")
    assert "禁止期内" in page
    page = page_text(anybody(), f"/sanctions/{key}/")
    assert "当事人目前被禁止参加政府采购活动" in page
    assert "未知：现有决定书未写明" in page
    assert "测财采罚〔2026〕7号" in page_text(anybody(), f"/library/suppliers/{supplier.pk}/")
    assert f"/files/{Sanction.objects.get().decision_file}/" not in page
    assert f"/files/{Sanction.objects.get().decision_file}/" in page_text(person(B), f"/sanctions/{key}/")


def test_lifting_and_annulling_on_pages(bureau: Client) -> None:
    supplier = make_supplier()
    today = local_date(utc_now())
    rows = [banned(supplier.uscc, level=None, starts_on=today) for _ in range(2)]
    Sanction.objects.update(level=A)
    wrong = bureau.post(f"/sanctions/kept/{rows[0].pk}/lift/", {"ground": "court", "number": "1", "decided_by": "法院"})
    assert wrong.status_code == 400
    assert "is-invalid" in wrong.content.decode()
    lifted = {
        "ground": "court", "number": "（2026）1号", "decided_by": "测试法院", "decided_on": today.isoformat(),
        "document": SimpleUploadedFile("判决.pdf", PDF),
    }  # fmt: skip
    assert bureau.post(f"/sanctions/kept/{rows[0].pk}/lift/", lifted).status_code == 303
    assert bureau.post(f"/sanctions/kept/{rows[1].pk}/annul/", {"reason": "录入有误"}).status_code == 303
    assert "法院裁判" in page_text(anybody(), f"/sanctions/{rows[0].pk}/")
    assert "录入有误" in page_text(anybody(), f"/sanctions/{rows[1].pk}/")
    supplier.refresh_from_db()
    assert supplier.standing == "admitted"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"last_on": "2026-01-01"}, "last_on"),
        ({"party_code": "91650100TEST000019"}, "party_code"),
        ({"fine_amount": "1e3"}, "fine_amount"),
        ({"fine_amount": "100"}, "fine_amount"),
        ({"cause": ""}, "cause"),
        ({"scope": "divisions", "scope_divisions": ["650100", "999999"]}, "scope_divisions"),
        ({"document": ""}, "document"),
    ],
)
def test_a_wrong_form_says_where_and_keeps_what_was_typed(bureau: Client, change: dict[str, str], field: str) -> None:
    given = form(make_supplier(), **change)
    if not given["document"]:
        del given["document"]
    answer = bureau.post("/sanctions/kept/new/", given)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "is-invalid" in page
    assert "测财采罚〔2026〕7号" in page
    assert not Sanction.objects.exists(), field


def test_a_file_that_is_none_of_the_kinds_changes_nothing(bureau: Client) -> None:
    evil = SimpleUploadedFile("决定书.pdf", b"<html><script>alert(1)</script>", "application/pdf")
    assert bureau.post("/sanctions/kept/new/", form(make_supplier(), document=evil)).status_code == 400
    assert not Sanction.objects.exists()


def test_the_api_says_the_same(bureau: Client) -> None:
    supplier = make_supplier()
    causes = anybody().get("/api/v1/sanctions/causes/").json()
    assert causes[0]["words"] == "提供虚假材料谋取中标、成交的"
    made = post(bureau, "kept/enter/", body(supplier))
    assert made.status_code == 201
    row = made.json()["sanction"]
    assert (row["state"], row["cause"], row["fine_amount"]) == ("drafted", "gpl77-3", "800.00")
    assert post(bureau, "kept/enter/", body(supplier)).json()["code"] == "sanction-exists"
    path = f"kept/{row['id']}/"
    assert post(bureau, f"{path}put-in-force/", {}).json()["code"] == "sanction-same-person"
    colleague = person(None, Post.REGION_SUPERVISOR)
    assert post(colleague, f"{path}put-in-force/", {}).json()["code"] == "sanction-decision-missing"
    document = SimpleUploadedFile("决定书.pdf", PDF)
    assert bureau.post(f"/sanctions/{path}document/", {"document": document}).status_code == 303
    assert post(colleague, f"{path}put-in-force/", {}).json()["put_in_force_by_name"] == "测试甲"
    found = anybody().get("/api/v1/sanctions/", {"q": supplier.uscc}).json()
    assert (found["total"], found["rows"][0]["returns_on"]) == (1, years_later(local_date(utc_now()), 2).isoformat())
    assert "entered_by_name" not in found["rows"][0]
    assert anybody().get(f"/api/v1/sanctions/{row['id']}/").json()["state"] == "in_force"
    assert bureau.get("/api/v1/sanctions/kept/").json()[0]["level"] == A
    assert person(B).get(f"/api/v1/sanctions/{path}").status_code == 404
    assert post(bureau, f"{path}annul/", {"reason": "录入有误"}).json()["sanction"]["state"] == "annulled"
    today = local_date(utc_now()).isoformat()
    late = {"ground": "court", "number": "1", "decided_on": today, "decided_by": "法院"}
    assert post(bureau, f"{path}lift/", late).status_code == 409


def test_the_table_for_spreadsheets() -> None:
    banned(make_supplier().uscc, party_name="=HYPERLINK(1)")
    answer = anybody().get("/sanctions/table.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[1][3] == "'=HYPERLINK(1)"
    assert rows[1][5:7] == ["《中华人民共和国政府采购法》第七十七条第一款第（一）项", "提供虚假材料谋取中标、成交的"]
    assert rows[1][12] == "未知"


def test_statements_do_not_grow_with_the_list(bureau: Client) -> None:
    figures = []
    for more in (1, 6):
        for _ in range(more):
            banned(make_supplier().uscc)
        for client, path in (
            (anybody(), "/sanctions/"),
            (bureau, "/sanctions/kept/"),
            (anybody(), "/sanctions/table.csv"),
        ):
            with counted() as found:
                client.get(path)
            figures.append(len(found))
    assert figures[:3] == figures[3:]
    assert max(figures) <= STATEMENTS_MAX, figures
