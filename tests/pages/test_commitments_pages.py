"""The sums of the year, exception documents, canteen food, shares and the trying out, through Django's client."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kernel.clock import fiscal_year, local_date, utc_now
from kernel.posts import Post
from tenant_apps.commitments.models import ReliefPurchase, SplitException
from tenant_apps.orders.models import OrderDecision
from tenants.database.context import tenant_selected
from tests.factories.files import pdf
from tests.factories.orders import Shop, make_shop
from tests.factories.people import join, make_organisation, make_user, sign_in
from tests.factories.rules import verified_threshold
from tests.factories.statements import counted
from webkit.latin import latin_words


@pytest.fixture
def shop(settings: Any, tmp_path: Any) -> Shop:
    settings.YZ_FILES_DIR = tmp_path
    made = make_shop()
    verified_threshold(amount="100.00")
    return made


def client_of(shop: Shop, post: Post) -> Client:
    if post not in shop.people:
        bureau = make_organisation("finance_bureau", f"F{shop.tenant}", "测试财政局", shop.tenant)
        shop.people[post] = make_user(name="测试监")
        join(shop.people[post], bureau, [post])
    return sign_in(Client(), shop.people[post], shop.tenant)


def test_the_checkout_shows_the_sums_before_anything_is_sent(shop: Shop) -> None:
    order = shop.submit(quantity=4)
    shop.fill_cart(quantity=2)
    clerk = client_of(shop, Post.BUYER_CLERK)
    with counted() as statements:
        page = clerk.get(f"/checkout/{shop.supplier.pk}/")
    text = page.content.decode()
    assert page.status_code == 200
    assert "本单计入的全年累计" in text
    assert "超出限额" in text
    assert str(order.number) in text
    assert "上传例外文件" in text
    assert latin_words(text) == []
    assert len(statements) <= 16, "\n".join(statements)


def test_a_document_is_filed_accepted_and_lets_the_order_pass(shop: Shop) -> None:
    shop.submit(quantity=4)
    clerk, bureau = client_of(shop, Post.BUYER_CLERK), client_of(shop, Post.TIER_SUPERVISOR)
    form = {
        "unit_id": shop.unit_id, "fiscal_year": fiscal_year(utc_now()), "budget_item": "办公用品购置",
        "code": "A05040100", "kind": "method_approved", "up_to": "200.00", "document_number": "县财购〔2026〕3号",
        "document_on": local_date(utc_now()).isoformat(), "reason": "经批准分期采购",
    }  # fmt: skip
    address = "/commitments/exceptions/new/"
    assert clerk.get(f"{address}?code=A05040100&budget_item=办公用品购置").status_code == 200
    assert clerk.post(address, form).status_code == 400
    sent = clerk.post(address, {**form, "file": SimpleUploadedFile("批复.pdf", pdf())})
    assert sent.status_code == 303, sent.content.decode()[:3000]
    page = bureau.get(sent["Location"])
    assert "经批准分期采购" in page.content.decode()
    assert latin_words(page.content.decode()) == []
    with tenant_selected(shop.tenant):
        row = SplitException.objects.get()
    assert bureau.get(f"/files/{row.file_key}/").status_code == 200
    step = f"/commitments/exceptions/{row.pk}/step/"
    assert clerk.post(step, {"action": "accept", "version": "1"}).status_code == 403
    assert bureau.post(step, {"action": "refuse", "version": "1"}).status_code == 400
    assert bureau.post(step, {"action": "accept", "version": "1"}).status_code == 303
    assert bureau.post(step, {"action": "accept", "version": "1"}).status_code == 409
    order = shop.submit(quantity=2)
    with tenant_selected(shop.tenant):
        said = OrderDecision.objects.get(order=order, rule="R-SPLIT-DECENTRALISED").content
    assert said["explanation"] == "split_decentralised.excepted"
    listed = bureau.get("/commitments/exceptions/").content.decode()
    assert "已确认" in listed
    table = bureau.get("/commitments/exceptions.csv").content.decode()
    assert "县财购〔2026〕3号" in table


def test_sums_and_shares_with_their_tables(shop: Shop) -> None:
    shop.submit(quantity=4)
    clerk, bureau = client_of(shop, Post.BUYER_CLERK), client_of(shop, Post.TIER_SUPERVISOR)
    for client, address, words in (
        (clerk, "/commitments/", ["接近限额", "办公用品购置", "包含 1 个订单"]),
        (bureau, f"/commitments/?unit={shop.unit_id}", ["接近限额"]),
        (bureau, "/bureau/shares/", ["100.0%", "未核实", "尚未申报"]),
        (bureau, f"/bureau/shares/?unit={shop.unit_id}", ["按月"]),
    ):
        with counted() as statements:
            page = client.get(address)
        text = page.content.decode()
        assert page.status_code == 200, address
        assert [word for word in words if word not in text] == [], address
        assert latin_words(text) == [], address
        assert len(statements) <= 12, "\n".join(statements)
    assert "A05040101,80.00,2000000.00,0.0,100.00,80.0" in clerk.get("/commitments/sums.csv").content.decode()
    assert "80.00,80.00,100.0" in bureau.get("/bureau/shares.csv").content.decode()
    assert clerk.get("/bureau/shares/").status_code == 403
    assert clerk.get("/commitments/?unit=999").status_code == 404
    assert client_of(shop, Post.SUPPLIER_SALES).get("/commitments/").status_code == 403


def test_canteen_food_on_its_page(shop: Shop) -> None:
    clerk = client_of(shop, Post.BUYER_CLERK)
    base = {"unit_id": shop.unit_id}
    declared = {**base, "fiscal_year": fiscal_year(utc_now()), "has_canteen": "on", "food_planned": ""}
    assert clerk.post("/commitments/food/declare/", declared).status_code == 400
    assert clerk.post("/commitments/food/declare/", {**declared, "food_planned": "2000.00"}).status_code == 303
    report = {**base, "bought_on": local_date(utc_now()).isoformat(), "amount": "300.00", "receipt_number": "832-1"}
    assert clerk.post("/commitments/food/report/", report).status_code == 303
    assert clerk.post("/commitments/food/report/", report).status_code == 409
    text = clerk.get("/commitments/food/").content.decode()
    assert "15.0%" in text
    assert latin_words(text) == []
    with tenant_selected(shop.tenant):
        purchase = ReliefPurchase.objects.get()
    assert clerk.post(f"/commitments/food/{purchase.pk}/take-back/").status_code == 303
    assert "已撤回" in clerk.get("/commitments/food/").content.decode()


@pytest.mark.parametrize("post", [Post.BUYER_CLERK, Post.BUYER_APPROVER, Post.TIER_SUPERVISOR])
def test_a_purchase_is_tried_out_with_every_explanation_and_nothing_kept(shop: Shop, post: Post) -> None:
    shop.submit(quantity=4)
    client = client_of(shop, post)
    asked = {
        "amount": "40.00", "item": "A05040101", "unit": str(shop.unit_id), "budget_item": "办公用品购置",
        "supplier_size": "large", "on": local_date(utc_now()).isoformat(),
    }  # fmt: skip
    with tenant_selected(shop.tenant):
        before = OrderDecision.objects.count()
    page = client.get("/bureau/what-if/", asked)
    text = page.content.decode()
    assert page.status_code == 200
    assert "按现行规则不能采购" in text
    assert "第二十八条" in text
    assert "平台提议，未核实" in text
    assert latin_words(text) == []
    answer = client.get("/api/v1/bureau/what-if/", asked).json()
    decided = {one["rule"]: one for one in (answer if isinstance(answer, list) else answer["results"])}
    assert decided["R-SPLIT-DECENTRALISED"]["allowed"] is False
    assert decided["R-SPLIT-DECENTRALISED"]["facts"]["after"] == "120.00"
    assert decided["R-SME-SHARE"]["warned"] is False or decided["R-SME-SHARE"]["allowed"] is True
    green = client.get("/bureau/what-if/", {**asked, "item": "A02010105"}).content.decode()
    assert "没有有效的节能产品认证证书" in green
    assert client.get("/bureau/what-if/", {**asked, "item": "XX"}).status_code == 400
    assert client.get("/bureau/what-if/", {**asked, "unit": "999"}).status_code == 404
    with tenant_selected(shop.tenant):
        assert OrderDecision.objects.count() == before
