"""Pages of the supplier library: how many statements each asks, and what a refused form says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kernel.posts import Post
from shared_apps.accounts.models import User
from shared_apps.suppliers.models import SupplierApplication
from tests.factories import suppliers as made
from tests.factories.files import pdf
from tests.factories.people import join, make_organisation, make_user, sign_in
from tests.factories.statements import counted

# What sections of other libraries ask stands in it too.
STATEMENTS_MAX = 13


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.YZ_FILES_DIR = tmp_path / "files"


def statements(client: Client, path: str) -> int:
    client.get(path)
    with counted() as found:
        assert client.get(path).status_code == 200, path
    return len(found)


def test_statements_do_not_grow_with_the_rows(room: None) -> None:
    staff_member = make_user()
    join(staff_member, make_organisation("region_finance"), [Post.REGION_SUPERVISOR])
    staff, anybody = sign_in(Client(), staff_member), Client(HTTP_HOST="localhost")
    supplier, owner = made.admitted()
    row, _ = made.submitted()
    own = sign_in(Client(), User.objects.get(pk=owner.user_id))
    pages = [
        (anybody, "/library/suppliers/"),
        (anybody, f"/library/suppliers/{supplier.pk}/"),
        (staff, f"/library/suppliers/{supplier.pk}/record/"),
        (staff, "/library/suppliers/related/"),
        (staff, "/library/review/suppliers/"),
        (staff, f"/library/review/suppliers/{row.pk}/"),
        (own, "/supplier/"),
    ]
    found = {path: statements(client, path) for client, path in pages}
    assert max(found.values()) <= STATEMENTS_MAX, found
    for _ in range(3):
        made.admitted(uscc=made.next_code())
        made.submitted()
    assert {path: statements(client, path) for client, path in pages} == found


def test_a_refused_file_is_explained_and_nothing_is_kept(room: None) -> None:
    row, owner = made.draft()
    client = sign_in(Client(), User.objects.get(pk=owner.user_id))
    path = f"/supplier/applications/{row.pk}/files/"
    fields = {"kind": "licence", "title": "营业执照", "number": "", "expires_on": ""}
    assert "请选择一个文件" in client.post(path, fields).content.decode()
    for content, words in (
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "文件"),
        (b"", "文件"),
        (pdf() + b"PK\x05\x06" + b"\0" * 18, "文件"),
    ):
        answer = client.post(path, {**fields, "file": SimpleUploadedFile("a.pdf", content)})
        assert answer.status_code == 400
        assert words in answer.content.decode()
    late = client.post(path, {**fields, "expires_on": "2020-01-01", "file": SimpleUploadedFile("a.pdf", pdf())})
    assert "已过期" in late.content.decode()
    assert row.documents.count() == 0
    assert client.post(path, {**fields, "file": SimpleUploadedFile("a.pdf", pdf())}).status_code == 303
    assert row.documents.get().file_name == "a.pdf"


def test_a_second_registration_of_a_code_says_so(room: None) -> None:
    row, _ = made.draft()
    form = {"uscc": row.uscc, "name": "测试", "applicant_name": "测试", "email": "b@example.com"}
    answer = Client(HTTP_HOST="localhost").post("/library/register/", form)
    assert answer.status_code == 409
    assert "已有申请正在办理" in answer.content.decode()
    assert SupplierApplication.objects.count() == 1
