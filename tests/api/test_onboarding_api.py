"""Applications by the API: filed by anybody, decided on by the region."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from kernel.posts import Post
from shared_apps.onboarding import services, tasks
from shared_apps.onboarding.models import Application
from tenants.database.context import region_as
from tests.factories.onboarding import NEW, file_application, new_division
from tests.factories.people import join, make_organisation, make_user, sign_in

BODY: dict[str, Any] = {
    "division_code": NEW,
    "bureau_name": "测试丙县财政局",
    "responsible_name": "阿依努尔",
    "phone": "0998-1234567",
    "email": "bureau@example.com",
    "modules": ["online_supermarket"],
    "fee_year": 2026,
    "fee_budget": "30000.00",
    "work_plan": [{"step": "导入预算单位", "due_on": "2026-03-31"}],
    "weak_points": [{"weakness": "零星采购无比价", "measure": "超市比价后下单"}],
}


@pytest.fixture(autouse=True)
def division(room: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(tasks.provision, "enqueue", lambda **_: None)
    with new_division() as code:
        yield code


@pytest.fixture
def public() -> Client:
    return Client(HTTP_HOST="localhost")


def staff(post: Post, kind: str) -> Client:
    user = make_user(name="测试人员")
    join(user, make_organisation(kind, "650000", "测试机构"), [post])
    return sign_in(Client(), user)


def send(client: Client, path: str, body: Any) -> Any:
    return client.post(f"/api/v1/applications/{path}", json.dumps(body), content_type="application/json")


def test_an_application_is_filed_and_its_link_told_once(public: Client) -> None:
    free = public.get("/api/v1/applications/divisions/", {"q": NEW}).json()
    assert [(one["code"], one["is_free"]) for one in free] == [(NEW, True)]
    answer = send(public, "apply/", BODY)
    assert answer.status_code == 201, answer.content
    filed = answer.json()
    assert set(filed) == {"number", "link"}
    path = filed["link"].partition("localhost")[2]
    assert public.get(path[path.index("/") :]).status_code == 200
    again = send(public, "apply/", BODY)
    assert (again.status_code, again.json()["code"]) == (409, "division-taken")
    assert send(public, "apply/", {**BODY, "division_code": "999999"}).status_code == 404
    assert Application.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"modules": []}, "modules"),
        ({"modules": ["online_supermarket", "online_supermarket"]}, "modules"),
        ({"modules": ["bazaar"]}, "modules.0"),
        ({"work_plan": []}, "work_plan"),
        ({"work_plan": [{"step": "x", "due_on": "2026-02-30"}]}, "work_plan.0.due_on"),
        (
            {"work_plan": [{"step": "x", "due_on": "2026-05-01"}, {"step": "y", "due_on": "2026-04-01"}]},
            "work_plan",
        ),
        ({"weak_points": [{"weakness": "x"}]}, "weak_points.0.measure"),
        ({"weak_points": [{"weakness": "x", "measure": "y"}] * 21}, "weak_points"),
        ({"fee_budget": "-1"}, "fee_budget"),
        ({"fee_year": 1999}, "fee_year"),
        ({"phone": "abc"}, "phone"),
        ({"email": "王@x.cn"}, "email"),
        ({"bureau_name": "a\u202eb"}, ""),
        ({"state": "approved"}, "state"),
    ],
)
def test_a_wrong_body_is_refused_by_name(public: Client, change: dict[str, Any], named: str) -> None:
    answer = send(public, "apply/", {**BODY, **change})
    assert answer.status_code == 400
    if named:
        assert any(name == named or name.startswith(f"{named}.") for name in answer.json()["errors"]), answer.content
    assert not Application.objects.exists()


def test_the_region_reads_and_decides() -> None:
    application, _ = file_application()
    client = staff(Post.REGION_SUPERVISOR, "region_finance")
    (listed,) = client.get("/api/v1/applications/?state=applied").json()
    assert (listed["number"], listed["fee_budget"]) == (application.number, "30000.00")
    assert not {"phone", "email", "secret_hash"} & set(listed)
    whole = client.get(f"/api/v1/applications/{application.pk}/").json()
    assert whole["application"]["phone"] == "0998-1234567"
    assert "secret_hash" not in whole["application"]
    assert whole["steps"] == []
    stale = send(client, f"{application.pk}/approve/", {"version": 2})
    assert (stale.status_code, stale.json()["code"]) == (409, "application-changed")
    approved = send(client, f"{application.pk}/approve/", {"version": 1})
    assert (approved.status_code, approved.json()["state"]) == (200, "approved")
    early = send(client, f"{application.pk}/retry/", {})
    assert (early.status_code, early.json()["code"]) == (409, "provisioning-not-failed")
    with region_as("yz_region"):
        services.run_provisioning(application_id=application.pk)
    whole = client.get(f"/api/v1/applications/{application.pk}/").json()
    assert [step["state"] for step in whole["steps"]] == ["done"] * 4
    assert (whole["mall_code"], whole["mall_state"]) == (NEW, "configuring")
    refused = send(client, f"{application.pk}/refuse/", {"version": 1, "reason": "x"})
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong-state")


def test_an_auditor_reads_and_a_stranger_finds_nothing() -> None:
    application, _ = file_application()
    auditor = staff(Post.AUDITOR, "audit")
    assert auditor.get(f"/api/v1/applications/{application.pk}/").status_code == 200
    assert send(auditor, f"{application.pk}/approve/", {"version": 1}).status_code == 403
    assert auditor.get("/api/v1/applications/999999/").status_code == 404
    agency = staff(Post.AGENCY_MANAGER, "agency")
    assert agency.get(f"/api/v1/applications/{application.pk}/").status_code == 403
    assert Client(HTTP_HOST="localhost").get("/api/v1/applications/").status_code == 401
    assert Application.objects.get().state == "applied"
