"""The fleet's pages: the list, one mall, actions, jobs, tiles; and what a supervisor sees of others: nothing."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kernel.clock import utc_now
from kernel.posts import Post
from shared_apps.fleet import measuring, services, tasks
from shared_apps.fleet.models import Job, JobStep
from shared_apps.fleet.web.malls import VIEWS
from shared_apps.onboarding.models import MallProgress
from tenants.divisions.models import Supervision
from tenants.registry.models import Tenant
from tests.factories.cast import Cast, build_cast
from tests.factories.fleet import REASON, bring_live, suspend
from tests.factories.people import join, make_organisation, make_user, sign_in
from webkit.latin import latin_words

A, B = "990001", "990002"
STATEMENTS_MAX = 12
DOCUMENT = "新政函〔2026〕1号（测试）"


@dataclass(frozen=True)
class Offices:
    cast: Cast
    region: Client
    operator: Client
    auditor: Client


@pytest.fixture
def offices(room: None, monkeypatch: pytest.MonkeyPatch) -> Offices:
    monkeypatch.setattr(tasks.run_job, "enqueue", lambda **_: None)
    cast = build_cast(A)
    bring_live(A, B)
    measuring.measure(now=utc_now())
    posts = (Post.REGION_SUPERVISOR, Post.PLATFORM_OPERATOR, Post.AUDITOR)
    return Offices(cast, *(sign_in(Client(), cast.people[post]) for post in posts))


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined,no-any-return]


PAGES = (
    "/console/malls/", "/console/malls/?q=没有", "/console/malls/?supervisor=650000&sort=size", "/console/tiles/",
    "/console/jobs/", "/console/jobs/new/", f"/console/malls/{A}/",
    *(f"/console/malls/{A}/{name}/" for name in VIEWS),
)  # fmt: skip


def test_pages_open_in_chinese_with_few_statements(offices: Offices) -> None:
    suspend(B)
    for path in PAGES:
        with CaptureQueriesContext(connections["default"]) as asked:
            answer = offices.region.get(path)
        assert answer.status_code == 200, path
        assert latin_words(text(answer)) == [], path
        if path in PAGES[:4]:
            assert len(asked) <= STATEMENTS_MAX, (path, [query["sql"] for query in asked])


def test_the_console_opens_with_the_list_and_keeps_the_filter(offices: Offices) -> None:
    answer = offices.region.get("/console/?state=live")
    assert (answer.status_code, answer["Location"]) == (303, "/console/malls/?state=live")


def test_the_list_is_filtered_sorted_and_exported(offices: Offices) -> None:
    suspend(B)
    Tenant.objects.filter(code=B).update(name="=测试乙县")
    live = text(offices.region.get("/console/malls/?state=live"))
    assert (f"/console/malls/{A}/" in live, f"/console/malls/{B}/" in live) == (True, False)
    below = text(offices.region.get("/console/malls/?supervisor=654000"))
    assert f"/console/malls/{A}/" not in below
    table = list(
        csv.reader(io.StringIO(offices.region.get("/console/malls.csv?sort=state").content.decode("utf-8-sig")))
    )
    assert [row[0] for row in table[1:]] == [A, B]
    assert table[2][1] == "'=测试乙县"
    for bad in ("state=odd", "sort=name", "page=0", "color=red", "level=village"):
        assert offices.region.get(f"/console/malls/?{bad}").status_code == 400, bad


def test_practice_malls_stand_apart_and_are_not_counted(offices: Offices) -> None:
    Tenant.objects.filter(code=B).update(kind="practice")
    page = text(offices.region.get("/console/malls/"))
    listed, apart = page.split("演练卖场", 1)
    assert (f"/console/malls/{B}/" in listed, f"/console/malls/{B}/" in apart) == (False, True)
    assert "共 1 个" in listed
    assert "/suspend/" not in text(offices.region.get(f"/console/malls/{B}/"))


def test_a_mall_is_suspended_resumed_and_archived_from_its_page(offices: Offices) -> None:
    here = f"/console/malls/{A}/"
    assert "/suspend/" in text(offices.region.get(here))
    empty = offices.region.post(f"{here}suspend/", {"reason": ""})
    assert empty.status_code == 400
    assert offices.region.post(f"{here}suspend/", {"reason": REASON}).status_code == 303
    page = text(offices.region.get(here))
    assert REASON in page
    assert ("/resume/" in page, "/archive/" in page, "/suspend/" in page) == (True, True, False)
    again = offices.region.post(f"{here}suspend/", {"reason": REASON})
    assert again.status_code == 409
    wrong = offices.region.post(f"{here}archive/", {"reason": REASON, "repeat_code": B})
    assert wrong.status_code == 400
    assert offices.operator.post(f"{here}resume/", {}).status_code == 303
    assert Tenant.objects.get(code=A).state == "live"
    suspend(A)
    assert offices.region.post(f"{here}archive/", {"reason": REASON, "repeat_code": A}).status_code == 303
    assert Tenant.objects.get(code=A).state == "archived"


def test_names_move_from_the_page(offices: Offices) -> None:
    here = f"/console/malls/{A}/"
    day = {"valid_from": "2026-02-01", "document_number": DOCUMENT}
    assert offices.region.post(f"{here}rename/", {"name": "测试丙县", "document_number": DOCUMENT}).status_code == 303
    assert offices.region.post(f"{here}host/", {"host": "bing"}).status_code == 303
    assert offices.region.post(f"{here}recode/", {"new": "990103", "name": "测试丙市", **day}).status_code == 303
    page = text(offices.region.get(here))
    assert "990103.localhost" in page
    assert "bing.localhost" in page, "hosts of before redirect"
    assert "测试丙县" in page
    for wrong in ({"new": "12"}, {"new": "99010a"}, {"new": "９９０１０４"}):
        assert offices.region.post(f"{here}recode/", {"name": "丁", **day, **wrong}).status_code == 400, wrong
    # The operator moves hosts; what a level is called and whom it answers to is the finance department's to say.
    for action in ("rename", "supervisor", "recode"):
        assert offices.operator.get(f"{here}{action}/").status_code == 403
        assert offices.auditor.post(f"{here}{action}/", {}).status_code == 403
    assert f"{here}rename/" not in text(offices.operator.get(here))
    assert "/suspend/" not in text(offices.auditor.get(here))


def test_a_job_is_ordered_and_watched(offices: Offices) -> None:
    none = offices.region.post("/console/jobs/new/", {"action": "suspend", "reason": REASON})
    assert none.status_code == 400
    unexplained = offices.region.post("/console/jobs/new/", {"action": "suspend", "reason": "", "codes": [A, B]})
    assert unexplained.status_code == 400
    assert re.search(rf'value="{A}" checked', text(unexplained))
    answer = offices.region.post("/console/jobs/new/", {"action": "suspend", "reason": REASON, "codes": [A, B, A]})
    job = Job.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/console/jobs/{job.pk}/")
    page = text(offices.auditor.get(f"/console/jobs/{job.pk}/"))
    assert 'hx-trigger="every 1s"' in page
    services.run_job(job_id=job.pk, clock=utc_now)
    part = text(offices.auditor.get(f"/console/jobs/{job.pk}/progress/"))
    assert "hx-get" not in part
    assert "<html" not in part
    assert JobStep.objects.filter(job=job, state="done").count() == 2
    assert text(offices.auditor.get("/console/jobs/")).count(REASON) == 1
    assert offices.auditor.get("/console/jobs/new/").status_code == 403
    assert offices.region.get("/console/jobs/999999999/").status_code == 404


def test_a_job_for_every_mall_that_fits(offices: Offices) -> None:
    form = {"action": "check", "everything": "true", "q": "测试乙", "level": "", "prefecture": "", "supervisor": ""}
    assert offices.operator.post("/console/jobs/new/", {**form, "state": "live"}).status_code == 303
    assert list(JobStep.objects.values_list("tenant_code", flat=True)) == [B]
    nothing = offices.operator.post("/console/jobs/new/", {**form, "state": "archived"})
    assert nothing.status_code == 400
    assert Job.objects.count() == 1


def test_the_tiles_show_every_finance_level_in_words_too(offices: Offices) -> None:
    suspend(B)
    page = text(offices.region.get("/console/tiles/"))
    # 113 default tenants of the data file and the two of the tests.
    assert page.count('class="fleet-tile ') == 115
    assert page.count("（已暂停）") + page.count("(已暂停)") == 1
    assert len(re.findall(r'<section class="fleet-block fleet-r[1-4] fleet-c[1-5]"', page)) == 15


def test_a_supervisor_sees_what_answers_to_it_and_nothing_of_others(offices: Offices) -> None:
    Supervision.objects.filter(tenant_code=B).delete()
    Supervision.objects.create(tenant_code=B, supervisor_code=A, valid_from="2026-02-01")
    MallProgress.objects.create(tenant_code=B, done=3, total=9, missing=["tariff"], told_at=utc_now())
    chief = sign_in(Client(), offices.cast.people[Post.TIER_SUPERVISOR])
    page = text(chief.get("/supervised/"))
    assert "测试乙县" in page
    assert "3 / 9" in page
    assert page.count('<th scope="row">') == 1
    assert [row["code"] for row in chief.get("/api/v1/supervised/").json()["levels"]] == [B]
    other = make_user(name="乙县局长")
    join(other, make_organisation("finance_bureau", tenant_code=B), [Post.TIER_SUPERVISOR])
    below = text(sign_in(Client(), other).get("/supervised/"))
    assert ("测试甲县" in below.split("<main", 1)[1], '<th scope="row">' in below) == (False, False)
    for client in (offices.region, offices.auditor):
        assert client.get("/supervised/").status_code == 403
    assert chief.get("/console/malls/").status_code == 403


def test_the_api_reads_the_list_and_one_mall(offices: Offices) -> None:
    listed = offices.auditor.get("/api/v1/tenants/?q=9900").json()
    assert ([one["code"] for one in listed["malls"]], listed["next_after"]) == ([A, B], None)
    one = offices.auditor.get(f"/api/v1/tenants/{A}/").json()
    assert (one["state"], one["host"], one["behind"]) == ("live", f"{A}.localhost", 0)
    assert offices.auditor.get("/api/v1/tenants/653199/").status_code == 404
    assert offices.auditor.get("/api/v1/tenants/?state=odd").status_code == 400
    assert Client(HTTP_HOST="localhost").get("/api/v1/tenants/").status_code == 401
