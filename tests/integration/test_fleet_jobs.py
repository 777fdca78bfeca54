"""Actions over many malls: a result each, resumable, past a failed one; and the figures they measure."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kernel.clock import utc_now
from kernel.posts import Post
from kernel.problems import InvalidInput, NotFound, NotPermitted
from shared_apps.accounts.models import Membership
from shared_apps.fleet import measuring, selectors, services, tasks
from shared_apps.fleet.job_selectors import job as job_of
from shared_apps.fleet.models import Job, JobStep, MallFigures
from shared_apps.fleet.rules import LEASE, JobAction, StepState
from shared_apps.region_journal.models import RegionJournalEntry
from tenants.database.context import TenantNotFound
from tenants.registry.models import Tenant
from tests.factories.cast import Cast, build_cast
from tests.factories.fleet import REASON, bring_live, suspend
from tests.factories.people import actor_of

A, B = "990001", "990002"


@pytest.fixture
def cast(monkeypatch: pytest.MonkeyPatch) -> Cast:
    monkeypatch.setattr(tasks.run_job, "enqueue", lambda **_: None)
    bring_live(A, B)
    return build_cast(A)


def order(cast: Cast, action: JobAction = JobAction.SUSPEND, codes: tuple[str, ...] = (A, B)) -> Job:
    actor = actor_of(cast.people[Post.REGION_SUPERVISOR])
    return services.order_job(actor=actor, action=action, codes=codes, reason=REASON, now=utc_now())


def results(job: Job) -> dict[str, tuple[str, str]]:
    return {
        code: (state, outcome)
        for code, state, outcome in JobStep.objects.filter(job=job).values_list("tenant_code", "state", "outcome")
    }


def states() -> dict[str, str]:
    return dict(Tenant.objects.filter(code__in=[A, B]).values_list("code", "state"))


def test_every_mall_has_its_own_result(cast: Cast) -> None:
    suspend(B)
    job = order(cast)
    services.run_job(job_id=job.pk, clock=utc_now)
    assert results(job) == {A: ("done", ""), B: ("skipped", "wrong-state")}
    assert states() == {A: "suspended", B: "suspended"}
    job.refresh_from_db()
    assert job.finished_at is not None
    rows = RegionJournalEntry.objects.filter(event="fleet.tenant_suspended", object_id=A)
    assert rows.get().actor_id == cast.people[Post.REGION_SUPERVISOR].pk
    again = order(cast, JobAction.RESUME)
    services.run_job(job_id=again.pk, clock=utc_now)
    assert states() == {A: "live", B: "live"}


def test_a_dead_worker_s_mall_is_taken_up_again_and_done_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    job = order(cast)
    real = services.jobs.suspend_tenant

    def dies(**arguments: object) -> object:
        if arguments["code"] == B:
            raise KeyboardInterrupt
        return real(**arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(services.jobs, "suspend_tenant", dies)
    with pytest.raises(KeyboardInterrupt):
        services.run_job(job_id=job.pk, clock=utc_now)
    assert results(job) == {A: ("done", ""), B: ("running", "")}
    monkeypatch.setattr(services.jobs, "suspend_tenant", real)
    services.run_job(job_id=job.pk, clock=utc_now)
    assert results(job)[B] == ("running", ""), "somebody may still be at it"
    later = utc_now() + LEASE + timedelta(seconds=1)
    assert services.unfinished_jobs(now=later) == [job.pk]
    services.run_job(job_id=job.pk, clock=lambda: later)
    assert results(job) == {A: ("done", ""), B: ("done", "")}
    assert RegionJournalEntry.objects.filter(event="fleet.tenant_suspended").count() == 2
    assert services.unfinished_jobs(now=later + LEASE) == []


def test_it_is_done_with_the_posts_that_person_has_now(cast: Cast) -> None:
    job = order(cast)
    Membership.objects.filter(user=cast.people[Post.REGION_SUPERVISOR]).update(ended_at=utc_now())
    services.run_job(job_id=job.pk, clock=utc_now)
    assert results(job) == {A: ("failed", "not-permitted"), B: ("failed", "not-permitted")}
    assert states() == {A: "live", B: "live"}


def test_checking_and_migrating_measure_the_mall(cast: Cast) -> None:
    for action in (JobAction.CHECK, JobAction.MIGRATE):
        job = order(cast, action)
        services.run_job(job_id=job.pk, clock=utc_now)
        assert results(job) == {A: ("done", "current"), B: ("done", "current")}, action
    figures = MallFigures.objects.get(tenant_code=A)
    assert (figures.behind, figures.tables > 20, figures.schema_bytes > 100_000) == (0, True, True)


def test_who_may_order_what(cast: Cast) -> None:
    bureau, region = (actor_of(cast.people[post]) for post in (Post.TIER_SUPERVISOR, Post.PLATFORM_OPERATOR))
    with pytest.raises(NotPermitted):
        services.order_job(actor=bureau, action=JobAction.CHECK, codes=[A], now=utc_now())
    with pytest.raises(InvalidInput):
        services.order_job(actor=region, action=JobAction.SUSPEND, codes=[A], reason=" ", now=utc_now())
    with pytest.raises(InvalidInput):
        services.order_job(actor=region, action=JobAction.CHECK, codes=[], now=utc_now())
    with pytest.raises(TenantNotFound):
        services.order_job(actor=region, action=JobAction.CHECK, codes=[A, "653199"], now=utc_now())
    assert not Job.objects.exists()
    found = services.order_job(actor=region, action=JobAction.CHECK, codes=[A], now=utc_now())
    with pytest.raises(NotFound):
        job_of(actor=bureau, job_id=found.pk)
    assert job_of(actor=region, job_id=found.pk).steps[0].state == StepState.WAITING


def test_figures_are_measured_for_all_and_forgotten_with_the_mall(cast: Cast) -> None:
    MallFigures.objects.create(
        tenant_code="653199", schema_bytes=1, tables=1, behind=0, last_activity_at=None, measured_at=utc_now()
    )
    assert measuring.measure(now=utc_now()) == 2
    assert set(MallFigures.objects.values_list("tenant_code", flat=True)) == {A, B}
    # The cast has units and posts in A; nothing has happened in B.
    assert MallFigures.objects.get(tenant_code=A).last_activity_at is not None
    assert MallFigures.objects.get(tenant_code=B).last_activity_at is None
    row = selectors.mall(actor=actor_of(cast.people[Post.AUDITOR]), code=A, now=utc_now())
    assert (row.behind, row.measured_at is not None) == (0, True)
