"""The applicant's pages and the region's, through Django's test client."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from kernel.clock import utc_now
from kernel.posts import Post
from shared_apps.onboarding import services, tasks
from shared_apps.onboarding.models import Application
from tenant_apps.policies.services import tell_checklist
from tenants.database.context import region_as, tenant_selected
from tests.factories.onboarding import NEW, approve, content, file_application, new_division
from tests.factories.people import join, make_organisation, make_user, sign_in
from tests.factories.relayed import relay_tenant
from webkit.latin import latin_words

FORM: dict[str, Any] = {
    "bureau_name": "测试丙县财政局",
    "responsible_name": "阿依努尔",
    "responsible_title": "",
    "phone": "0998-1234567",
    "email": "bureau@example.com",
    "modules": ["online_supermarket", "online_inquiry"],
    "fee_year": "2026",
    "fee_budget": "30000",
    "plan_step": ["导入预算单位", "", "练习下单"],
    "plan_due_on": ["2026-03-31", "", "2026-04-30"],
    "weak_point": ["零星采购无比价", ""],
    "weak_measure": ["超市比价后下单", ""],
}


@pytest.fixture(autouse=True)
def division(room: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(tasks.provision, "enqueue", lambda **_: None)
    with new_division() as code:
        yield code


@pytest.fixture
def public() -> Client:
    return Client(HTTP_HOST="localhost")


@pytest.fixture
def staff() -> Client:
    user = make_user(name="周平台")
    join(user, make_organisation("platform", "650000", "平台运营中心"), [Post.PLATFORM_OPERATOR])
    return sign_in(Client(), user)


def text_of(answer: Any) -> str:
    page: str = answer.content.decode()
    return page


def test_a_bureau_finds_its_division_and_applies(public: Client) -> None:
    page = text_of(public.get("/apply/", {"q": "丙县"}))
    assert f'href="/apply/{NEW}/"' in page
    assert "测试甲县" not in page
    page = text_of(public.get(f"/apply/{NEW}/"))
    assert latin_words(page) == []
    answer = public.post(f"/apply/{NEW}/", FORM)
    assert answer.status_code == 303, text_of(answer)
    row = Application.objects.get()
    assert row.work_plan == [
        {"step": "导入预算单位", "due_on": "2026-03-31"}, {"step": "练习下单", "due_on": "2026-04-30"},
    ]  # fmt: skip
    assert row.weak_points == [{"weakness": "零星采购无比价", "measure": "超市比价后下单"}]
    link = answer["Location"]
    answer = public.get(link)
    page = text_of(answer)
    assert row.number in page
    assert "no-store" in answer["Cache-Control"]
    assert latin_words(page) == []
    assert public.get(link.replace(row.number, "SQ202601010009")).status_code == 404
    answer = public.get(f"/apply/{NEW}/")
    assert answer.status_code == 409
    assert latin_words(text_of(answer)) == []
    assert latin_words(text_of(public.get("/apply/"))) == []


def test_a_wrong_form_keeps_what_was_typed_and_names_the_cell(public: Client) -> None:
    answer = public.post(
        f"/apply/{NEW}/", {**FORM, "plan_due_on": ["2026-05-31", "", "2026-02-30"], "phone": "abc", "modules": []}
    )
    page = text_of(answer)
    assert answer.status_code == 400
    assert 'id="id_work_plan.1.due_on_error"' in page
    assert 'value="练习下单"' in page
    assert 'value="abc"' in page
    assert latin_words(page) == []
    answer = public.post(f"/apply/{NEW}/", {**FORM, "plan_due_on": ["2026-05-31", "", "2026-04-30"]})
    assert answer.status_code == 400, "the steps are not in the order of their days"
    answer = public.post(f"/apply/{NEW}/", {**FORM, "stranger": "1"})
    assert answer.status_code == 400
    assert not Application.objects.exists()


def test_the_applicant_changes_and_withdraws(public: Client) -> None:
    application, secret = file_application()
    base = f"/applications/{application.number}/{secret}/"
    page = text_of(public.get(f"{base}amend/"))
    assert 'value="导入预算单位"' in page
    assert latin_words(page) == []
    assert public.post(f"{base}amend/", {**FORM, "phone": "13900000000"}).status_code == 303
    assert Application.objects.get().phone == "13900000000"
    assert public.post(f"{base}withdraw/").status_code == 303
    assert latin_words(text_of(public.get(base))) == []
    answer = public.post(f"{base}withdraw/")
    assert answer.status_code == 409
    assert public.post(f"{base}x/amend/".replace("//", "/"), FORM).status_code == 404
    assert public.get(f"{base}amend/").status_code == 404, "nothing to change any more"
    assert public.post(f"{base}amend/", FORM).status_code == 409


def test_the_region_reads_refuses_and_sees_who_changed_it_since(staff: Client) -> None:
    application, secret = file_application()
    page = text_of(staff.get("/console/applications/"))
    assert application.number in page
    assert latin_words(page) == []
    assert staff.get("/console/applications/badge/").content == b"1"
    here = f"/console/applications/{application.pk}/"
    assert latin_words(text_of(staff.get(here))) == []
    with region_as("yz_region"):
        services.amend_application(number=application.number, secret=secret, content=content(), now=utc_now())
    answer = staff.post(f"{here}approve/", {"version": "1"})
    assert answer.status_code == 409
    assert latin_words(text_of(answer)) == []
    answer = staff.post(f"{here}refuse/", {"version": "2", "reason": ""})
    assert answer.status_code == 400
    assert staff.post(f"{here}refuse/", {"version": "2", "reason": "预算未列"}).status_code == 303
    page = text_of(staff.get(here))
    assert "预算未列" in page
    assert staff.get("/console/applications/badge/").content == b""
    assert text_of(staff.get("/console/applications/?state=applied")).count(application.number) == 0


def test_the_page_looks_again_while_the_mall_is_set_up(staff: Client, public: Client) -> None:
    application, secret = file_application()
    here = f"/console/applications/{application.pk}/"
    answer = staff.post(f"{here}approve/", {"version": "1"})
    assert answer.status_code == 303
    page = text_of(staff.get(here))
    assert 'hx-trigger="every 1s"' in page
    assert latin_words(page) == []
    part = staff.get(f"{here}steps/")
    assert "HX-Refresh" not in part
    with region_as("yz_region"):
        services.run_provisioning(application_id=application.pk)
    for client, path in ((staff, f"{here}steps/"), (public, f"/applications/{application.number}/{secret}/steps/")):
        part = client.get(path)
        assert part["HX-Refresh"] == "true"
        assert "hx-trigger" not in text_of(part)
    page = text_of(staff.get(here))
    assert "bureau@example.com" in page
    assert latin_words(page) == []
    assert latin_words(text_of(public.get(f"/applications/{application.number}/{secret}/"))) == []


def test_both_sides_see_how_far_the_malls_checklist_is(staff: Client, public: Client) -> None:
    application, secret = file_application("990001")
    approve(application)
    here = f"/console/applications/{application.pk}/"
    assert "尚缺" not in text_of(staff.get(here))
    with tenant_selected("990001"):
        tell_checklist(now=utc_now())
    relay_tenant("990001")
    for page in (
        text_of(staff.get(here)),
        text_of(public.get(f"/applications/{application.number}/{secret}/")),
    ):
        assert "尚缺" in page
        assert "预算单位已录入" in page
        assert latin_words(page) == []


def test_a_failed_run_has_a_button_to_ask_again(staff: Client) -> None:
    application, _ = file_application()
    approve(application)
    here = f"/console/applications/{application.pk}/"
    assert staff.post(f"{here}retry/").status_code == 409
    with region_as("yz_region"):
        Application.objects.update(error="内部错误")
    page = text_of(staff.get(here))
    assert "内部错误" in page
    assert f'action="{here}retry/"' in page
    assert staff.post(f"{here}retry/").status_code == 303
    assert Application.objects.get().error == ""
