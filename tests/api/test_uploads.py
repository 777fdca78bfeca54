"""Every hostile file at every door that takes files: refused, no row more, no object kept.

What each check is for stands in `tests/unit/kernel/test_file_kinds.py` and `test_spreadsheets.py`; here is asked
whether every door stands behind them. A door that is added without a line here fails the first test.
"""

from __future__ import annotations

import logging
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kernel.access import Route
from kernel.spreadsheets import CONTENT_TYPE
from tests.database import admin
from tests.factories import files as samples
from tests.factories.crowd import Crowd, make_crowd
from tests.factories.workbooks import bad_files
from tests.matrix import rooms
from tests.rows import RowCounter, changed
from webkit.latin import latin_words

ROOT = Path(__file__).parents[2]
CERTIFICATE = {
    "label": "energy", "number": "TEST-1", "body": "测试认证机构", "valid_from": "2026-01-01",
    "expires_on": "2099-12-31",
}  # fmt: skip
LICENCE = {"kind": "licence", "title": "营业执照"}
EXCEPTION = {
    "unit_id": "1", "fiscal_year": "2026", "budget_item": "测试", "code": "A05040100", "kind": "budget_adjusted",
    "up_to": "140.00", "document_number": "测试1号", "document_on": "2026-01-01", "reason": "测试",
}  # fmt: skip
# Route, the field of the file, and what the form needs beside it.
DOORS: dict[str, tuple[str, str, dict[str, str]]] = {
    "exchange:upload": ("shared_apps/exchange/web/tables.py", "file", {}),
    "budgets:import_lines": ("tenant_apps/budgets/web/importing.py", "file", {}),
    "budgets:import_units": ("tenant_apps/budgets/web/importing.py", "file", {}),
    "takeover:packages": ("tenant_apps/takeover/web/packages.py", "file", {}),
    "commitments:file_exception": ("tenant_apps/commitments/web/exceptions.py", "file", EXCEPTION),
    "supermarket:note": ("tenant_apps/supermarket/web/notes.py", "paper", {"text": "测试"}),
    "disputes:open": ("tenant_apps/disputes/web/views.py", "paper", {"text": "测试"}),
    "disputes:state": ("tenant_apps/disputes/web/views.py", "paper", {"text": "测试"}),
    "classification:import_items": ("shared_apps/classification/web/items.py", "file", {}),
    "agencies:files": ("shared_apps/agencies/web/own.py", "file", {"kind": "other"}),
    "sanctions:attach": ("shared_apps/sanctions/web/keeping.py", "document", {}),
    "suppliers:add_document": ("shared_apps/suppliers/web/applying.py", "file", {"kind": "licence"}),
    "products:add_own_image": ("shared_apps/products/web/supplying.py", "file", {"alt": "测试"}),
    "products:add_certificate": ("shared_apps/products/web/supplying.py", "file", CERTIFICATE),
    "scores:file_appeal": ("shared_apps/scores/web/supplier.py", "paper", {"reason": "测试"}),
    "listings:appeal_offer": ("shared_apps/listings/web/form.py", "file", {"reason": "测试"}),
    "fees_api:import_receipts": ("shared_apps/fees/api/statements.py", "file", {}),
    "exchange_api:send_table": ("shared_apps/exchange/api/views.py", "file", {}),
    "products_api:add_image": ("shared_apps/products/api/papers.py", "file", {"alt": "测试"}),
    "products_api:add_certificate": ("shared_apps/products/api/papers.py", "file", CERTIFICATE),
    "suppliers_api:add_document": ("shared_apps/suppliers/api/papers.py", "file", LICENCE),
}
SPREADSHEETS = (
    "bomb", "lying bomb", "zip in zip", "slip", "absolute", "drive", "300 letters", "link", "external entity", "macros",
    "polyglot", "html", "nothing", "old format or password", "5,000 members",
)  # fmt: skip
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
NAMES = (
    "../../etc/passwd.xlsx", "..\\..\\a.xlsx", "a" * 300 + ".xlsx", "a\u202excod.exe", ".htaccess", "/etc/cron.d/x",
)  # fmt: skip


