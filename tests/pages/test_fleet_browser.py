"""The fleet in a real browser: axe at both widths, a job watched to its end, a suspended mall without buttons."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page

from kernel.clock import utc_now
from kernel.posts import Post
from shared_apps.fees import demo as tariff
from shared_apps.fleet import measuring, services, tasks
from shared_apps.fleet.models import Job, MallFigures
from shared_apps.onboarding.models import MallProgress
from tenants.database.context import region_as
from tenants.divisions.models import Division, Supervision
from tenants.registry.models import Domain, Tenant
from tests.factories.cast import Cast, build_cast
from tests.factories.fleet import REASON, bring_live, suspend
from tests.pages.conftest import NARROW, WIDE, Visit, address, axe_findings

A, B = "990001", "990002"
STATES = ("live", "live", "configuring", "live", "suspended", "configuring", "archived", "live")


@pytest.fixture
def cast(room: None, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """Two malls at work, and the registry's rows of half the region: lists need no schemas."""
    monkeypatch.setattr(tasks.run_job, "enqueue", lambda **_: None)
    cast = build_cast(A)
    bring_live(A, B)
    with region_as("yz_region"):
        tariff.load(utc_now())
        measuring_rows()
    measuring.measure(codes=[A, B], now=utc_now())
    Supervision.objects.filter(tenant_code__startswith="6531").update(supervisor_code=A)
    return cast


def measuring_rows() -> None:
    for number, division in enumerate(Division.objects.filter(is_default_tenant=True).order_by("code")):
        if number % 3 == 2:
            continue
        state = STATES[number % len(STATES)]
        tenant = Tenant.objects.create(
            schema_name=f"t{division.code}", code=division.code, division_code=division.code, name=division.name,
            level=division.level, kind="own_level", state=state, created_at=utc_now(),
            state_reason=REASON if state in {"suspended", "archived"} else "",
        )  # fmt: skip
        Domain.objects.create(tenant=tenant, domain=f"{division.code}.localhost", is_primary=True)
        MallFigures.objects.create(
            tenant_code=division.code, schema_bytes=2_300_000 * (number + 1), tables=60, behind=number % 7 == 3,
            last_activity_at=utc_now(), measured_at=utc_now(),
        )  # fmt: skip
        if state == "configuring":
            MallProgress.objects.create(
                tenant_code=division.code, done=number % 9, total=9, missing=[], told_at=utc_now()
            )


def judged(page: Page, path: str, width: int, name: str) -> list[str]:
    found = [f"{path} {width}: {finding}" for finding in axe_findings(page)]
    if page.evaluate("document.documentElement.scrollWidth") > width:
        found.append(f"{path} is wider than {width}")
    if shots := os.environ.get("YZ_SHOTS"):
        page.screenshot(
            path=str(Path(shots) / f"{name}-{width}.png"),
            full_page=page.evaluate("document.documentElement.scrollHeight") < 3000,
        )
    return found


def test_the_fleet_is_accessible_at_both_widths(visitor: Visit, site: str, cast: Cast) -> None:
    with region_as("yz_region"):
        actor_pk = cast.people[Post.REGION_SUPERVISOR].pk
        job = Job.objects.create(
            action="suspend", reason=REASON, ordered_by_id=actor_pk, ordered_by_name="区厅甲", ordered_at=utc_now(),
            moved_at=utc_now(),
        )  # fmt: skip
        for code, state, outcome in ((A, "done", ""), (B, "failed", "busy"), ("650000", "skipped", "wrong-state")):
            job.steps.create(
                tenant_code=code, tenant_name=f"测试{code}", state=state, outcome=outcome, finished_at=utc_now()
            )
    suspend(B)
    pages = {
        "malls": "/console/malls/", "none": "/console/malls/?q=none", "tiles": "/console/tiles/",
        "jobs": "/console/jobs/", "new-job": "/console/jobs/new/?prefecture=653100", "job": f"/console/jobs/{job.pk}/",
        "mall": f"/console/malls/{B}/", "suspend": f"/console/malls/{A}/suspend/",
        "archive": f"/console/malls/{B}/archive/", "supervisor": f"/console/malls/{A}/supervisor/",
        "recode": f"/console/malls/{A}/recode/", "host": f"/console/malls/{A}/host/",
    }  # fmt: skip
    problems = []
    for size in (WIDE, NARROW):
        page = visitor(cast.people[Post.REGION_SUPERVISOR], size=size)
        for name, path in pages.items():
            page.goto(address(site, path))
            problems += judged(page, path, size[0], f"fleet-{name}")
        page = visitor(cast.people[Post.TIER_SUPERVISOR], size=size)
        page.goto(address(site, "/supervised/"))
        problems += judged(page, "/supervised/", size[0], "fleet-supervised")
    assert problems == []


def test_a_job_is_watched_to_its_end(visitor: Visit, site: str, cast: Cast) -> None:
    page = visitor(cast.people[Post.REGION_SUPERVISOR])
    page.goto(address(site, "/console/jobs/new/?q=9900"))
    page.select_option("select[name=action]", "suspend")
    page.fill("input[name=reason]", REASON)
    for box in page.locator("input[name=codes]").all():
        box.check()
    page.locator("main form[method=post] button[type=submit]").click()
    page.wait_for_url("**/console/jobs/*/")
    assert "已处理 0 个" in page.locator("#progress").inner_text()
    services.run_job(job_id=Job.objects.get().pk, clock=utc_now)
    page.locator("#progress:not([hx-get])").wait_for()
    assert "已处理 2 个" in page.locator("#progress").inner_text()
    assert axe_findings(page) == []


def test_a_suspended_mall_shows_why_and_offers_nothing_to_send(visitor: Visit, site: str, cast: Cast) -> None:
    suspend(A)
    problems = []
    for size in (WIDE, NARROW):
        page = visitor(cast.people[Post.TIER_SUPERVISOR], tenant=A, size=size)
        for path in ("/bureau/", "/bureau/units/new/", "/"):
            page.goto(address(site, path, A))
            assert REASON in page.locator("main").inner_text(), path
            assert page.locator("main form[method=post] button:visible").count() == 0, path
            problems += judged(page, path, size[0], f"suspended{path.replace('/', '-')}")
    assert problems == []
