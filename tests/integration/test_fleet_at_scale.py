"""Lists, jobs and measuring with a thousand malls in the registry: as many statements as with two."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kernel.clock import utc_now
from kernel.posts import Post
from shared_apps.fleet import measuring, services, tasks
from shared_apps.fleet.models import Job, JobStep, MallFigures
from shared_apps.fleet.rules import JobAction
from shared_apps.onboarding.models import Application
from tenants.database.context import owner_of
from tenants.divisions.models import Division, Supervision
from tenants.registry.models import Domain, Tenant
from tests.factories.cast import Cast, build_cast
from tests.factories.onboarding import file_application
from tests.factories.people import actor_of, sign_in

A = "990001"
MALLS = 1000
CODES = [f"98{number:04}" for number in range(MALLS)]
PAGE = 200


@pytest.fixture(scope="module")
def thousand(kept_world: Callable[[], None]) -> Cast:
    """A thousand malls as the registry has them, all answering to one office; their schemas are not there."""
    now = utc_now()
    Division.objects.create(code="980900", name="测试一万地区", level="prefecture", parent_id="650000")
    Division.objects.bulk_create(
        Division(code=code, name=f"测试{code}县", level="county", parent_id="650000")
        for code in CODES
        if code != "980900"
    )
    tenants = Tenant.objects.bulk_create(
        Tenant(
            schema_name=f"t{code}", code=code, division_code=code, name=f"测试{code}县", level="county",
            kind="own_level", state="live" if int(code) % 2 else "configuring", created_at=now,
        )
        for code in CODES
    )  # fmt: skip
    Domain.objects.bulk_create(Domain(tenant=one, domain=f"{one.code}.localhost", is_primary=True) for one in tenants)
    Supervision.objects.bulk_create(
        Supervision(tenant_code=code, supervisor_code=A, valid_from="2026-01-01") for code in CODES
    )
    people = build_cast(A)
    kept_world()
    return people


@pytest.fixture
def cast(thousand: Cast, room: None, monkeypatch: pytest.MonkeyPatch) -> Cast:
    monkeypatch.setattr(tasks.run_job, "enqueue", lambda **_: None)
    return thousand


def opened(client: Client, path: str, statements: int) -> str:
    """The page, asked for twice; it takes no more than so many statements whatever the number of malls."""
    client.get(path)
    with CaptureQueriesContext(connections["default"]) as asked:
        answer = client.get(path)
    assert answer.status_code == 200, path
    assert len(asked) <= statements, (path, len(asked), [query["sql"][:120] for query in asked])
    return answer.content.decode()


def listed(page: str) -> list[str]:
    return re.findall(r"<code>(98\d{4})</code>", page)


def test_the_lists_of_malls_come_in_pages_that_keep_the_filter(cast: Cast) -> None:
    region = sign_in(Client(), cast.people[Post.REGION_SUPERVISOR])
    first = opened(region, "/console/malls/?state=live&q=98", 14)
    assert listed(first) == [code for code in CODES if int(code) % 2][:PAGE]
    assert "/console/malls/?q=98&amp;state=live&amp;page=2" in first
    last = opened(region, "/console/malls/?state=live&q=98&page=3", 14)
    assert len(listed(last)) == MALLS // 2 - 2 * PAGE
    assert ("page=2" in last, "page=4" in last) == (True, False)
    Tenant.objects.filter(code__lt="980300").update(kind="practice")
    practice = opened(region, "/console/malls/?q=98&page=4", 14)
    assert listed(practice) == [*CODES[900:], *CODES[:100]]
    bureau = sign_in(Client(), cast.people[Post.TIER_SUPERVISOR])
    page = opened(bureau, "/supervised/?state=live", 14)
    assert len(listed(page)) == PAGE
    assert "/supervised/?state=live&amp;page=2" in page
    assert listed(opened(bureau, "/supervised/?q=980999", 14)) == ["980999"]
    assert bureau.get("/supervised/?page=0").status_code == 400
    lives = [code for code in CODES if int(code) % 2]
    assert walked(bureau, "/api/v1/supervised/?state=live", "levels") == lives
    assert bureau.get("/api/v1/supervised/?after=999999").status_code == 400


def test_programs_walk_the_list_of_malls_by_cursor(cast: Cast) -> None:
    region, anybody = sign_in(Client(), cast.people[Post.REGION_SUPERVISOR]), Client(HTTP_HOST="localhost")
    assert walked(region, "/api/v1/tenants/?q=98", "malls") == CODES
    by_state = walked(region, "/api/v1/tenants/?q=98&sort=state", "malls")
    assert sorted(by_state) == CODES
    assert by_state != CODES
    public = walked(anybody, "/api/v1/malls/?q=98", "groups")
    assert sorted(public) == CODES
    for client, path in ((region, "/api/v1/tenants/"), (anybody, "/api/v1/malls/")):
        problem = client.get(f"{path}?after=999999").json()
        assert (problem["status"], list(problem["errors"])) == (400, ["after"])


def walked(client: Client, path: str, name: str) -> list[str]:
    """The codes of all pages in their order; each page holds 200 at most, and none comes twice."""
    found: list[str] = []
    after = ""
    while True:
        page = client.get(f"{path}&after={after}" if after else path).json()
        rows = [mall for group in page[name] for mall in group["malls"]] if name == "groups" else page[name]
        assert 0 < len(rows) <= 200
        found += [row["code"] for row in rows]
        if page["next_after"] is None:
            assert len(found) == len(set(found))
            return found
        after = page["next_after"]


def test_a_job_over_a_thousand_malls_is_ordered_and_shown_in_pages(cast: Cast) -> None:
    region = sign_in(Client(), cast.people[Post.REGION_SUPERVISOR])
    form = opened(region, "/console/jobs/new/?q=98", 14)
    assert (form.count('name="codes"'), "前 200 个" in form) == (PAGE, True)
    with CaptureQueriesContext(connections["default"]) as asked:
        answer = region.post("/console/jobs/new/", {"action": "check", "everything": "true", "q": "98"})
    assert answer.status_code == 303
    assert len(asked) <= 30, len(asked)
    assert JobStep.objects.count() == MALLS
    page = opened(region, f"{answer['Location']}?page=5", 8)
    assert page.count("/console/malls/98") == PAGE
    assert "?page=4" in page
    assert "progress/?page=5" in page


def test_applications_come_in_pages(cast: Cast) -> None:
    application, _secret = file_application("650000")
    fields = {
        field.attname: getattr(application, field.attname)
        for field in Application._meta.concrete_fields
        if field.attname not in {"id", "number", "division_code", "secret_hash"}
    }
    Application.objects.bulk_create(
        Application(
            **(fields | {"number": f"SQ2026{number:06}", "division_code": code, "secret_hash": f"{number:064}"})
        )
        for number, code in enumerate(CODES)
    )
    region = sign_in(Client(), cast.people[Post.REGION_SUPERVISOR])
    page = opened(region, "/console/applications/?state=applied&page=3", 8)
    assert page.count("<code>SQ2026") == PAGE
    assert "/console/applications/?state=applied&amp;page=4" in page


@pytest.fixture
def journals(thousand: None) -> Iterator[None]:
    """What measuring looks at, of every mall: its ledger of migrations and its journal."""
    with owner_of("public", alias="default"), connections["default"].cursor() as cursor:
        for code in CODES:
            cursor.execute(
                f"CREATE SCHEMA t{code};"
                f"CREATE TABLE t{code}.django_migrations AS SELECT app, name FROM t{A}.django_migrations;"
                f"CREATE TABLE t{code}.journal_journalentry (id bigint PRIMARY KEY, at timestamptz);"
                f"INSERT INTO t{code}.journal_journalentry VALUES (1, '2026-01-01'), (2, '2026-02-02');"
                f"GRANT USAGE ON SCHEMA t{code} TO yz_sweeper;"
                f"GRANT SELECT ON ALL TABLES IN SCHEMA t{code} TO yz_sweeper"
            )
    yield
    with owner_of("public", alias="default"), connections["default"].cursor() as cursor:
        for code in CODES:
            cursor.execute(f"DROP SCHEMA t{code} CASCADE")


def test_a_thousand_malls_are_measured_in_a_few_statements(journals: None, cast: Cast) -> None:
    with CaptureQueriesContext(connections["default"]) as asked:
        count = measuring.measure(now=utc_now())
    assert count == Tenant.objects.count() >= MALLS
    # Registry, sizes, and what is kept; ledgers and journals 200 schemas at a time.
    assert len(asked) <= 12 + 2 * (MALLS // 200 + 1), [query["sql"][:90] for query in asked]
    figures = MallFigures.objects.get(tenant_code=CODES[-1])
    assert (figures.tables, figures.behind) == (2, 0)
    assert figures.last_activity_at is not None
    assert figures.last_activity_at.date().isoformat() == "2026-02-02"
    staff = actor_of(cast.people[Post.REGION_SUPERVISOR])
    job = services.order_job(actor=staff, action=JobAction.CHECK, codes=CODES[:20], now=utc_now())
    services.run_job(job_id=job.pk, clock=utc_now)
    assert Job.objects.get().finished_at is not None
    assert set(JobStep.objects.values_list("state", "outcome")) == {("done", "current")}
