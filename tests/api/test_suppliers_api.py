"""The supplier library for programs, and its lists as tables."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from kernel.posts import Post
from shared_apps.suppliers.models import Supplier, SupplierApplication
from shared_apps.suppliers.sections import SECTIONS, Asked, Audience, Block
from tests.factories import suppliers as made
from tests.factories.goods import make_supplier
from tests.factories.people import join, make_organisation, make_user, sign_in

JSON = "application/json"


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.YZ_FILES_DIR = tmp_path / "files"


def person(kind: str, post: Post, tenant: str | None = None) -> Client:
    user = make_user()
    join(user, make_organisation(kind, None, "测试机构", tenant), [post])
    return sign_in(Client(), user)


def post(client: Client, path: str, body: dict[str, Any] | None = None) -> Any:
    return client.post(f"/api/v1/{path}", body or {}, content_type=JSON)


def table(answer: Any) -> list[list[str]]:
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_a_registration_from_its_beginning_to_the_library(room: None) -> None:
    anybody = Client(HTTP_HOST="localhost")
    body = {"uscc": made.next_code(), "name": "测试供应商", "applicant_name": "测试", "email": "a@example.com"}
    assert post(anybody, "library/suppliers/register/", body).status_code == 201
    again = post(anybody, "library/suppliers/register/", body)
    assert (again.status_code, again.json()["code"]) == (409, "registration-open")
    row, owner = made.draft()
    made.attach(row, owner)
    mine = sign_in(Client(), _user(owner.user_id))
    assert [one["number"] for one in mine.get("/api/v1/supplier/applications/").json()] == [row.number]
    path = f"supplier/applications/{row.pk}/"
    assert post(mine, f"{path}save/", {"name": "测试·新名"}).json()["legal_representative"] == ""
    assert post(mine, f"{path}submit/").json()["code"] == "application-incomplete"
    whole = {
        "name": "测试·新名", "legal_representative": "阿里木", "address": "文化路1号", "division_code": "650102",
        "phone": "0991-1234567", "size": "large", "record_declared": True,
        "shareholders": [{"name": "阿里木", "share": "51"}],
    }  # fmt: skip
    assert post(mine, f"{path}save/", whole).json()["shareholders"] == [{"name": "阿里木", "share": "51.00"}]
    assert post(mine, f"{path}submit/").json()["state"] == "submitted"
    staff = person("region_finance", Post.REGION_SUPERVISOR)
    review = f"library/review/suppliers/{row.pk}/"
    assert staff.get(f"/api/v1/{review}").json()["documents"][0]["file_name"] == "营业执照.pdf"
    assert post(mine, f"{review}pass/", {"version": 2}).status_code == 403
    assert post(staff, f"{review}pass/", {"version": 1}).json()["code"] == "supplier-application-changed"
    assert post(staff, f"{review}pass/", {"version": 2}).json()["state"] == "vetted"
    assert post(staff, f"{review}approve/", {"version": 2}).json()["state"] == "approved"
    supplier = SupplierApplication.objects.get(pk=row.pk).supplier
    assert supplier is not None
    shown = anybody.get(f"/api/v1/library/suppliers/{supplier.pk}/").json()
    assert (shown["supplier"]["name"], shown["supplier"]["standing"]) == ("测试·新名", "admitted")
    assert not {"phone", "address", "legal_representative"} & set(shown["supplier"])


def _user(user_id: int | None) -> Any:
    from shared_apps.accounts.models import User

    return User.objects.get(pk=user_id)


def test_lists_sort_filter_and_page(room: None) -> None:
    rows = [
        make_supplier(f"测试{name}公司", size=size)
        for name, size in (("丙", "small"), ("甲", "large"), ("乙", "small"))
    ]
    get = lambda **query: Client(HTTP_HOST="localhost").get("/api/v1/library/suppliers/", query).json()  # noqa: E731
    ids = lambda **query: [one["id"] for one in get(**query)["suppliers"]]  # noqa: E731
    by_name = list(Supplier.objects.order_by("name"))
    assert ids(sort="name", after=by_name[0].pk) == [row.pk for row in by_name[1:]]
    assert ids(sort="newest") == [row.pk for row in reversed(rows)]
    assert ids(size="large") == [rows[1].pk]
    assert ids(division="650100", q="测试乙") == [rows[2].pk]
    Supplier.objects.filter(pk=rows[0].pk).update(standing="refused")
    assert rows[0].pk not in ids()
    assert Client(HTTP_HOST="localhost").get(f"/library/suppliers/{rows[0].pk}/").status_code == 404


def test_tables_hold_what_their_lists_show_and_no_formula(room: None) -> None:
    one, two = make_supplier("=测试公司", ties=1), make_supplier("测试乙公司", ties=1)
    anybody = Client(HTTP_HOST="localhost")
    assert [row[:2] for row in table(anybody.get("/library/suppliers/suppliers.csv"))[1:]] == [
        [one.uscc, "'=测试公司"], [two.uscc, "测试乙公司"],
    ]  # fmt: skip
    bureau = person("finance_bureau", Post.TIER_SUPERVISOR, "990001")
    related = table(bureau.get("/library/suppliers/related/related.csv?tie=phone"))
    assert [row[2] for row in related[1:]] == [one.uscc, two.uscc]
    assert len(bureau.get("/api/v1/library/suppliers/related/").json()) == 3
    cpb = person("central_purchasing_body", Post.CPB_OPERATOR, "990001")
    assert cpb.get("/api/v1/library/suppliers/related/").status_code == 403
    row, _ = made.submitted()
    staff = person("region_finance", Post.REGION_SUPERVISOR)
    assert [line[0] for line in table(staff.get("/library/review/suppliers/applications.csv"))[1:]] == [row.number]
    assert table(cpb.get("/library/review/suppliers/applications.csv"))[1:] == []


def test_other_libraries_add_to_a_supplier_s_page(room: None) -> None:
    supplier = make_supplier()

    def section(asked: Asked) -> Block | None:
        if asked.audience != Audience.PUBLIC:
            return None
        return Block("测试", "suppliers/letter_sent.html", data={"supplier": asked.supplier_id})

    SECTIONS._things["test"] = section
    try:
        shown = Client(HTTP_HOST="localhost").get(f"/api/v1/library/suppliers/{supplier.pk}/").json()
    finally:
        del SECTIONS._things["test"]
    assert shown["sections"]["test"] == {"supplier": supplier.pk}
