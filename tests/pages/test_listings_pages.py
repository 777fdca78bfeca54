"""Pages and API of offers: what each may do, what strangers get, tables, files."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kernel.clock import local_date, utc_now
from kernel.posts import Post
from shared_apps.accounts.models import User
from shared_apps.listings.models import ListingAppeal, OfferReview, ParameterValue
from shared_apps.products.models import Offer
from shared_apps.region_files.models import RegionFile
from shared_apps.suppliers.models import Supplier
from tests.factories.cast import build_cast
from tests.factories.goods import make_product, make_supplier
from tests.factories.listings import decided, drafted, submitted
from tests.factories.people import actor_of, join, make_organisation, make_user, sign_in

A = "990001"
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
FORM = {
    "price": "20.00", "reference_price": "25.00", "min_quantity": "1", "delivery_days": "3", "stock_note": "",
    "valid_from": "", "valid_to": "", "vat_rate": "0.01", "area_code": ["650000", ""], "area_freight": ["0", ""],
    "area_surcharge": ["0", ""],
}  # fmt: skip


class Stage:
    """A supplier with its seller, a reviewer, and a second supplier's seller."""

    def __init__(self) -> None:
        people = build_cast(A).people
        self.cpb, self.region = people[Post.CPB_OPERATOR], people[Post.REGION_SUPERVISOR]
        self.seller, self.supplier = self._seller("供应商甲")
        self.rival, self.other = self._seller("供应商乙")

    def _seller(self, name: str) -> tuple[User, Supplier]:
        company = make_organisation("supplier", None, name, None)
        user = make_user(name="测试销售")
        join(user, company, [Post.SUPPLIER_SALES])
        return user, make_supplier(name, organisation_id=company.pk)

    def client(self, user: User) -> Client:
        return sign_in(Client(HTTP_HOST="localhost"), user)


@pytest.fixture
def stage(room: None) -> Stage:
    return Stage()


