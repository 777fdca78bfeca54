"""Actions over many malls: ordered by a person, done one mall at a time, resumable, each with its result."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from django.db import DatabaseError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.actor import ANONYMOUS, Actor
from kernel.http import as_domain_error
from kernel.problems import DomainError, InvalidInput, WrongState
from kernel.wakeups import wake
from shared_apps.accounts.selectors import user_by_id, visitor_of
from shared_apps.fleet.measuring import measure
from shared_apps.fleet.models import Job, JobStep, MallFigures
from shared_apps.fleet.permissions import WRITERS, require
from shared_apps.fleet.rules import ENDED, JOB_TENANTS_MAX, LEASE, WAKE_UP, JobAction, StepState
from shared_apps.fleet.services.states import resume_tenant, suspend_tenant
from shared_apps.region_journal.services import record
from tenants.database.context import TenantNotFound, region_atomic, region_on_commit
from tenants.registry.selectors import tenant_names

Clock = Callable[[], datetime]
NOTE_MAX = 300


class MigrationFailed(DomainError):
    """The mall's migration was rolled back; the detail is the database's."""

    code = "migration-failed"
    title = gettext_lazy("The migration of this mall failed and was rolled back")


def order_job(*, actor: Actor, action: JobAction, codes: Collection[str], reason: str = "", now: datetime) -> Job:
    """Writes the job with one step a mall and wakes the worker. Raises NotPermitted, InvalidInput, TenantNotFound."""
    require(actor, WRITERS)
    errors: dict[str, list[str]] = {}
    if not codes or len(codes) > JOB_TENANTS_MAX:
        errors["codes"] = [_("Choose at least one mall.")]
    if action == JobAction.SUSPEND and not reason.strip():
        errors["reason"] = [_("Say why: everybody who meets the mall reads it.")]
    if errors or actor.user_id is None:
        raise InvalidInput(errors=errors)
    names = tenant_names(codes=codes)
    if missing := sorted(set(codes) - set(names)):
        raise TenantNotFound(tenant=missing[0])
    with region_atomic():
        job = Job.objects.create(
            action=action,
            reason=reason.strip(),
            ordered_by_id=actor.user_id,
            ordered_by_name=actor.name,
            ordered_at=now,
            moved_at=now,
        )
        JobStep.objects.bulk_create(
            JobStep(job=job, tenant_code=code, tenant_name=found.name, state=StepState.WAITING)
            for code, found in names.items()
        )
        record(
            actor=actor,
            event="fleet.job_ordered",
            object_type="fleet_job",
            object_id=job.pk,
            facts={"action": str(action), "reason": job.reason, "tenants": list(names)},
            now=now,
        )
        region_on_commit(lambda: wake_job(job.pk))
    return job


def wake_job(job_id: int) -> None:
    """Sends the wake-up to the process that may do the owner's work."""
    from shared_apps.fleet.tasks import run_job as task

    wake(task.enqueue, job_id=job_id)


def unfinished_jobs(*, now: datetime) -> list[int]:
    """Jobs of which nothing has moved lately: their wake-up or their worker was lost."""
    return list(
        Job.objects.filter(finished_at=None, moved_at__lte=now - WAKE_UP).order_by("pk").values_list("pk", flat=True)
    )


def run_job(*, job_id: int, clock: Clock) -> None:
    """Does what is left of a job, mall by mall; goes on past a failed one. Several workers may share one job."""
    job = Job.objects.filter(pk=job_id, finished_at=None).first()
    if job is None:
        return
    while step := _claimed(job, clock()):
        _do(job, step, clock)
    with region_atomic():
        if not JobStep.objects.filter(job=job).exclude(state__in=ENDED).exists():
            Job.objects.filter(pk=job.pk, finished_at=None).update(finished_at=clock(), moved_at=clock())


def _claimed(job: Job, now: datetime) -> JobStep | None:
    """The next mall nobody works on, marked as ours."""
    with region_atomic():
        step = (
            JobStep.objects.select_for_update(skip_locked=True)
            .filter(job=job)
            .filter(Q(state=StepState.WAITING) | Q(state=StepState.RUNNING, started_at__lte=now - LEASE))
            .order_by("tenant_code")
            .first()
        )
        if step is not None:
            step.state, step.started_at = StepState.RUNNING, now
            step.save(update_fields=["state", "started_at"])
            Job.objects.filter(pk=job.pk).update(moved_at=now)
    return step


def _do(job: Job, step: JobStep, clock: Clock) -> None:
    """One mall. What the region's own transaction can hold is committed together with the step's result."""
    try:
        if job.action in {JobAction.SUSPEND, JobAction.RESUME}:
            with region_atomic():
                _change_state(job, step, clock())
                _end(step, StepState.DONE, clock())
        else:
            outcome, note = _migrate(step, clock) if job.action == JobAction.MIGRATE else _check(step, clock)
            _end(step, StepState.DONE, clock(), outcome, note)
    except WrongState as refusal:
        _end(step, StepState.SKIPPED, clock(), refusal.code, str(refusal.facts.get("state", "")))
    except DomainError as refusal:
        _end(step, StepState.FAILED, clock(), refusal.code, str(refusal))
    except DatabaseError as error:
        known = as_domain_error(error)
        _end(step, StepState.FAILED, clock(), known.code if known else "database", str(error).splitlines()[0])


def _end(step: JobStep, state: StepState, now: datetime, outcome: str = "", note: str = "") -> None:
    JobStep.objects.filter(pk=step.pk).update(state=state, outcome=outcome, note=note[:NOTE_MAX], finished_at=now)


def _change_state(job: Job, step: JobStep, now: datetime) -> None:
    """In the name of who ordered it, with the posts that person has now. Raises as the services do."""
    user = user_by_id(user_id=job.ordered_by_id)
    actor = ANONYMOUS if user is None else visitor_of(user=user).actor
    change = suspend_tenant if job.action == JobAction.SUSPEND else resume_tenant
    change(actor=actor, code=step.tenant_code, reason=job.reason, now=now)


def _migrate(step: JobStep, clock: Clock) -> tuple[str, str]:
    """Brings the mall to the present version. Raises MigrationFailed, TenantNotFound."""
    from tenants.provisioning.services import migrate_tenants

    outcome = migrate_tenants(codes=[step.tenant_code], now=clock)
    if error := outcome.failed.get(step.tenant_code):
        raise MigrationFailed(error)
    measure(codes=[step.tenant_code], now=clock())
    return ("migrated" if outcome.done else "current"), ""


def _check(step: JobStep, clock: Clock) -> tuple[str, str]:
    """Measures the mall anew and says whether it is at the present version. Raises TenantNotFound."""
    if not measure(codes=[step.tenant_code], now=clock()):
        raise TenantNotFound(tenant=step.tenant_code)
    behind = MallFigures.objects.values_list("behind", flat=True).get(tenant_code=step.tenant_code)
    return ("behind", str(behind)) if behind else ("current", "")
