"""Pages and API of the agency library through Django's test client: forms, refusals, empty states."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kernel.clock import local_date, utc_now
from kernel.posts import Post
from shared_apps.agencies.models import Agency, AgencyCheck, AgencyFile, Evaluation
from shared_apps.agencies.selectors.public import agency_page
from shared_apps.rulebook.services import load_shipped
from tenants.database.context import region_as
from tests.factories import agencies as made
from tests.factories import files
from tests.factories.people import join, make_user, sign_in
from tests.factories.statements import counted
from webkit.latin import latin_words

# Three of a signed-in request are the session, the person and the memberships.
STATEMENTS = {
    "/agencies/": 3,
    "/agencies/N/": 6,
    "/library/review/agencies/?tab=all": 4,
    "/agency-agreements/": 4,
    "/agency-checks/": 4,
}


@pytest.fixture(autouse=True)
def region(room: None) -> Iterator[None]:
    with region_as("yz_region"):
        load_shipped(now=utc_now())
        yield


@pytest.fixture
def public() -> Client:
    return Client(HTTP_HOST="localhost")


@pytest.fixture
def desk() -> Client:
    return sign_in(Client(), made.region_supervisor())


def text_of(answer: Any) -> str:
    page: str = answer.content.decode()
    assert latin_words(page) == []
    return page


def form_of(**changes: Any) -> dict[str, str]:
    """The content as a browser sends it: a box that is not ticked is not sent."""
    values = {name: getattr(made.content(**changes), name) for name in made.content().__slots__}
    return {name: {True: "true"}.get(value, value) for name, value in values.items() if value is not False}


def test_the_empty_list_says_how_it_fills(public: Client) -> None:
    page = text_of(public.get("/agencies/"))
    assert "名录中暂无代理机构" in page
    page = text_of(public.get("/agencies/", {"q": "没有"}))
    assert "没有找到代理机构" in page


def test_a_visitor_begins_a_registration(public: Client) -> None:
    assert "代理机构登记" in text_of(public.get("/agencies/register/"))
    form = {
        "uscc": made.code(900), "name": "测试·新代理", "contact_name": "阿依努尔", "contact_email": "new@example.com",
    }  # fmt: skip
    wrong = public.post("/agencies/register/", {**form, "uscc": made.code(900)[:-1] + "0"})
    assert wrong.status_code == 400
    assert public.post("/agencies/register/", form).status_code == 303
    firm = Agency.objects.get()
    join(make_user(), made.Organisation.objects.get(pk=firm.organisation_id), [Post.AGENCY_MANAGER])
    taken = public.post("/agencies/register/", form)
    assert taken.status_code == 409
    assert "已登记或正在登记" in text_of(taken)
    answer = public.post("/api/v1/agencies/register/", form, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (409, "agency-exists")


def test_the_manager_fills_in_and_submits(desk: Client) -> None:
    firm = made.opened()
    manager = sign_in(Client(), firm.manager)
    page = text_of(manager.get("/agency/"))
    assert "缺项" in page
    assert "专职从业人员应不少于 5 名" in page
    assert manager.post("/agency/submit/").status_code == 400
    text_of(manager.get("/agency/content/"))
    assert manager.post("/agency/content/", form_of()).status_code == 303
    for name in made.STAFF:
        assert manager.post("/agency/staff/", {"name": name, "joined_on": "2025-03-03"}).status_code == 303
    for kind in ("licence", "office", "review_room"):
        file = SimpleUploadedFile(f"{kind}.pdf", files.pdf(kind), "application/pdf")
        assert manager.post("/agency/files/", {"kind": kind, "file": file}).status_code == 303
    assert AgencyFile.objects.count() == 3
    bad = manager.post("/agency/files/", {"kind": "other", "file": SimpleUploadedFile("x.pdf", b"<html>")})
    assert bad.status_code == 400
    assert manager.post("/agency/submit/").status_code == 303
    assert firm.fresh().state == "submitted"
    row = text_of(desk.get("/library/review/agencies/"))
    assert firm.agency.name in row
    page = text_of(desk.get(f"/library/review/agencies/{firm.agency.pk}/"))
    assert "名录登记所需信息齐全" in page
    answer = desk.post(
        f"/library/review/agencies/{firm.agency.pk}/return/",
        {"version": firm.agency.version, "reason-address": "与营业执照不一致", "reason-files": ""},
    )
    assert answer.status_code == 303
    assert firm.fresh().return_reasons == {"address": "与营业执照不一致"}
    for path in ("/agency/", "/agency/content/"):
        assert "与营业执照不一致" in text_of(manager.get(path))


def test_returning_without_a_reason_is_refused(desk: Client) -> None:
    firm = made.submitted()
    path = f"/library/review/agencies/{firm.agency.pk}/return/"
    answer = desk.post(path, {"version": firm.agency.version})
    assert answer.status_code == 400
    assert firm.fresh().state == "submitted"


def test_the_public_page_shows_what_is_public_and_nothing_else(public: Client, desk: Client) -> None:
    firm = made.submitted()
    path = f"/agencies/{firm.agency.pk}/"
    assert public.get(path).status_code == 404
    answer = desk.post(f"/library/review/agencies/{firm.agency.pk}/publish/", {"version": firm.agency.version})
    assert answer.status_code == 303
    page = text_of(public.get(path))
    for shown in (firm.agency.uscc, "测试法人", "0991-1234567", "新疆维吾尔自治区"):
        assert shown in page
    for hidden in ("甲员工", firm.agency.contact_email, "licence.pdf"):
        assert hidden not in page
    found = public.get(f"/api/v1{path}").json()
    assert found["staff_count"] == 5
    assert set(found["content"]) == set(made.content().__slots__)
    assert found["content"]["name"] == agency_page(agency_id=firm.agency.pk).content.name
    listed = public.get("/api/v1/agencies/", {"q": firm.agency.uscc}).json()
    assert [row["name"] for row in listed["agencies"]] == [firm.agency.name]
    lines = public.get("/agencies/list.csv").content.decode("utf-8-sig").splitlines()
    assert lines[1].startswith(firm.agency.uscc)


def test_a_change_is_reported_on_its_page(public: Client) -> None:
    firm = made.published()
    manager = sign_in(Client(), firm.manager)
    text_of(manager.get("/agency/change/"))
    answer = manager.post("/agency/change/", {**form_of(address="喀什市新路2号"), "happened_on": "2026-03-02"})
    assert answer.status_code == 303
    page = text_of(public.get(f"/agencies/{firm.agency.pk}/"))
    assert "喀什市新路2号" in page
    assert "逾期" in page
    answer = manager.post("/agency/change/", {**form_of(address="喀什市旧路"), "happened_on": "2010-03-02"})
    assert answer.status_code == 409
    assert "工作日" in text_of(answer)
    assert "喀什市新路2号" in agency_page(agency_id=firm.agency.pk).content.address


@pytest.mark.parametrize("post", [Post.AGENCY_MANAGER, Post.SUPPLIER_ADMIN, Post.EXPERT])
def test_the_desk_is_closed_to_others(post: Post) -> None:
    firm = made.submitted()
    kind = {Post.AGENCY_MANAGER: "agency", Post.SUPPLIER_ADMIN: "supplier", Post.EXPERT: "expert"}[post]
    user = make_user()
    join(user, made.make_organisation(kind), [post])
    client = sign_in(Client(), user)
    path = f"/library/review/agencies/{firm.agency.pk}/"
    assert client.get(path).status_code == 403
    assert client.post(f"{path}publish/", {"version": firm.agency.version}).status_code == 403
    if post == Post.AGENCY_MANAGER:
        assert client.get("/agency/").status_code == 404
    assert firm.fresh().state == "submitted"


def test_an_agreement_from_filing_to_the_answer(public: Client, desk: Client) -> None:
    firm, buyer = made.published(), made.buyer()
    unit, manager = sign_in(Client(), buyer.administrator), sign_in(Client(), firm.manager)
    form = {name: str(value) for name, value in asdict(made.terms()).items()}
    form |= {"purchaser_id": str(buyer.unit.pk), "uscc": firm.agency.uscc, "signed_on": "2026-01-05"}
    assert firm.agency.uscc in text_of(unit.get("/agency-agreements/new/", {"uscc": firm.agency.uscc}))
    assert "您没有可登记协议的采购单位" in text_of(manager.get("/agency-agreements/new/"))
    assert manager.post("/agency-agreements/new/", form).status_code == 404
    answer = unit.post("/agency-agreements/new/", form)
    assert answer.status_code == 303, text_of(answer)
    here = answer["Location"]
    assert unit.post(f"{here}evaluate/", {"score": "4"}).status_code == 409
    assert unit.post(f"{here}start/").status_code == 303
    supplier = sign_in(Client(), made.supplier_admin(805))
    assert supplier.get(here).status_code == 404
    refused = unit.post(f"{here}complete/", {"supplier_codes": made.code(999)})
    assert refused.status_code == 400
    assert unit.post(f"{here}complete/", {"supplier_codes": f"{made.code(805)}\r\n"}).status_code == 303
    assert "评价代理机构" in text_of(supplier.get(here))
    assert supplier.post(f"{here}evaluate/", {"score": "2", "comment": "态度差"}).status_code == 303
    key = Evaluation.objects.get().pk
    assert "态度差" in text_of(manager.get(here))
    for path, given in ((f"{key}/answer/", {"answer": "已改进"}), (f"{key}/appeal/", {"reason": "不实"})):
        assert manager.post(f"/agency-evaluations/{path}", given).status_code == 303
    assert manager.post(f"/agency-evaluations/{key}/answer/", {"answer": "x"}).status_code == 409
    assert here in text_of(desk.get("/agency-agreements/", {"appealed": "true"}))
    decided = desk.post(f"/agency-evaluations/{key}/decide/", {"decision": "set_aside", "reason": "查实不符"})
    assert decided.status_code == 303
    page = text_of(public.get(f"/agencies/{firm.agency.pk}/"))
    assert "暂无评价" in page
    assert "态度差" not in page


def test_a_check_on_its_pages(desk: Client, public: Client) -> None:
    firm = made.published()
    manager = sign_in(Client(), firm.manager)
    assert "暂无计划" in text_of(desk.get("/agency-checks/"))
    answer = desk.post("/agency-checks/make/", {"year": "2026", "owner_code": "", "title": "年度检查", "note": ""})
    plan = answer["Location"]
    assert desk.post("/agency-checks/make/", {"year": "2026", "title": "年度检查"}).status_code == 409
    assert desk.post(f"{plan}draw/", {"wanted": "0"}).status_code == 400
    draw = desk.post(f"{plan}draw/", {"wanted": "1"})["Location"]
    assert "抽取结果一致" in text_of(public.get(draw))
    found = public.get(f"/api/v1/agency-draws/{draw.split('/')[-2]}/").json()
    assert (found["is_right"], found["draw"]["drawn"]) == (True, [firm.agency.uscc])
    here = f"/agency-checks/{AgencyCheck.objects.get().pk}/"
    assert manager.get(here).status_code == 404
    record = {"findings": ["recording"], "notes": "缺录像", "due_on": ""}
    assert desk.post(f"{here}record/", record).status_code == 400
    due = (local_date(utc_now()) + timedelta(days=9)).isoformat()
    assert desk.post(f"{here}record/", {**record, "due_on": due}).status_code == 303
    assert desk.post(f"{here}decide/", {"decision": "close_unmended", "note": "x"}).status_code == 409
    assert "监督检查" in text_of(manager.get("/agency/"))
    assert manager.post(f"{here}rectified/", {"rectification": "已补齐"}).status_code == 303
    assert "暂无检查结果" in text_of(public.get(f"/agencies/{firm.agency.pk}/"))
    assert desk.post(f"{here}decide/", {"decision": "accept", "note": "", "due_on": ""}).status_code == 303
    page = text_of(public.get(f"/agencies/{firm.agency.pk}/"))
    assert "开标和评审活动全程录音录像" in page
    assert "缺录像" not in page


def test_statements_do_not_grow_with_the_list(public: Client, desk: Client) -> None:
    firm = made.published()
    paths = [
        (public, "/agencies/"), (public, f"/agencies/{firm.agency.pk}/"), (desk, "/library/review/agencies/?tab=all"),
        (desk, "/agency-agreements/"), (desk, "/agency-checks/"),
    ]  # fmt: skip

    def statements() -> dict[str, int]:
        found = {}
        for client, path in paths:
            with counted() as seen:
                assert client.get(path).status_code == 200
            found[path.replace(str(firm.agency.pk), "N")] = len(seen)
        return found

    statements()
    first = statements()
    made.published(), made.published()
    assert statements() == first
    assert first == STATEMENTS