def rows_of(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_a_supplier_writes_submits_and_prices_its_offer_on_the_pages(stage: Stage) -> None:
    client = stage.client(stage.seller)
    product = make_product()
    made = client.post("/supplier/offers/new/", {**FORM, "product_code": product.code})
    offer = Offer.objects.get(product=product)
    assert (made.status_code, made["Location"]) == (303, f"/supplier/offers/{offer.pk}/")
    assert (offer.state, offer.areas.get().division_code, str(offer.vat_rate)) == ("draft", "650000", "0.01")
    twice = client.post("/supplier/offers/new/", {**FORM, "product_code": product.code})
    assert twice.status_code == 409
    bad = client.post(f"/supplier/offers/{offer.pk}/edit/", {**FORM, "price": "-1", "area_code": ["659999", ""]})
    assert (bad.status_code, "659999" in bad.content.decode()) == (400, False)
    assert client.post(f"/supplier/offers/{offer.pk}/edit/", {**FORM, "price": "19.00"}).status_code == 303
    assert client.post(f"/supplier/offers/{offer.pk}/submit/").status_code == 303
    review = OfferReview.objects.get()
    reviewer = stage.client(stage.cpb)
    decide = f"/library/review/offers/{offer.pk}/reviews/{review.pk}/"
    assert reviewer.post(decide, {"decision": "reject", "reason": ""}).status_code == 400
    assert reviewer.post(decide, {"decision": "approve", "reason": ""}).status_code == 303
    assert (
        client.post(f"/supplier/offers/{offer.pk}/price/", {"price": "24.00", "reference_price": ""}).status_code == 303
    )
    offer.refresh_from_db()
    assert (str(offer.price), str(offer.pending_price)) == ("19.00", "24.00")
    assert client.post(f"/supplier/offers/{offer.pk}/price/withdraw/").status_code == 303
    service = {"stock_note": "现货", "delivery_days": "2", "valid_to": ""}
    assert client.post(f"/supplier/offers/{offer.pk}/service/", service).status_code == 303
    assert client.post(f"/supplier/offers/{offer.pk}/withdraw/", {"reason": "停产"}).status_code == 303
    offer.refresh_from_db()
    assert (offer.state, offer.stock_note, offer.pending_price) == ("delisted", "现货", None)


def test_another_supplier_finds_nothing_and_changes_nothing(stage: Stage) -> None:
    offer = drafted(actor_of(stage.seller), stage.supplier.pk)
    rival = stage.client(stage.rival)
    assert rival.get(f"/supplier/offers/{offer.pk}/").status_code == 404
    for action, body in (("submit", {}), ("withdraw", {"reason": ""}), ("price", {"price": "1.00"})):
        assert rival.post(f"/supplier/offers/{offer.pk}/{action}/", body).status_code == 404
        answer = rival.post(f"/api/v1/supplier/offers/{offer.pk}/{action}/", body, "application/json")
        assert answer.status_code == 403
    assert rival.get(f"/library/review/offers/{offer.pk}/").status_code == 403
    assert len(rows_of(rival.get("/supplier/offers/offers.csv"))) == 1
    assert Offer.objects.get().state == "draft"


def test_reviewers_see_the_findings_decide_together_and_take_the_table_along(stage: Stage) -> None:
    seller = actor_of(stage.seller)
    fine = submitted(seller, stage.supplier.pk, title="=SUM(A1) 测试用纸")
    dear = submitted(seller, stage.supplier.pk, title="测试 最佳 纸", price="30.00", reference="25.00")
    client = stage.client(stage.cpb)
    page = client.get("/library/review/offers/").content.decode()
    assert page.index("SUM(A1)") < page.index("测试 最佳 纸"), "in the order they were asked for"
    assert "高于参考价" in page
    assert client.get("/library/review/offers/badge/").content == b"2"
    table = rows_of(client.get("/library/review/offers/reviews.csv"))
    assert len(table) == 3
    assert table[1][1].startswith("'=SUM"), "no formula for a spreadsheet"
    assert len(rows_of(client.get("/library/review/offers/reviews.csv?severity=block"))) == 2
    batch = client.post(
        "/library/review/offers/decide/", {"review_ids": [fine.pk, dear.pk], "decision": "approve", "reason": ""}
    )
    assert batch.status_code == 303
    assert set(OfferReview.objects.values_list("state", flat=True)) == {"approved", "open"}
    shown = client.get("/library/review/offers/").content.decode()
    assert "已决定 1 项" in shown
    assert "检查发现必须先整改的问题" in shown
    answer = client.post(
        "/api/v1/library/review/offers/decide/",
        {"review_ids": [fine.pk, dear.pk], "decision": "reject", "reason": "高于参考价"},
        "application/json",
    )
    assert answer.json() == {
        "outcomes": [{"review_id": fine.pk, "problem": "wrong-state"}, {"review_id": dear.pk, "problem": ""}]
    }


def test_an_appeal_with_a_file_that_only_those_concerned_open(stage: Stage) -> None:
    offer = decided(actor_of(stage.seller), stage.supplier.pk, actor_of(stage.cpb), approve=False)
    client = stage.client(stage.seller)
    sent = {"reason": "图片为实物", "file": SimpleUploadedFile("照片.pdf", PDF)}
    wrong = {"reason": "图片为实物", "file": SimpleUploadedFile("x.pdf", b"<script>alert(1)</script>")}
    assert client.post(f"/supplier/offers/{offer.pk}/appeal/", wrong).status_code == 400
    # A browser sends a file that was not chosen as an empty field; another text there is a strange one.
    assert client.post(f"/supplier/offers/{offer.pk}/appeal/", {"reason": "", "file": ""}).status_code == 400
    assert client.post(f"/supplier/offers/{offer.pk}/appeal/", {"reason": "甲", "file": "乙"}).status_code == 400
    assert not ListingAppeal.objects.exists()
    assert client.post(f"/supplier/offers/{offer.pk}/appeal/", sent).status_code == 303
    appeal = ListingAppeal.objects.get()
    key = RegionFile.objects.get().key
    assert appeal.file_key == key
    opened = {name: stage.client(user).get(f"/files/{key}/").status_code for name, user in vars(stage).items()
              if isinstance(user, User)}  # fmt: skip
    assert opened == {"cpb": 200, "region": 200, "seller": 200, "rival": 404}
    own = stage.client(stage.cpb)
    refused = own.post(f"/library/review/offers/appeals/{appeal.pk}/decide/", {"outcome": "grant", "decision": "同意"})
    assert (refused.status_code, "须由他人处理" in refused.content.decode()) == (403, True)
    granted = stage.client(stage.region).post(
        f"/library/review/offers/appeals/{appeal.pk}/decide/", {"outcome": "grant", "decision": "属实"}
    )
    assert granted.status_code == 303
    assert Offer.objects.get(pk=offer.pk).state == "listed"


def test_figures_are_the_regions_to_set(stage: Stage) -> None:
    body = {"name": "review_working_days", "value": "5", "valid_from": "2099-01-01", "source": "测试文件"}
    assert stage.client(stage.cpb).post("/library/review/offers/settings/figures/", body).status_code == 403
    region = stage.client(stage.region)
    assert region.post("/library/review/offers/settings/figures/", {**body, "value": "1.5"}).status_code == 400
    assert region.post("/library/review/offers/settings/figures/", body).status_code == 303
    assert str(ParameterValue.objects.get().value) == "5.00"
    page = region.get("/library/review/offers/settings/").content.decode()
    assert "建议值，未核实" in page
    assert "广告法" in page
    word = {"word": "第一", "change": "add", "source": "测试文件"}
    assert region.post("/library/review/offers/settings/words/", word).status_code == 303
    assert region.post("/library/review/offers/settings/words/", word).status_code == 409


def test_the_api_writes_an_offer_from_draft_to_review(stage: Stage) -> None:
    client = stage.client(stage.seller)
    body = {
        "product_code": make_product().code, "price": "20.00", "reference_price": "25.00", "delivery_days": 3,
        "areas": [{"division_code": "650000", "freight": "0.00", "surcharge": "0.00"}],
    }  # fmt: skip
    made = client.post("/api/v1/supplier/offers/", body, "application/json")
    assert made.status_code == 201, made.content
    offer_id = made.json()["offers"][0]["id"]
    twice = {**body, "areas": body["areas"] * 2}  # type: ignore[operator]
    assert client.post("/api/v1/supplier/offers/", twice, "application/json").json()["errors"].keys() == {"areas"}
    shown = client.post(f"/api/v1/supplier/offers/{offer_id}/submit/", {}, "application/json").json()
    assert (shown["offer"]["state"], shown["reviews"][0]["state"]) == ("machine_checked", "open")
    assert shown["areas"] == [{"division_code": "650000", "freight": "0.00", "surcharge": "0.00"}]
    page = stage.client(stage.cpb).get("/api/v1/library/review/offers/").json()
    assert [row["offer_id"] for row in page["reviews"]] == [offer_id]


def test_offers_that_end_soon_are_renewed_on_their_page_and_by_program(stage: Stage) -> None:
    seller = actor_of(stage.seller)
    today = local_date(utc_now())
    soon, later = today + timedelta(days=5), (today + timedelta(days=300)).isoformat()
    one, two = (
        decided(seller, stage.supplier.pk, actor_of(stage.cpb), valid_to=soon, title=title) for title in ("甲", "乙")
    )
    mine, rival = stage.client(stage.seller), stage.client(stage.rival)
    page = "/supplier/offers/ending/"
    shown = mine.get(page).content.decode()
    assert f'value="{one.pk}"' in shown
    assert f'value="{two.pk}"' in shown
    assert f'value="{one.pk}"' not in rival.get(page).content.decode()
    renew = {"offer_ids": [one.pk], "valid_to": later}
    assert rival.post("/supplier/offers/renew/", renew).status_code == 403
    assert mine.post("/supplier/offers/renew/", {**renew, "valid_to": today.isoformat()}).status_code == 400
    assert mine.post("/supplier/offers/renew/", renew).status_code == 303
    assert [row["id"] for row in mine.get("/api/v1/supplier/offers/ending/").json()["offers"]] == [two.pk]
    answer = mine.post(
        "/api/v1/supplier/offers/ending/", {"offer_ids": [two.pk, one.pk]}, content_type="application/json"
    ).json()
    assert [(row["offer_id"], row["problem"]) for row in answer["renewals"]] == [(two.pk, ""), (one.pk, "")]
    assert set(Offer.objects.values_list("valid_to", flat=True)) == {None}