def hostile() -> dict[str, bytes]:
    sheets = {name: bad_files()[name][0] for name in SPREADSHEETS}
    zipped = samples.packed({"a.txt": "x"})
    return {
        **sheets,
        "svg": SVG,
        "page": b"<!doctype html><script>alert(1)</script>",
        "program": b"MZ\x90\x00" + b"\x00" * 200,
        "pdf and zip": samples.pdf() + zipped,
        "picture with a page": samples.png(b"<script>alert(1)</script>", side=200),
        "picture with a tail": samples.jpeg() + zipped,
        "table with markup": b"a,b\n<script>alert(1)</script>,1\n",
        "table with NUL": b"a,b\n\x00,1\n",
        "21 MB": b"PK\x03\x04" + b"\x00" * (21 * 1024 * 1024),
    }


@pytest.fixture
def crowd(room: None, settings: Any, caplog: pytest.LogCaptureFixture, tmp_path: Path) -> Crowd:
    settings.YZ_WRITES_PER_MINUTE = 10**9
    caplog.set_level(logging.ERROR)
    crowd = make_crowd()
    for host in ("region", "tenant"):
        crowd.sign_in_for([route for route in rooms()[host] if route.name in DOORS], host)
    settings.YZ_FILES_DIR = tmp_path / "files"
    return crowd


@pytest.fixture
def count() -> Iterator[RowCounter]:
    with admin() as connection:
        yield RowCounter(connection)


def doors() -> list[tuple[str, Route]]:
    return [(host, route) for host in ("region", "tenant") for route in rooms()[host] if route.name in DOORS]


def send(client: Client, path: str, door: str, content: bytes, name: str = "表.xlsx") -> Any:
    _module, field, form = DOORS[door]
    return client.post(path, {**form, field: SimpleUploadedFile(name, content, CONTENT_TYPE)})


def kept(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_every_module_that_reads_uploaded_files_has_its_door_here() -> None:
    found = {
        str(path.relative_to(ROOT))
        for folder in ("shared_apps", "tenant_apps")
        for place, mark in (("web", "request.FILES"), ("api", "(UploadView)"))
        for path in (ROOT / folder).rglob(f"{place}/*.py")
        if mark in path.read_text(encoding="utf-8")
    }
    assert found == {module for module, _field, _form in DOORS.values()}
    assert {route.name for _host, route in doors()} == set(DOORS)


def test_every_hostile_file_is_refused_at_every_door(
    crowd: Crowd, count: RowCounter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process that serves people unpacks nothing: what does is bounded, and measured in test_spreadsheets."""
    faults: list[str] = []
    contents = hostile()
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_a, **_k: pytest.fail("unpacked in the web process"))
    for host, route in doors():
        client, path = crowd.client(route, host), crowd.path(route)
        before = count()
        for label, content in contents.items():
            answer = send(client, path, route.name, content)
            if not 400 <= answer.status_code < 500:
                faults.append(f"{route.name}: {label}: {answer.status_code}")
            elif "_api:" in route.name:
                if answer["Content-Type"] != "application/problem+json":
                    faults.append(f"{route.name}: {label}: {answer['Content-Type']}")
            elif label == "svg" and (words := latin_words(answer.content.decode())):
                faults.append(f"{route.name}: {label}: in Latin: {words[:8]}")
        if difference := changed(before, count()):
            faults.append(f"{route.name}: {difference}")
    assert faults == []
    assert kept(tmp_path / "files") == []


def test_names_and_forms_that_are_no_upload_change_nothing(crowd: Crowd, count: RowCounter, tmp_path: Path) -> None:
    faults: list[str] = []
    for host, route in doors():
        client, path = crowd.client(route, host), crowd.path(route)
        before = count()
        for name in NAMES:
            answer = send(client, path, route.name, SVG, name)
            if not 400 <= answer.status_code < 500:
                faults.append(f"{route.name}: {name[:20]}: {answer.status_code}")
        for content_type, body in (
            ("application/json", b"{}"), ("text/csv", b"a,b\n1,2\n"), (CONTENT_TYPE, b"PK\x03\x04"),
            ("multipart/form-data; boundary=x", b"--x\r\n"), ("multipart/form-data", b"x"),
        ):  # fmt: skip
            answer = client.generic("POST", path, body, content_type)
            if not 400 <= answer.status_code < 500:
                faults.append(f"{route.name}: {content_type}: {answer.status_code}")
        if difference := changed(before, count()):
            faults.append(f"{route.name}: {difference}")
    assert faults == []
    assert kept(tmp_path / "files") == []


def test_a_request_larger_than_any_file_is_refused_unread(room: None) -> None:
    answer = Client(HTTP_HOST="localhost").generic(
        "POST", "/exchange/tables/offers/", b"", "multipart/form-data; boundary=x", CONTENT_LENGTH=str(10**10)
    )
    assert answer.status_code == 400
