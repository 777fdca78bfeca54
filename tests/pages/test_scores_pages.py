"""Scores, appeals and formulas on pages and by the API."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kernel.clock import local_date, utc_now
from kernel.posts import Post
from shared_apps.accounts.rules import OrganisationKind as Kind
from shared_apps.region_journal.models import RegionJournalEntry
from shared_apps.scores import services
from shared_apps.scores.models import OrderOutcome, ScoreAppeal, ScoreFormula, SupplierScore
from shared_apps.scores.rules import PROPOSAL
from shared_apps.suppliers.models import Supplier
from tenants.database.context import region_as
from tenants.journaling.relay import drain
from tests.database import wait_until_settled
from tests.factories.goods import make_supplier
from tests.factories.people import join, make_organisation, make_user, sign_in
from tests.factories.sanctions import PDF
from tests.factories.scores import orders, outcome
from tests.factories.statements import counted
from tests.pages.conftest import page_text

A, B = "990001", "990002"
STATEMENTS_MAX = 10


def person(kind: Kind, post: Post, tenant: str | None = None) -> Client:
    user = make_user(name="测试甲")
    organisation = make_organisation(kind, name="测试机构", tenant_code=tenant)
    join(user, organisation, [post])
    client = sign_in(Client(), user)
    client.organisation_id = organisation.pk  # type: ignore[attr-defined]
    return client


@pytest.fixture
def staff() -> Client:
    return person(Kind.REGION_FINANCE, Post.REGION_SUPERVISOR)


@pytest.fixture
def sales() -> Iterator[Client]:
    """Sales staff of a supplier with six orders in two malls, one declined and one refused."""
    client = person(Kind.SUPPLIER, Post.SUPPLIER_SALES)
    supplier = make_supplier("伊犁测试供应商", organisation_id=client.organisation_id)  # type: ignore[attr-defined]
    orders(supplier.pk, "good", "good", "good", "declined")
    orders(supplier.pk, "good", "refused", tenant=B, first=101)
    recompute()
    client.supplier = supplier  # type: ignore[attr-defined]
    return client  # type: ignore[return-value]


def recompute() -> None:
    with region_as("yz_region"):
        services.recompute(now=utc_now())


def supplier_of(client: Client) -> Supplier:
    return client.supplier  # type: ignore[attr-defined,no-any-return]


def post(client: Client, path: str, data: Any) -> Any:
    return client.post(f"/api/v1/{path}", json.dumps(data), content_type="application/json")


def _inbox(client: Client) -> str:
    wait_until_settled()
    drain(room="region", schema="public", now=utc_now())
    return page_text(client, "/inbox/")


def events() -> list[str]:
    rows = RegionJournalEntry.objects.filter(event__startswith="scores.").order_by("id")
    return list(rows.values_list("event", flat=True))


def test_a_supplier_sees_its_score_and_its_orders(sales: Client) -> None:
    # 20/6 declined, 50/5 refused
    page = page_text(sales, "/supplier/score/")
    assert "86.7" in page
    assert "评分方案为建议，尚无文件核实" in page
    assert page.count("<code>DD") == 6
    assert page_text(sales, "/supplier/score/?part=declined").count("<code>DD") == 1
    data = sales.get("/api/v1/supplier/score/").json()
    assert (data["score"]["score"], len(data["orders"]), data["more"]) == ("86.7", 6, False)
    assert [(part["part"], part["bad"], part["of"]) for part in data["score"]["parts"]] == [
        ("declined", 1, 6), ("expired", 0, 6), ("refused", 1, 5),
    ]  # fmt: skip


def test_everybody_sees_the_score_and_nobody_else_the_orders(sales: Client) -> None:
    supplier = supplier_of(sales)
    public = Client(HTTP_HOST="localhost")
    data = public.get(f"/api/v1/scores/suppliers/{supplier.pk}/").json()
    assert data["score"] == "86.7"
    assert "orders" not in data
    assert public.get("/api/v1/scores/suppliers/999999/").status_code == 404
    page = page_text(public, f"/library/suppliers/{supplier.pk}/")
    assert "86.7" in page
    assert "<code>DD" not in page
    rival = person(Kind.SUPPLIER, Post.SUPPLIER_SALES)
    assert rival.get("/supplier/score/").status_code == 404
    make_supplier(organisation_id=rival.organisation_id)  # type: ignore[attr-defined]
    page = page_text(rival, "/supplier/score/")
    assert "暂无评分" in page
    assert "<code>DD" not in page
    assert rival.get(f"/supplier/score/?supplier_id={supplier.pk}").status_code == 404
    fact = outcome(supplier.pk, 4)
    assert rival.get(f"/supplier/score/orders/{fact.pk}/appeal/").status_code == 404
    assert post(rival, f"supplier/score/orders/{fact.pk}/appeal/", {"reason": "x"}).status_code == 404


def test_an_accepted_appeal_leaves_the_order_out(sales: Client, staff: Client) -> None:
    supplier = supplier_of(sales)
    fact = outcome(supplier.pk, 4)
    path = f"/supplier/score/orders/{fact.pk}/appeal/"
    page_text(sales, path)
    assert sales.post(path, {"reason": ""}).status_code == 400
    paper = SimpleUploadedFile("停电通知.pdf", PDF)
    assert sales.post(path, {"reason": "当日停电，已电话说明", "paper": paper}).status_code == 303
    appeal = ScoreAppeal.objects.get()
    assert appeal.due_on == local_date(utc_now()) + timedelta(days=PROPOSAL.decide_days)
    assert sales.post(path, {"reason": "再次"}).status_code == 409
    assert "待处理" in page_text(sales, f"/supplier/score/appeals/{appeal.pk}/")
    assert "处理评分申诉" in _inbox(staff)
    assert "伊犁测试供应商" in page_text(staff, "/scores/appeals/")
    page = page_text(staff, f"/scores/appeals/{appeal.pk}/")
    assert "停电通知.pdf" in page
    assert staff.get(f"/files/{appeal.file}/").status_code == 200
    rival = person(Kind.SUPPLIER, Post.SUPPLIER_ADMIN)
    assert rival.get(f"/files/{appeal.file}/").status_code == 404
    assert rival.get(f"/supplier/score/appeals/{appeal.pk}/").status_code == 404
    assert staff.post(f"/scores/appeals/{appeal.pk}/accept/", {"reason": ""}).status_code == 400
    assert staff.post(f"/scores/appeals/{appeal.pk}/accept/", {"reason": "情况属实"}).status_code == 303
    # 50/5 refused alone, of five answered orders
    assert str(SupplierScore.objects.get(supplier_id=supplier.pk).score) == "90.0"
    assert "情况属实" in page_text(sales, f"/supplier/score/appeals/{appeal.pk}/")
    assert "处理评分申诉" not in _inbox(staff)
    assert staff.post(f"/scores/appeals/{appeal.pk}/dismiss/", {"reason": "x"}).status_code == 409
    assert events() == ["scores.appeal_filed", "scores.appeal_decided"]


def test_a_dismissed_appeal_changes_nothing_and_a_withdrawn_one_may_come_again(sales: Client, staff: Client) -> None:
    supplier = supplier_of(sales)
    fact = outcome(supplier.pk, 102)
    made = post(sales, f"supplier/score/orders/{fact.pk}/appeal/", {"reason": "货物完好"})
    assert (made.status_code, made.json()["order"]["bad_parts"]) == (201, ["refused"])
    key = made.json()["id"]
    assert sales.post(f"/supplier/score/appeals/{key}/withdraw/").status_code == 303
    key = post(sales, f"supplier/score/orders/{fact.pk}/appeal/", {"reason": "货物完好"}).json()["id"]
    assert post(sales, f"scores/appeals/{key}/dismiss/", {"reason": "x"}).status_code == 403
    assert post(staff, f"scores/appeals/{key}/dismiss/", {"reason": "验收单已载明"}).json()["state"] == "dismissed"
    assert post(sales, f"supplier/score/appeals/{key}/withdraw/", {}).status_code == 409
    assert post(sales, f"supplier/score/orders/{fact.pk}/appeal/", {"reason": "x"}).json()["code"] == "appeal-exists"
    recompute()
    assert str(SupplierScore.objects.get(supplier_id=supplier.pk).score) == "86.7"
    assert [row["state"] for row in staff.get("/api/v1/scores/appeals/?state=dismissed").json()] == ["dismissed"]


def test_what_cannot_be_appealed_against(sales: Client) -> None:
    supplier = supplier_of(sales)
    good = outcome(supplier.pk, 1)
    assert (
        post(sales, f"supplier/score/orders/{good.pk}/appeal/", {"reason": "x"}).json()["code"] == "nothing-to-appeal"
    )
    late = outcome(supplier.pk, 4)
    OrderOutcome.objects.filter(pk=late.pk).update(declined_at=utc_now() - timedelta(days=PROPOSAL.appeal_days + 1))
    answer = post(sales, f"supplier/score/orders/{late.pk}/appeal/", {"reason": "x"})
    assert (answer.status_code, answer.json()["code"]) == (409, "appeal-too-late")
    assert "申诉期限已过" in page_text(sales, f"/supplier/score/orders/{late.pk}/appeal/")
    assert not ScoreAppeal.objects.exists()


def formula(**changes: Any) -> dict[str, Any]:
    return {
        "name": "二〇二六年评分办法", "document_number": "新财购〔2026〕9号",
        "valid_from": local_date(utc_now()).isoformat(), "weight_declined": "10", "weight_expired": "10",
        "weight_refused": "80", "orders_min": "6", "window_days": "180", "appeal_days": "15", "decide_days": "10",
        **changes,
    }  # fmt: skip


def test_a_verified_formula_makes_the_scores(sales: Client, staff: Client) -> None:
    supplier = supplier_of(sales)
    page_text(staff, "/scores/formulas/new/")
    assert staff.post("/scores/formulas/new/", formula(weight_refused="79")).status_code == 400
    assert staff.post("/scores/formulas/new/", formula()).status_code == 303
    assert post(staff, "scores/formulas/enter/", formula()).json()["code"] == "formula-exists"
    recompute()
    assert SupplierScore.objects.get(supplier_id=supplier.pk).formula_version == 0
    assert "等待核实" in page_text(staff, "/scores/formulas/1/")
    assert staff.post("/scores/formulas/1/verify/", {"document_number": "别的号"}).status_code == 409
    assert staff.post("/scores/formulas/1/verify/", {"document_number": "新财购〔2026〕9号"}).status_code == 303
    assert post(staff, "scores/formulas/1/withdraw/", {"reason": "x"}).status_code == 409
    recompute()
    found = SupplierScore.objects.get(supplier_id=supplier.pk)
    # 10/6 declined, 80/5 refused
    assert (found.formula_version, str(found.score)) == (1, "82.3")
    assert "正在使用" in page_text(staff, "/scores/formulas/")
    assert [row["state"] for row in staff.get("/api/v1/scores/formulas/").json()] == ["verified", "proposal"]
    assert staff.get("/api/v1/scores/formulas/0/").json()["state"] == "proposal"
    page_text(staff, "/scores/formulas/0/")
    assert events() == ["scores.formula_entered", "scores.formula_verified"]


def test_a_formula_is_taken_back_and_refused(staff: Client) -> None:
    yesterday = (local_date(utc_now()) - timedelta(days=1)).isoformat()
    refused = post(staff, "scores/formulas/enter/", formula(valid_from=yesterday, weight_refused="81"))
    assert sorted(refused.json()["errors"]) == ["valid_from", "weight_refused"]
    assert post(staff, "scores/formulas/enter/", formula()).status_code == 201
    assert staff.post("/scores/formulas/1/withdraw/", {"reason": "录入有误"}).status_code == 303
    assert "录入有误" in page_text(staff, "/scores/formulas/1/")
    assert post(staff, "scores/formulas/enter/", formula()).json()["version"] == 2
    bureau = person(Kind.FINANCE_BUREAU, Post.TIER_SUPERVISOR, A)
    assert post(bureau, "scores/formulas/2/verify/", {"document_number": "x"}).status_code == 403
    assert ScoreFormula.objects.filter(verified_at=None).count() == 2


def test_the_list_is_sorted_filtered_and_downloaded(sales: Client, staff: Client) -> None:
    best, few = make_supplier("阿克苏测试供应商"), make_supplier("=塔城测试供应商")
    orders(best.pk, *["good"] * 9, first=201)
    orders(few.pk, "good", first=301)
    recompute()
    data = staff.get("/api/v1/scores/").json()
    assert [(row["supplier_name"], row["score"]) for row in data["scores"]] == [
        ("阿克苏测试供应商", "100.0"), ("伊犁测试供应商", "86.7"), ("=塔城测试供应商", None),
    ]  # fmt: skip
    lowest = staff.get("/api/v1/scores/?sort=score&scored=yes").json()
    assert [row["score"] for row in lowest["scores"]] == ["86.7", "100.0"]
    assert staff.get("/api/v1/scores/?q=塔城").json()["total"] == 1
    page = page_text(staff, "/scores/?sort=-refused")
    assert page.index("伊犁") < page.index("阿克苏")
    rows = list(csv.reader(io.StringIO(staff.get("/scores/table.csv").content.decode("utf-8-sig"))))
    assert [row[1:4] for row in rows[1:]] == [
        ["阿克苏测试供应商", "100.0", "9"], ["伊犁测试供应商", "86.7", "6"], ["'=塔城测试供应商", "", "1"],
    ]  # fmt: skip
    assert "没有计入订单的供应商" in page_text(staff, "/scores/?q=没有")


def test_statements_do_not_grow(sales: Client, staff: Client) -> None:
    supplier = supplier_of(sales)
    figures = []
    for start in (1000, 2000):
        orders(supplier.pk, *["declined"] * 5, first=start)
        for number in range(3):
            orders(make_supplier().pk, *["good"] * 5, first=start + 100 + 10 * number)
        recompute()
        paths = (
            (sales, "/supplier/score/"),
            (staff, "/scores/"),
            (staff, "/scores/table.csv"),
            (staff, "/scores/appeals/"),
        )
        for client, path in paths:
            with counted() as found:
                client.get(path)
            figures.append(len(found))
    assert figures[:4] == figures[4:]
    assert max(figures) <= STATEMENTS_MAX, figures
