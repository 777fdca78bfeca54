"""Fees, inbox, supervision and portal by request: pages and API alike, reach, bad input, statements counted."""

from __future__ import annotations

import csv
import io
from decimal import Decimal as D

import pytest
from django.test import Client

from kernel.clock import local_date, utc_now
from kernel.posts import Post
from shared_apps.accounts.models import HandOff
from shared_apps.accounts.rules import OrganisationKind as Kind
from shared_apps.fees import demo
from shared_apps.inbox.models import InboxItem
from tenants.database.context import region_as
from tests.factories.people import join, make_organisation, make_user, sign_in
from tests.factories.relayed import relay_tenant, write_order_event
from tests.factories.statements import counted
from webkit.latin import latin_words

A, B = "990001", "990002"
STATEMENTS_MAX = 12


def person(kind: Kind, post: Post, tenant: str | None = None) -> Client:
    organisation = make_organisation(kind, name="测试机构", tenant_code=tenant)
    user = make_user(name="测试甲")
    join(user, organisation, [post])
    client = sign_in(Client(), user)
    client.organisation = organisation  # type: ignore[attr-defined]
    return client


@pytest.fixture
def bureau() -> Client:
    return person(Kind.FINANCE_BUREAU, Post.TIER_SUPERVISOR, A)


@pytest.fixture
def supplier() -> Client:
    return person(Kind.SUPPLIER, Post.SUPPLIER_SALES)


def this_month() -> str:
    return f"{local_date(utc_now()):%Y-%m}"


def placed(tenant: str, *, orders: int = 3, organisation: int = 801, supplier_name: str = "测试供应商") -> None:
    with region_as("yz_region"):
        demo.load(utc_now())
    for number in range(1, orders + 1):
        write_order_event(
            tenant, "approved", order_id=number, state="placed", next_post="supplier_sales", total=D("1234.50"),
            supplier_organisation_id=organisation, supplier_name=supplier_name,
        )  # fmt: skip
    relay_tenant(tenant)


