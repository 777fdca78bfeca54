"""Practice on both hosts: the bureau's pages, the trainee's, and the mark on every page of a practice mall."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from kernel.clock import utc_now
from kernel.posts import Post
from kernel.spreadsheets import read_cells
from shared_apps.accounts.models import User
from shared_apps.training.models import Completion, PracticeMall
from shared_apps.training.services import making
from tenant_apps.orders.models import Order
from tenants.database.context import region_as, tenant_selected
from tenants.registry.models import Tenant
from tests.factories.goods import make_catalogue, make_offer, make_supplier
from tests.factories.people import join, make_organisation, make_user, sign_in
from tests.factories.practice import practice_malls_gone
from tests.factories.relayed import relay_tenant
from tests.factories.rules import shipped_rules
from tests.factories.training import record_practice
from tests.factories.units import make_bureau_person
from webkit.latin import latin_words

A, P = "990001", "990001_practice"
MALL = f"/practice/malls/{A}"


@pytest.fixture
def trainee() -> Iterator[User]:
    shipped_rules()
    make_catalogue()
    organisation = make_organisation("budget_unit", "001", "第一小学", A)
    person = make_user(name="练习人")
    join(person, organisation)
    company = make_organisation("supplier", None, "测试供应商", None)
    join(make_user(name="业务员"), company, [Post.SUPPLIER_SALES])
    make_offer(supplier=make_supplier("测试供应商", organisation_id=company.pk))
    yield person
    practice_malls_gone()


@pytest.fixture
def bureau(trainee: User) -> Client:
    return sign_in(Client(), make_bureau_person(A))


def work() -> None:
    with region_as("yz_region"):
        making.work_off(clock=utc_now)


def opened(bureau: Client) -> None:
    assert bureau.post(f"{MALL}/open/").status_code == 303
    work()


def html(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[:500]
    page = str(answer.content.decode())
    assert latin_words(page) == []
    return page


def test_the_bureau_opens_watches_remakes_and_throws_away(bureau: Client) -> None:
    assert "未开设" in html(bureau.get("/practice/"))
    assert bureau.post(f"{MALL}/open/").status_code == 303
    page = html(bureau.get("/practice/"))
    assert "正在开设" in page
    assert 'hx-trigger="every 1s"' in page
    assert "hx-get" in html(bureau.get(f"{MALL}/progress/"))
    work()
    page = html(bureau.get(f"{MALL}/progress/"))
    assert "可以演练" in page
    assert "hx-get" not in page
    html(bureau.post(f"{MALL}/open/"), 409)
    assert bureau.post(f"{MALL}/remake/").status_code == 303
    work()
    assert PracticeMall.objects.get().times_made == 2
    assert bureau.post(f"{MALL}/remove/").status_code == 303
    work()
    assert not Tenant.objects.filter(code=P).exists()
    assert "未开设" in html(bureau.get("/practice/"))


def test_another_bureau_and_a_trainee_are_kept_out(bureau: Client, trainee: User) -> None:
    other = sign_in(Client(), make_bureau_person("990002"))
    for verb in ("open", "remake", "remove"):
        assert other.post(f"{MALL}/{verb}/").status_code == 404
        assert other.post(f"/api/v1{MALL}/{verb}/", {}, content_type="application/json").status_code == 404
    assert other.get(f"{MALL}/progress/").status_code == 404
    person = sign_in(Client(), trainee)
    assert person.get("/practice/").status_code == 403
    assert person.get("/practice/people/").status_code == 403
    assert PracticeMall.objects.count() == 0


def test_a_trainee_enters_by_hand_off_begins_and_is_recorded(bureau: Client, trainee: User) -> None:
    person = sign_in(Client(), trainee)
    assert "没有开设演练卖场" in html(person.get("/practice/exercises/"))
    opened(bureau)
    page = html(person.get("/practice/exercises/"))
    assert f"/malls/{P}/enter/" in page
    assert page.count("未完成") == 4
    mall = sign_in(Client(), trainee, P)
    board = html(mall.get("/practice/"))
    assert board.count('name="exercise"') == 4
    bought = mall.post("/practice/begin/", {"exercise": "buy"})
    assert bought.status_code == 303
    assert re.fullmatch(r"/products/[^/]+/", bought["Location"])
    assert "carts" not in html(mall.get(bought["Location"]))
    going = mall.post("/practice/begin/", {"exercise": "approve"})
    assert re.fullmatch(r"/orders/\d+/", going["Location"])
    page = html(mall.get(going["Location"]))
    assert "演练搭档（经办）" in page or "演练搭档" in page
    number = going["Location"].split("/")[2]
    html(mall.post(f"/practice/orders/{number}/go-on/"), 409)
    with tenant_selected(P):
        version = Order.objects.get().version
    done = mall.post(f"/orders/{number}/approve/", {"version": str(version)})
    assert done.status_code == 303, done.content.decode()[:800]
    assert mall.post(f"/practice/orders/{number}/go-on/").status_code == 303
    relay_tenant(P)
    assert list(Completion.objects.values_list("user_id", "exercise")) == [(trainee.pk, "approve")]
    page = html(person.get("/practice/exercises/"))
    assert page.count("未完成") == 3
    html(mall.post("/practice/begin/", {"exercise": "9"}), 400)
    html(mall.post("/practice/orders/999999/go-on/"), 404)


def test_every_page_of_a_practice_mall_is_marked(bureau: Client, trainee: User) -> None:
    opened(bureau)
    mall = sign_in(Client(), trainee, P)
    mall.post("/practice/begin/", {"exercise": "approve"})
    for path in ("/", "/products/", "/practice/", "/orders/", "/cart/", "/nowhere/", "/bureau/"):
        page = str(mall.get(path).content.decode())
        assert "演练卖场：仅供培训" in page, path
        assert "<title>【演练】" in page, path
        assert "yz-practice" in page, path
    anonymous = Client(HTTP_HOST="990001-practice.localhost")
    assert "演练卖场：仅供培训" in anonymous.get("/").content.decode()
    real = sign_in(Client(), trainee, A)
    for path in ("/", "/practice/"):
        assert "演练卖场" not in real.get(path).content.decode()


def test_a_real_mall_answers_as_if_there_were_no_exercises(trainee: User) -> None:
    real = sign_in(Client(), trainee, A)
    assert real.get("/practice/").status_code == 404
    page = html(sign_in(Client(), make_bureau_person(A), A).get("/bureau/"))
    assert "请在自治区平台开设演练卖场" in page
    assert real.post("/practice/begin/", {"exercise": "buy"}).status_code == 404
    assert real.post("/practice/orders/1/go-on/").status_code == 404


def test_who_has_completed_what_is_searched_and_exported(bureau: Client, trainee: User) -> None:
    record_practice(A, user_id=trainee.pk)
    page = html(bureau.get("/practice/people/"))
    assert "练习人" in page
    assert "监管员" in page
    assert "共 2 人" in page
    assert "练习人" not in html(bureau.get("/practice/people/?q=监管")).split("<tbody>")[1]
    html(bureau.get("/practice/people/?q=%E6%97%A0%E6%AD%A4%E4%BA%BA"))
    rows = list(csv.reader(io.StringIO(bureau.get("/practice/people.csv").content.decode("utf-8-sig"))))
    assert [row[1] for row in rows] == ["姓名", "练习人", "监管员"]
    assert rows[1][2]
    assert rows[1][3:] == ["", "", ""]
    assert read_cells(bureau.get("/practice/people.xlsx?q=练习").content)[1][1] == "练习人"
    assert bureau.get("/practice/people/?x=1").status_code == 400


def test_exported_names_are_no_formulas(bureau: Client) -> None:
    person = make_user(name="=HYPERLINK()")
    join(person, make_organisation("budget_unit", "002", "@单位", A))
    assert "'=HYPERLINK()" in bureau.get("/practice/people.csv").content.decode()
    cells = read_cells(bureau.get("/practice/people.xlsx").content)
    assert ["'@单位", "'=HYPERLINK()"] in [row[:2] for row in cells]


def test_a_program_practises_like_a_person(bureau: Client, trainee: User) -> None:
    opened(bureau)
    mall = sign_in(Client(), trainee, P)

    def post(path: str, body: dict[str, Any], status: int = 200) -> Any:
        answer = mall.post(f"/api/v1{path}", body, content_type="application/json")
        assert answer.status_code == status, answer.content.decode()
        return answer.json()

    buy = post("/practice/begin/", {"exercise": "buy"})
    assert (buy["order_id"], bool(buy["product_code"])) == (None, True)
    begun = post("/practice/begin/", {"exercise": "approve"})
    assert post("/practice/begin/", {"exercise": "approve"}) == begun
    order = begun["order_id"]
    assert post(f"/practice/orders/{order}/go-on/", {}, 409)["code"] == "your-turn"
    waiting = {one["exercise"]: one["waiting_order_id"] for one in mall.get("/api/v1/practice/").json()["exercises"]}
    assert waiting == {"buy": None, "approve": order, "accept_goods": None, "pay": None}
    with tenant_selected(P):
        version = Order.objects.get().version
    post(f"/orders/{order}/approve/", {"version": version})
    board = mall.get("/api/v1/practice/").json()
    assert (board["done"], board["exercises"][1]["done_by_order_id"]) == (1, order)
    assert board["orders"] == [{"order": board["orders"][0]["order"], "partner_next": True}]
    assert post(f"/practice/orders/{order}/go-on/", {})["state"] == "accepted"
    relay_tenant(P)
    assert list(Completion.objects.values_list("user_id", "exercise")) == [(trainee.pk, "approve")]
    real = sign_in(Client(), trainee, A)
    for path in ("/api/v1/practice/", "/api/v1/practice/orders/1/go-on/"):
        answer = real.get(path) if path.endswith("practice/") else real.post(path, {}, content_type="application/json")
        assert answer.status_code == 404, path


def test_the_program_s_way(bureau: Client, trainee: User) -> None:
    (mall,) = bureau.get("/api/v1/practice/malls/").json()
    assert (mall["code"], mall["state"]) == (P, "removed")
    answer = bureau.post(f"/api/v1{MALL}/open/", {}, content_type="application/json")
    assert (answer.status_code, answer.json()["state"]) == (200, "making")
    work()
    record_practice(A, user_id=trainee.pk)
    people = bureau.get("/api/v1/practice/people/?q=练习").json()
    assert [one["name"] for one in people] == ["练习人"]
    assert people[0]["exercises"]["buy"]
    (mine,) = sign_in(Client(), trainee).get("/api/v1/practice/exercises/").json()
    assert mine["is_ready"] is True
    assert mine["exercises"]["pay"] is None
    again = bureau.post(f"/api/v1{MALL}/open/", {}, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, "wrong-state")
