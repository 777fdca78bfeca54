"""Reading jobs over many malls."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Q

from kernel.actor import Actor
from kernel.problems import NotFound
from shared_apps.fleet.models import Job, JobStep
from shared_apps.fleet.permissions import READERS
from shared_apps.fleet.rules import ENDED, StepState

JOBS_SHOWN_MAX = 100


@dataclass(frozen=True, slots=True)
class JobView:
    """A job with its malls, those that failed first."""

    job: Job
    steps: tuple[JobStep, ...]
    counts: dict[str, int]
    ended: int


def jobs(*, actor: Actor) -> list[Job]:
    """Newest first, each with `malls`, `ended` and `failed`; one statement. Nothing for others."""
    if not actor.posts & READERS:
        return []
    return list(
        Job.objects.annotate(
            malls=Count("steps"),
            ended=Count("steps", filter=Q(steps__state__in=ENDED)),
            failed=Count("steps", filter=Q(steps__state=StepState.FAILED)),
        ).order_by("-pk")[:JOBS_SHOWN_MAX]
    )


def job(*, actor: Actor, job_id: int) -> JobView:
    """Raises NotFound, for those who may not read it as well."""
    found = Job.objects.filter(pk=job_id).first() if actor.posts & READERS else None
    if found is None:
        raise NotFound(job=job_id)
    steps = list(JobStep.objects.filter(job=found).order_by("tenant_code"))
    order = {StepState.FAILED: 0, StepState.RUNNING: 1}
    steps.sort(key=lambda step: order.get(StepState(step.state), 2))
    counts = Counter(step.state for step in steps)
    return JobView(found, tuple(steps), dict(counts), sum(counts[state] for state in ENDED))