def get(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.content.decode()[:800]
    return answer.content.decode()


def test_the_statement_page_and_its_api_say_the_same(bureau: Client) -> None:
    placed(A)
    page = get(bureau, f"/fees/statements/{A}/{this_month()}/")
    data = bureau.get(f"/api/v1/fees/statements/{A}/{this_month()}/").json()
    # 2 orders charged x 2.00; 3,703.50 - 1,000.00 = 2,703.50 x 0.5 per mille = 1.35175
    assert data["total"] == "5.35"
    assert [line["charge"]["amount"] for line in data["lines"] if line["event_count"]] == ["4.00", "1.35"]
    assert [len(line["events"]) for line in data["lines"] if line["event_count"]] == [3, 3]
    assert data["tariff"]["is_demo"] is True
    assert "¥5.35" in page
    assert "演示" in page
    assert page.count("DD99000120261123000007") == 6
    assert latin_words(page) == []


def test_a_stranger_finds_nothing(bureau: Client, supplier: Client) -> None:
    placed(B)
    own = get(bureau, "/fees/")
    assert "测试甲县" in own
    assert "测试乙县" not in own
    get(bureau, f"/fees/statements/{B}/{this_month()}/", 404)
    get(bureau, f"/fees/statements/{B}/{this_month()}/table.csv", 404)
    assert bureau.get(f"/api/v1/fees/statements/{B}/{this_month()}/").status_code == 404
    get(supplier, f"/fees/statements/{B}/{this_month()}/", 403)
    assert supplier.get("/api/v1/fees/months/").status_code == 403
    assert Client(HTTP_HOST="localhost").get("/api/v1/fees/months/").status_code == 401


@pytest.mark.parametrize("month", ["2026-13", "2026-1", "9999-12", "0000-00", "２０２６-11", "2199-12", "x"])
def test_no_such_month(bureau: Client, month: str) -> None:
    get(bureau, f"/fees/statements/{A}/{month}/", 404)
    assert bureau.get(f"/api/v1/fees/statements/{A}/{month}/").status_code == 404


@pytest.mark.parametrize("query", ["month=2026-13", "month=2026-01&month=2026-02", "x=1", "month=%00"])
def test_bad_queries(bureau: Client, query: str) -> None:
    for path in ("/fees/", "/api/v1/fees/months/"):
        assert bureau.get(f"{path}?{query}").status_code == 400, path


def test_months_before_and_empty(bureau: Client) -> None:
    page = get(bureau, f"/fees/statements/{A}/2025-01/")
    assert "本月没有用量" in page
    assert "没有生效的费率" in page
    assert latin_words(page) == []


def test_the_table_holds_every_event_and_no_formula(bureau: Client) -> None:
    placed(A, supplier_name="=HYPERLINK(1)")
    answer = bureau.get(f"/fees/statements/{A}/{this_month()}/table.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert sum(row.count("'=HYPERLINK(1)") for row in rows) == 6
    assert ["合计", "", "", "", "5.35"] in rows
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


def test_every_page_within_its_statements(bureau: Client, supplier: Client) -> None:
    placed(A, orders=5, organisation=supplier.organisation.pk)  # type: ignore[attr-defined]
    supervisor = person(Kind.REGION_FINANCE, Post.REGION_SUPERVISOR)
    for client, path in (
        (bureau, f"/fees/statements/{A}/{this_month()}/"),
        (bureau, "/fees/"),
        (bureau, "/supervision/"),
        (bureau, "/"),
        (supplier, "/inbox/"),
        (supplier, "/inbox/badge/"),
        (supplier, "/"),
        (supervisor, "/fees/"),
        (supervisor, "/supervision/"),
    ):
        client.get(path)
        with counted() as statements:
            page = get(client, path)
        assert len(statements) <= STATEMENTS_MAX, (path, statements)
        assert latin_words(page) == [], path


# -- inbox --------------------------------------------------------------------------------------------------------


def test_the_supplier_finds_the_order_and_crosses_over(supplier: Client) -> None:
    placed(A, orders=2, organisation=supplier.organisation.pk)  # type: ignore[attr-defined]
    assert get(supplier, "/inbox/badge/") == "2"
    page = get(supplier, "/inbox/")
    assert page.count("接单或拒单") == 2
    data = supplier.get("/api/v1/inbox/").json()
    assert (data["open_count"], len(data["items"])) == (2, 2)
    item = data["items"][0]
    assert (item["to_do"], item["due"], item["tenant_code"]) == ("接单或拒单", "none", A)
    answer = supplier.post(f"/inbox/{item['id']}/enter/")
    assert answer.status_code == 303
    assert answer["Location"].startswith("http://990001.localhost:8000/enter/?ticket=")
    crossing = Client(HTTP_HOST="990001.localhost").get("/enter/?" + answer["Location"].split("?", 1)[1])
    assert (crossing.status_code, crossing["Location"]) == (303, f"/orders/{item['object_id']}/")
    again = supplier.post(f"/api/v1/inbox/{item['id']}/enter/", "{}", content_type="application/json")
    assert again.json()["url"].startswith("http://990001.localhost:8000/enter/?ticket=")


def test_filters_and_pages(supplier: Client) -> None:
    placed(A, orders=32, organisation=supplier.organisation.pk)  # type: ignore[attr-defined]
    placed(B, orders=1, organisation=supplier.organisation.pk)  # type: ignore[attr-defined]
    first = supplier.get("/api/v1/inbox/").json()
    assert (len(first["items"]), first["open_count"]) == (30, 33)
    second = supplier.get(f"/api/v1/inbox/?before={first['next_before']}").json()
    assert (len(second["items"]), second["next_before"]) == (3, None)
    assert len(supplier.get(f"/api/v1/inbox/?tenant={B}").json()["items"]) == 1
    assert "测试乙县" in get(supplier, f"/inbox/?tenant={B}&kind=")
    assert "没有符合筛选条件的事项" in get(supplier, "/inbox/?kind=rule")
    assert "还没有已办事项" in get(supplier, "/inbox/?state=done")


def test_somebody_elses_item_does_not_exist(supplier: Client, bureau: Client) -> None:
    placed(A, orders=1, organisation=supplier.organisation.pk)  # type: ignore[attr-defined]
    item = InboxItem.objects.get()
    assert bureau.post(f"/inbox/{item.pk}/enter/").status_code == 404
    assert bureau.post(f"/api/v1/inbox/{item.pk}/enter/", "{}", content_type="application/json").status_code == 404
    assert "没有待办事项" in get(bureau, "/inbox/")
    assert get(bureau, "/inbox/badge/") == ""


@pytest.mark.parametrize(
    "query",
    [
        "state=x",
        "kind=x",
        "before=0",
        "before=-1",
        "before=9223372036854775808",
        "before=1e3",
        "tenant=%20",
        "y=1",
        "tenant=1&tenant=2",
    ],
)
def test_bad_inbox_queries(supplier: Client, query: str) -> None:
    for path in ("/inbox/", "/api/v1/inbox/"):
        assert supplier.get(f"{path}?{query}").status_code == 400, (path, query)


@pytest.mark.parametrize(
    "body",
    ['{"x": 1}', '{"a": 1, "a": 2}', "[]", "{", '{"a": NaN}', '{"a": "\\u0000"}', '{"a": "\\ud800"}', "[" * 1000],
)
def test_malformed_bodies_change_nothing(supplier: Client, body: str) -> None:
    placed(A, orders=1, organisation=supplier.organisation.pk)  # type: ignore[attr-defined]
    before = HandOff.objects.count()
    item = InboxItem.objects.get()
    answer = supplier.post(f"/api/v1/inbox/{item.pk}/enter/", body, content_type="application/json")
    assert (answer.status_code, HandOff.objects.count()) == (400, before)


def test_an_item_number_beyond_any(supplier: Client) -> None:
    assert supplier.post(f"/inbox/{2**63}/enter/").status_code in {404, 400}


# -- supervision and portal -----------------------------------------------------------------------------------------


def test_supervision_page_and_api(bureau: Client) -> None:
    placed(A)
    placed(B)
    page = get(bureau, "/supervision/?year=2026")
    data = bureau.get("/api/v1/supervision/?year=2026").json()
    assert [row["code"] for row in data["tenants"]] == [A]
    assert data["total"] == {"orders": 3, "value": "3703.50"}
    assert "¥3,703.50" in page
    assert "本预算年度没有订单" in get(bureau, "/supervision/?year=2019")
    for query in ("year=1999", "year=x", "year=2026.0", "z=1"):
        assert bureau.get(f"/supervision/?{query}").status_code == 400
        assert bureau.get(f"/api/v1/supervision/?{query}").status_code == 400


def test_the_portal_for_the_public() -> None:
    client = Client(HTTP_HOST="localhost")
    with counted() as statements:
        page = get(client, "/")
    assert len(statements) <= STATEMENTS_MAX
    assert "测试甲县" in page
    assert latin_words(page) == []
    assert "没有找到" in get(client, "/?q=没有这个")
    assert client.get("/?q=" + "长" * 41).status_code == 400
    assert [
        mall["code"] for group in client.get("/api/v1/malls/?q=测试甲").json()["groups"] for mall in group["malls"]
    ] == [A]
    assert client.get("/robots.txt")["Content-Type"].startswith("text/plain")
    assert client.get("/favicon.ico").status_code == 302


def test_the_portal_for_the_signed_in(bureau: Client) -> None:
    page = get(bureau, "/")
    assert "测试甲县" in page
    assert f"/malls/{A}/enter/" in page
    assert "您好，测试甲" in page
    assert "采购监管" in page
