"""The bureau takes over a mall that ran elsewhere: send, map codes, propose, confirm by a colleague, and read it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from kernel.spreadsheets import CONTENT_TYPE
from shared_apps.accounts.models import User
from tenant_apps.orders.models import Order
from tenant_apps.takeover.models import CodeMapping, TakenOrder
from tenant_apps.takeover.sheets import SHEETS
from tenants.database.context import tenant_selected
from tests.factories.orders import Shop, make_shop
from tests.factories.people import sign_in
from tests.factories.takeover import OLD_SKU, OLD_UNIT, Bureau, make_bureau, packed
from webkit.latin import latin_words

A = "990001"
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def world(kept_world: Callable[[], None]) -> tuple[Shop, Bureau]:
    made = make_shop(A), make_bureau(A)
    kept_world()
    return made


@pytest.fixture
def shop(world: tuple[Shop, Bureau]) -> Shop:
    return world[0]


@pytest.fixture
def bureau(world: tuple[Shop, Bureau]) -> Bureau:
    return world[1]


@pytest.fixture
def browser_of(bureau: Bureau) -> Any:
    def entered(actor: Any) -> Client:
        return sign_in(Client(), User.objects.get(pk=actor.user_id), A)

    return entered


def send(client: Client, content: bytes, name: str = "迁入.xlsx") -> Any:
    return client.post("/takeover/", {"file": SimpleUploadedFile(name, content, CONTENT_TYPE)})


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_from_the_first_look_to_the_order_page(shop: Shop, bureau: Bureau, browser_of: Any) -> None:
    client = browser_of(bureau.operator)
    package = packed(shop, states=("accepted", "paid"), mapped=False)
    address = send(client, package.xlsx())["Location"]
    page = text(client.get(address))
    assert re.findall(r"<code>(XX-001|SKU-77|wang01)</code>", page) == [OLD_UNIT, OLD_SKU, "wang01"]
    assert "提请迁入" not in page
    assert client.post(f"{address}propose/").status_code == 409
    number = address.split("/")[2]
    for kind, old, word, ours in (
        ("unit", OLD_UNIT, "测试第一", "001001"),
        ("product", OLD_SKU, shop.offer.product.code, shop.offer.product.code),
        ("person", "wang01", "", "-"),
    ):
        way = f"/takeover/codes/map/?kind={kind}&old_code={quote(old)}&package={number}"
        found = text(client.get(f"{way}&search={quote(word)}"))
        assert f'name="our_code" value="{ours}"' in found
        assert latin_words(found) == []
        assert (
            client.post(way, {"kind": kind, "old_code": old, "our_code": ours, "package": number})["Location"]
            == address
        )
    assert client.post(f"{address}judge/").status_code == 303
    page = text(client.get(address))
    assert latin_words(page) == []
    assert "分毫不差" in page
    assert client.post(f"{address}propose/").status_code == 303
    assert client.post(f"{address}confirm/").status_code == 403
    second = browser_of(bureau.proposer)
    assert second.post(f"{address}send-back/", {"reason": ""}).status_code == 400
    assert second.post(f"{address}confirm/").status_code == 303
    page = text(second.get(address))
    assert "已迁入 3 项，共 3 项" in page
    assert latin_words(page) == []
    with tenant_selected(A):
        order = Order.objects.get(pk=TakenOrder.objects.get(old_number="LD0002").order_id)
    shown = text(second.get(f"/orders/{order.pk}/"))
    assert shown.count("由原卖场迁入") == 2
    assert "ZFLD0002" in shown
    assert latin_words(shown) == []
    listing = text(second.get("/orders/?search=ld0002"))
    assert str(order.number) in listing
    assert text(second.get(f"{address}result.csv")).count("已迁入") == 3
    assert text(second.get(f"{address}sums.csv")).count("是\r") == 7


def test_wrong_cells_are_named_and_the_template_comes_with_choices(shop: Shop, bureau: Bureau, browser_of: Any) -> None:
    client = browser_of(bureau.operator)
    spoiled = packed(shop)
    spoiled["orders"][0]["total"] = "41.00"
    address = send(client, spoiled.xlsx())["Location"]
    page = text(client.get(address))
    assert "订单明细合计为 40.00。" in page
    assert latin_words(page) == []
    assert "订单明细合计为 40.00。" in text(client.get(f"{address}errors.csv"))
    assert client.post(f"{address}cancel/").status_code == 303
    assert client.post(f"{address}cancel/").status_code == 409
    book = load_workbook(io.BytesIO(client.get("/takeover/template.xlsx").content))
    assert book.sheetnames == [*(str(sheet.title) for sheet in SHEETS), "填写说明", "choices"]
    assert [cell.value for cell in book["订单"][1]][:2] == ["原订单号", "订单状态"]
    assert len(book["订单"].data_validations.dataValidation) == 2
    assert send(client, b"PK\x03\x04nothing").status_code == 400
    assert latin_words(text(client.get("/takeover/"))) == []
    with tenant_selected(A):
        assert CodeMapping.objects.count() == 3
    codes = text(client.get("/takeover/codes/?kind=unit"))
    assert OLD_UNIT in codes
    assert OLD_SKU not in codes
    assert latin_words(codes) == []
