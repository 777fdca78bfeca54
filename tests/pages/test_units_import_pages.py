"""The bureau enters its units by Excel, on pages and by program."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kernel.spreadsheets import CONTENT_TYPE, read_rows
from shared_apps.accounts.rules import OrganisationKind
from tenant_apps.budgets.models import BudgetUnit
from tenant_apps.budgets.unit_rows import COLUMNS
from tenants.database.context import tenant_selected
from tests.factories.people import make_organisation, make_user, sign_in
from tests.factories.units import make_bureau_person
from tests.factories.workbooks import bad_cells, bad_files, workbook
from webkit.latin import latin_words

A = "990001"
PAGE = "/bureau/units/import/"


@pytest.fixture
def bureau(client: Client) -> Client:
    for code in ("001", "002"):
        make_organisation(OrganisationKind.BUDGET_UNIT, code, f"机构{code}", A)
    return sign_in(client, make_bureau_person(A), A)


def send(client: Client, content: bytes, name: str = "units.xlsx") -> Any:
    return client.post(PAGE, {"file": SimpleUploadedFile(name, content, CONTENT_TYPE)})


def stored() -> list[tuple[str, str]]:
    with tenant_selected(A):
        return list(BudgetUnit.objects.order_by("code").values_list("code", "name"))


def confirmed(client: Client, answer: Any) -> Any:
    data = unescape(re.search(r'name="rows" value="([^"]*)"', answer.content.decode()).group(1))  # type: ignore[union-attr]
    return client.post(f"{PAGE}confirm/", {"rows": data})


def test_upload_preview_confirm(bureau: Client) -> None:
    answer = send(bureau, workbook([("001", "第一中学", None), ("002", "第二中学", None)]))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "新增 2 个" in page
    assert latin_words(page) == []
    assert stored() == []
    assert confirmed(bureau, answer).status_code == 303
    assert stored() == [("001", "第一中学"), ("002", "第二中学")]
    again = send(bureau, workbook([("001", "第一中学", None), ("002", "实验中学", None)]))
    assert "更名 1 个，不变 1 个" in again.content.decode()
    assert confirmed(bureau, again).status_code == 303
    assert stored() == [("001", "第一中学"), ("002", "实验中学")]


def test_wrong_cells_are_listed_and_nothing_can_be_confirmed(bureau: Client) -> None:
    rows = [row for row, _column in bad_cells().values()]
    answer = send(bureau, workbook([("001", "好单位", None), *rows]))
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "未保存任何内容" in page
    assert 'name="rows"' not in page
    assert page.count("<tr><th scope") >= len(rows)
    assert stored() == []


@pytest.mark.parametrize("name", list(bad_files()))
def test_a_bad_file_is_explained(bureau: Client, name: str) -> None:
    answer = send(bureau, bad_files()[name][0], name="../../x\u202e.xlsx")
    assert answer.status_code == 400
    assert latin_words(answer.content.decode()) == []
    assert stored() == []


@pytest.mark.parametrize(
    "rows",
    ["", "[]", "{}", "x", "[1]", '[{"code": "001"}]', '[{"code": "001", "name": "甲", "x": 1}]', "[" * 2000,
     '[{"code": "001", "name": "甲\\u202e"}]', '[{"code": "001", "code": "002", "name": "甲"}]', "NaN",
     '[{"code": "009", "name": "甲"}]', "9" * 5000],
)  # fmt: skip
def test_a_bad_confirmation_stores_nothing(bureau: Client, rows: str) -> None:
    answer = bureau.post(f"{PAGE}confirm/", {"rows": rows})
    assert answer.status_code == 400, answer.content.decode()[:300]
    assert stored() == []


def test_no_file_two_files_and_stray_fields(bureau: Client) -> None:
    content = workbook([("001", "甲", None)])
    for fields in (
        {}, {"file": "text"}, {"other": SimpleUploadedFile("a.xlsx", content)},
        {"file": [SimpleUploadedFile("a.xlsx", content), SimpleUploadedFile("b.xlsx", content)]},
        {"file": SimpleUploadedFile("a.xlsx", content), "x": "1"},
    ):  # fmt: skip
        assert bureau.post(PAGE, fields).status_code == 400
    assert stored() == []


def test_template_and_export(bureau: Client) -> None:
    answer = bureau.get("/bureau/units/template.xlsx")
    assert answer["Content-Type"] == CONTENT_TYPE
    assert answer["Content-Disposition"].startswith("attachment")
    send_back = send(bureau, answer.content)
    assert send_back.status_code == 400  # a template without rows
    confirmed(bureau, send(bureau, workbook([("001", "第一中学", None)])))
    rows = read_rows(bureau.get("/bureau/units.xlsx").content, columns=COLUMNS)
    assert [dict(row.values) for row in rows] == [
        {"code": "001", "name": "第一中学", "organisation_code": "001", "organisation_name": "机构001"}
    ]


def test_the_program_s_way(bureau: Client) -> None:
    def post(rows: object) -> Any:
        return bureau.post("/api/v1/budget-units/import/", {"rows": rows}, content_type="application/json")

    good = [{"code": "001", "name": "第一中学"}, {"code": "002", "name": "第二中学", "organisation_code": "002"}]
    refused = post([*good, {"code": "777", "name": "无机构"}])
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid-input")
    assert stored() == []
    assert post(good).json() == {"created": 2, "renamed": 0, "unchanged": 0, "awaited": 0}
    assert post(good).json() == {"created": 0, "renamed": 0, "unchanged": 2, "awaited": 0}
    assert len(stored()) == 2


def test_others_may_not(client: Client) -> None:
    stranger = sign_in(client, make_user(), A)
    assert send(stranger, workbook([("001", "甲", None)])).status_code == 403
    assert stranger.get("/bureau/units/template.xlsx").status_code == 403
