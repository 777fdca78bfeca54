"""Bulk import on pages: send a table, see what it changes, confirm, watch, fetch results; strangers see nothing."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from kernel.spreadsheets import CONTENT_TYPE
from shared_apps.exchange import services
from shared_apps.exchange.kinds import KINDS
from shared_apps.exchange.models import Import
from shared_apps.exchange.services import receiving
from shared_apps.products.models import Offer
from tests.factories.exchange import Seller, as_csv, as_xlsx, make_seller, offer_row
from tests.factories.goods import make_offer, make_product
from tests.factories.people import make_user, sign_in
from webkit.latin import latin_words

PAGE = "/exchange/tables/offers/"


@pytest.fixture
def seller(room: None) -> Seller:
    return make_seller()


@pytest.fixture
def browser(seller: Seller, client: Client) -> Client:
    return sign_in(client, seller.user)


def send(client: Client, content: bytes, name: str = "报价.xlsx") -> Any:
    return client.post(PAGE, {"file": SimpleUploadedFile(name, content, CONTENT_TYPE)})


def text(answer: Any) -> str:
    return b"".join(answer).decode() if answer.streaming else answer.content.decode()


def test_send_preview_confirm_and_fetch_the_result(browser: Client, seller: Seller) -> None:
    product, offer = make_product(), make_offer(make_product(), seller.supplier, reference_price="90.00")
    rows = [
        offer_row("A-1", product.code), offer_row("A-2", offer.product.code, "19.00"), offer_row("A-3", "NONE"),
    ]  # fmt: skip
    answer = send(browser, as_xlsx(rows))
    assert answer.status_code == 303
    page = text(browser.get(answer["Location"]))
    assert "新增 1 行，变更 1 行，不变 0 行，有误 1 行" in page
    assert "商品库中没有该编号的商品" in page
    assert latin_words(page) == []
    assert Offer.objects.filter(supplier=seller.supplier).count() == 1
    assert browser.post(f"{answer['Location']}confirm/").status_code == 303
    page = text(browser.get(answer["Location"]))
    assert "已保存 2 行，共 2 行" in page
    assert Offer.objects.filter(supplier=seller.supplier).count() == 2
    result = text(browser.get(f"{answer['Location']}result.csv"))
    assert [line.split(",")[-2] for line in result.splitlines()[1:]] == ["新增", "变更", "有误"]
    wrong = browser.get(f"{answer['Location']}wrong.xlsx")
    assert wrong["Content-Type"] == CONTENT_TYPE
    assert browser.post(f"{answer['Location']}confirm/").status_code == 409
    listing = text(browser.get("/exchange/"))
    assert "报价.xlsx" in listing
    assert latin_words(listing) == []


def test_a_large_table_is_watched_and_broken_off(
    browser: Client, seller: Seller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "SMALL_BYTES_MAX", 0)
    address = send(browser, as_csv([offer_row("A-1", make_product().code)]), "a.csv")["Location"]
    page = text(browser.get(f"{address}progress/"))
    assert 'hx-trigger="every 1s"' in page
    assert "等待读取" in page
    services.run_import(import_id=Import.objects.get().pk)
    page = text(browser.get(f"{address}progress/"))
    assert "every 1s" not in page
    assert "保存 1 行" in page
    assert browser.post(f"{address}cancel/").status_code == 303
    assert "已中止" in text(browser.get(address))
    assert browser.post(f"{address}cancel/").status_code == 409


def test_the_template_offers_what_the_columns_take_and_the_export_comes_back_unchanged(
    browser: Client, seller: Seller
) -> None:
    make_offer(make_product(), seller.supplier)
    template = browser.get(f"{PAGE}template.xlsx")
    sheet = load_workbook(io.BytesIO(template.content)).worksheets[0]
    assert [cell.value for cell in sheet[1]] == [str(column.label) for column in KINDS["offers"].columns]
    exported = browser.get(f"{PAGE}export.csv")
    assert exported.streaming
    answer = send(browser, b"".join(exported), "导出.csv")
    assert "不变 1 行" in text(browser.get(answer["Location"]))


def test_a_form_without_a_file_is_explained(browser: Client) -> None:
    for fields in ({}, {"file": "x"}, {"other": SimpleUploadedFile("a.csv", b"a")}):
        answer = browser.post(PAGE, fields)
        assert answer.status_code == 400
        assert latin_words(text(answer)) == []
    assert Import.objects.count() == 0


def test_strangers_see_nothing(browser: Client, seller: Seller) -> None:
    address = send(browser, as_csv([offer_row("A-1", make_product().code)]), "a.csv")["Location"]
    other = sign_in(Client(), make_seller().user)
    for name in ("", "progress/", "wrong.xlsx", "result.csv"):
        assert other.get(f"{address}{name}").status_code == 404
    for name in ("confirm/", "cancel/"):
        assert other.post(f"{address}{name}").status_code == 404
    assert "a.csv" not in text(other.get("/exchange/"))
    number = re.search(r"/imports/(\d+)/", address)
    assert number is not None
    assert other.get(f"/api/v1/exchange/imports/{number[1]}/").status_code == 404
    assert other.get("/api/v1/exchange/imports/").json() == []
    assert browser.get(f"/api/v1/exchange/imports/{number[1]}/").json()["new"] == 1
    assert browser.get("/exchange/tables/none/").status_code == 404
    nobody = sign_in(Client(), make_user())
    assert nobody.get("/exchange/").status_code == 403
    assert nobody.get(address).status_code == 403
