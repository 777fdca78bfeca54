"""Setting a mall up, in a worker. Every step is committed by itself, so that the page shows it and a dead worker's
successor knows where to go on; making the schema is one transaction and leaves nothing when it fails.

A run holds the application by its number and a lease. The lease is renewed with each step; when it has passed the
sweep gives the application to another run, and the first, should it still live, finds that it holds nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import Error as AnyDatabaseError
from django.db import connections

from kernel.actor import SYSTEM
from kernel.clock import database_now
from kernel.problems import Conflict, DomainError, as_problem
from shared_apps.onboarding.models import Application, ProvisioningStep
from shared_apps.onboarding.rules import (
    APPLICATION_LIFECYCLE,
    LEASE,
    RUNS_MAX,
    ApplicationState,
    StepName,
    StepState,
)
from shared_apps.onboarding.selectors import mall_of
from shared_apps.onboarding.services.applying import facts_of
from shared_apps.onboarding.services.settling import plan_steps, settle
from shared_apps.region_journal.services import record
from tenants.database.context import REGION_ALIAS, TENANT_ALIAS, region_as, region_atomic, tenant_selected
from tenants.database.logins import SWEEPER
from tenants.provisioning.plans import all_keys
from tenants.provisioning.services import applied_by_schema, create_tenant
from tenants.registry.rules import TenantState

logger = logging.getLogger(__name__)
_MESSAGE_LENGTH_MAX = 500


class TakenOver(RuntimeError):
    """Another run holds the application: this one was thought dead. It writes nothing more."""


class MallNotUsable(Conflict):
    """The mall of the division is there, and not one that an application may take."""

    code = "mall-not-usable"


@dataclass(frozen=True, slots=True)
class Run:
    application_id: int
    number: int
    division_code: str


def _now() -> datetime:
    return database_now(REGION_ALIAS)


def run_provisioning(*, application_id: int) -> bool:
    """Takes the application up and goes through its steps; returns whether the mall stands.

    Nothing happens when it is not due: it is another run's, has ended, or failed and nobody has asked again.
    """
    run = _take(application_id)
    if run is None:
        return False
    try:
        _steps(run)
    except TakenOver:
        logger.warning("run %s of application %s was taken over", run.number, run.application_id)
        return False
    except (DomainError, AnyDatabaseError, OSError) as error:
        logger.exception("setting up %s failed", run.division_code)
        _fail(run, _told(error))
        return False
    return True


def _told(error: Exception) -> str:
    """What region staff read: the refusal's title, or the first line of what the database says."""
    if isinstance(error, DomainError):
        problem = as_problem(error)
        return f"{problem['title']} ({problem['code']})"[:_MESSAGE_LENGTH_MAX]
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0] if lines else ''}"[:_MESSAGE_LENGTH_MAX]


def _take(application_id: int) -> Run | None:
    with region_atomic():
        application = Application.objects.select_for_update().filter(pk=application_id).first()
        if application is None:
            return None
        now = _now()
        if not _is_due(application, now):
            return None
        if application.runs_since_asked >= RUNS_MAX:
            _give_back(application, error=f"{RUNS_MAX} x broken off", now=now)
            return None
        if application.state == ApplicationState.APPROVED:
            application.state = APPLICATION_LIFECYCLE.next(application.state, "start").target
        application.run += 1
        application.runs_since_asked += 1
        application.lease_until = now + LEASE
        application.save()
        plan_steps(application)
        record(
            actor=SYSTEM,
            event="onboarding.provisioning_started",
            object_type="application",
            object_id=application.pk,
            facts={**facts_of(application), "run": application.run},
            now=now,
        )
        return Run(application.pk, application.run, application.division_code)


def _is_due(application: Application, now: datetime) -> bool:
    if application.state == ApplicationState.APPROVED:
        return not application.error
    return (
        application.state == ApplicationState.PROVISIONING
        and application.lease_until is not None
        and application.lease_until <= now
    )


def _held(run: Run) -> Application:
    """The application, locked, while this run holds it. Raises TakenOver."""
    application = (
        Application.objects.select_for_update()
        .filter(pk=run.application_id, run=run.number, state=ApplicationState.PROVISIONING)
        .first()
    )
    if application is None:
        raise TakenOver(run.number)
    return application


def _steps(run: Run) -> None:
    mall = mall_of(division_code=run.division_code)
    if mall is not None and mall.state != TenantState.CONFIGURING:
        raise MallNotUsable(mall=mall.code)
    with _step(run, StepName.SCHEMA, skipped=mall is not None):
        if mall is None:
            create_tenant(code=run.division_code, now=_now())
    code = run.division_code if mall is None else mall.code
    with _step(run, StepName.CHECK):
        _check(code)
    with region_atomic():
        application = _held(run)
        settle(application, action="finish", tenant_code=code, was_there=mall is not None, now=_now())


def _check(code: str) -> None:
    """The mall's own login opens its schema, and the schema is at the version of this code."""
    with tenant_selected(code) as ref, connections[TENANT_ALIAS].cursor() as cursor:
        cursor.execute("SELECT 1")
    with region_as(SWEEPER):
        applied = applied_by_schema([ref.schema_name])
    if frozenset(all_keys()) - applied.get(ref.schema_name, frozenset()):
        raise MallNotUsable(mall=code)


@contextmanager
def _step(run: Run, name: StepName, *, skipped: bool = False) -> Iterator[None]:
    """Commits that the step began, runs the body, commits how it ended. Raises TakenOver."""
    _note(run, name, StepState.RUNNING)
    try:
        yield
    except (DomainError, AnyDatabaseError, OSError) as error:
        _note(run, name, StepState.FAILED, note=_told(error))
        raise
    _note(run, name, StepState.SKIPPED if skipped else StepState.DONE)


def _note(run: Run, name: StepName, state: StepState, *, note: str = "") -> None:
    with region_atomic():
        application = _held(run)
        now = _now()
        application.lease_until = now + LEASE
        application.save(update_fields=["lease_until"])
        step = ProvisioningStep.objects.get(application=application, name=name)
        step.state, step.note = state, note
        if state == StepState.RUNNING:
            step.started_at, step.finished_at = now, None
        else:
            step.finished_at = now
        step.save()


def _fail(run: Run, error: str) -> None:
    with region_atomic():
        try:
            application = _held(run)
        except TakenOver:
            return
        _give_back(application, error=error, now=_now())


def _give_back(application: Application, *, error: str, now: datetime) -> None:
    """Back to approved with its error, until people ask again."""
    if application.state == ApplicationState.PROVISIONING:
        application.state = APPLICATION_LIFECYCLE.next(application.state, "fail").target
    application.lease_until, application.error = None, error
    application.save()
    ProvisioningStep.objects.filter(application=application, state=StepState.RUNNING).update(
        state=StepState.FAILED, finished_at=now
    )
    record(
        actor=SYSTEM,
        event="onboarding.provisioning_failed",
        object_type="application",
        object_id=application.pk,
        facts={**facts_of(application), "run": application.run, "error": error},
        now=now,
    )
