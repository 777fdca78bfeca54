"""Bringing every tenant to the current version: what is left, by whom, and what became of it."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db import connections
from django.db.models import QuerySet

from kernel.locks import advisory_lock_key
from kernel.problems import Busy
from tenants.database.context import REGION_ALIAS, region_as
from tenants.provisioning.models import MigrationState, TenantMigration
from tenants.provisioning.plans import Key, Plan, all_keys, compile_plan, current_version, version_name
from tenants.provisioning.services import parallel
from tenants.provisioning.services.migrating import Ended, Limits, TenantResult, migrate_some
from tenants.provisioning.services.region import migrate_template, template_lacks
from tenants.provisioning.versions import applied_by_schema, refuse_old_process, wait_for_creations
from tenants.registry.models import Tenant

Progress = Callable[[str, int, int], None]

# More than one is needed only while tenants are made, made anew or restored beside the run.
SWEEPS_MAX = 10
# A process more costs about as much as this many tenants.
WORTH_A_PROCESS = 16
# Tenants whose rows in the region's ledger are written together.
TOGETHER_MAX = 8
_PR_SET_PDEATHSIG = 1
_ONE_RUN = advisory_lock_key("provisioning", "fleet migration")


class FleetBusy(Busy):
    """Another run is at work."""

    code = "fleet-busy"


@dataclass(frozen=True, slots=True)
class Behind:
    """A tenant that lacks something. `applied` is None when its schema is not there at all."""

    code: str
    schema: str
    applied: frozenset[Key] | None


@dataclass(frozen=True, slots=True)
class MigrationOutcome:
    """What a fleet migration did; `failed` maps tenant codes to their error."""

    done: tuple[str, ...]
    failed: dict[str, str] = field(default_factory=dict)


def behind_tenants(*, codes: Sequence[str] | None = None) -> list[Behind]:
    """The tenants that lack a migration or a declared right, by code; `codes` narrows the question. As the owner."""
    version = current_version()
    rows = Tenant.objects.order_by("code")
    if codes is not None:
        rows = rows.filter(code__in=codes)
    schemas = dict(rows.values_list("schema_name", "code"))
    applied = applied_by_schema(schemas)
    return [
        Behind(code, schema, applied.get(schema))
        for schema, code in schemas.items()
        if schema not in applied or version - applied[schema]
    ]


def plans_of(behind: Sequence[Behind]) -> dict[frozenset[Key], Plan]:
    """One plan for each version that tenants start from."""
    return {applied: compile_plan(applied) for applied in {tenant.applied for tenant in behind} if applied is not None}


def migrate_tenants(
    *, codes: Sequence[str] | None = None, jobs: int | None = None, limits: Limits | None = None,
    now: Callable[[], datetime], progress: Progress | None = None,
) -> MigrationOutcome:  # fmt: skip
    """Brings the tenants to the current version, and goes on past one that fails.

    Every tenant's steps are its own transactions; the ledger (TenantMigration) says how far each is, and a rerun
    takes up what is left, whatever became of the run before. Ends only when no tenant is behind but those that
    failed: tenants made meanwhile are found too. `jobs` is the number of processes; None decides by what is to do.
    Raises FleetBusy, CreationUnderWay and ProcessTooOld. Runs as the owner.
    """
    done: list[str] = []
    failed: dict[str, str] = {}
    with region_as(settings.YZ_OWNER_ROLE):
        refuse_old_process()
        behind = _behind_now(codes)
        if not (behind or _unsettled(codes).exists() or template_lacks(all_keys())):
            return MigrationOutcome(())
    with region_as(settings.YZ_OWNER_ROLE), _only_run():
        _bring_template_up()
        for _ in range(SWEEPS_MAX):
            for result in _migrate(behind, jobs=jobs, limits=limits or Limits(), now=now, progress=progress):
                if result.ended is Ended.DONE:
                    done.append(result.code)
                elif result.ended is not Ended.MOVED:
                    failed[result.code] = result.error
            left = {tenant.code: tenant for tenant in _behind_now(codes)}
            behind = [tenant for tenant in left.values() if tenant.code not in failed]
            if not behind:
                break
        else:
            failed |= {tenant.code: "made anew again and again meanwhile: run it again" for tenant in behind}
        settled = {code for code in failed if code not in left}
        _unsettled(codes).exclude(tenant_code__in=left).update(
            state=MigrationState.DONE, error="", finished_at=now()
        )  # fmt: skip
    return MigrationOutcome(
        (*done, *sorted(settled)), {code: error for code, error in failed.items() if code not in settled}
    )


def _unsettled(codes: Sequence[str] | None) -> QuerySet[TenantMigration]:
    """Rows of this version that a run left open: its process was killed behind the tenants, before the ledger."""
    rows = TenantMigration.objects.filter(plan=version_name()).exclude(state=MigrationState.DONE)
    return rows if codes is None else rows.filter(tenant_code__in=codes)


def _behind_now(codes: Sequence[str] | None) -> list[Behind]:
    """With the creations that were under way: they could be of an older version, and are seen only when they end."""
    wait_for_creations()
    return behind_tenants(codes=codes)


def _bring_template_up() -> None:
    if template_lacks(all_keys()):
        migrate_template()
    refuse_old_process()


def _migrate(
    behind: Sequence[Behind], *, jobs: int | None, limits: Limits, now: Callable[[], datetime],
    progress: Progress | None,
) -> Iterator[TenantResult]:  # fmt: skip
    if not behind:
        return
    plans = plans_of(behind)
    version = version_name()
    _write_pending(behind, plans, version)
    missing = [tenant for tenant in behind if tenant.applied is None]
    for tenant in missing:
        error = f"its schema {tenant.schema} is not there: restore it or remove its registry row"
        _write_failed(tenant.code, version, error, now())
        yield TenantResult(tenant.code, Ended.FAILED, error)
    left = [tenant for tenant in behind if tenant.applied is not None]
    ended = len(missing)
    for attempt in range(1, limits.attempts + 1):
        locked: set[str] = set()
        for result in _shared_out(left, plans, version, limits, jobs, now):
            if result.ended is Ended.LOCKED and attempt < limits.attempts:
                locked.add(result.code)
                continue
            ended += 1
            if progress:
                progress(result.code, ended, len(behind))
            yield _given_up(result, version, limits, now()) if result.ended is Ended.LOCKED else result
        if not locked:
            return
        left = [tenant for tenant in left if tenant.code in locked]
        time.sleep(limits.backoff_seconds * 2 ** (attempt - 1))


def _shared_out(
    tenants: Sequence[Behind],
    plans: Mapping[frozenset[Key], Plan],
    version: str,
    limits: Limits,
    jobs: int | None,
    now: Callable[[], datetime],
) -> Iterator[TenantResult]:
    """One attempt on each, in processes side by side where there are enough of them."""
    known = {
        tenant.code: (tenant.code, tenant.schema, plans[tenant.applied])
        for tenant in tenants
        if tenant.applied is not None
    }
    if jobs is None:
        jobs = min(parallel.cores(), len(known) // WORTH_A_PROCESS)
    size = max(1, min(TOGETHER_MAX, len(known) // (4 * max(jobs, 1))))
    together = [" ".join(codes) for codes in _batched(known, size)]

    here = os.getpid()

    def work(codes: str) -> str:
        if os.getpid() != here:
            _end_with(here)
        with region_as(settings.YZ_OWNER_ROLE):
            results = migrate_some(
                tenants=[known[code] for code in codes.split()], version=version, limits=limits
            )  # fmt: skip
        return json.dumps([(result.code, result.ended.value, result.error) for result in results])

    for said in parallel.each(items=together, work=work, jobs=jobs):
        if said.error is None:
            yield from (TenantResult(code, Ended(ended), error) for code, ended, error in json.loads(said.said))
            continue
        # Its process was killed, or could not even write to the ledger. Some of them may be done: see the last look.
        for code in said.item.split():
            _write_failed(code, version, said.error, now())
            yield TenantResult(code, Ended.FAILED, said.error)


def _end_with(parent: int) -> None:
    """This process ends when its parent does, whatever ended that: else its copy of the run's lock would stay."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _given_up(result: TenantResult, version: str, limits: Limits, now: datetime) -> TenantResult:
    error = (
        f"its tables stayed locked for {limits.lock_seconds:g} s in each of {limits.attempts} attempts: "
        f"{result.error}. End that transaction and run it again"
    )
    _write_failed(result.code, version, error, now)
    return TenantResult(result.code, Ended.FAILED, error)


def _write_failed(code: str, version: str, error: str, now: datetime) -> None:
    TenantMigration.objects.filter(tenant_code=code, plan=version).update(
        state=MigrationState.FAILED, error=error, finished_at=now
    )


def _write_pending(behind: Sequence[Behind], plans: Mapping[frozenset[Key], Plan], version: str) -> None:
    """The ledger before anything is done, in one statement; rows of versions never reached are superseded."""
    codes = [tenant.code for tenant in behind]
    TenantMigration.objects.filter(tenant_code__in=codes).exclude(plan=version).exclude(
        state=MigrationState.DONE
    ).delete()
    TenantMigration.objects.bulk_create(
        [
            TenantMigration(
                tenant_code=tenant.code,
                plan=version,
                migrations=[".".join(key) for key in plans[tenant.applied].keys] if tenant.applied is not None else [],
                state=MigrationState.PENDING,
                error="",
                started_at=None,
                finished_at=None,
            )
            for tenant in behind
        ],
        update_conflicts=True,
        unique_fields=["tenant_code", "plan"],
        update_fields=["migrations", "state", "error", "started_at", "finished_at"],
    )


def _batched(codes: Iterable[str], size: int) -> Iterator[list[str]]:
    listed = list(codes)
    for start in range(0, len(listed), size):
        yield listed[start : start + size]


@contextmanager
def _only_run() -> Iterator[None]:
    """One run at a time; the lock belongs to a connection of its own and ends with it, also by kill -9."""
    wrapper = connections[REGION_ALIAS]
    connection = wrapper.get_new_connection(wrapper.get_connection_params())
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SET application_name = %s", [f"yizhang-migrate {os.uname().nodename} {os.getpid()}"])
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [_ONE_RUN])
            if not cursor.fetchone()[0]:
                cursor.execute(_HOLDER, [_ONE_RUN, _ONE_RUN])
                found = cursor.fetchone()
                who = (
                    f"{found[0]}, since {found[1]:%Y-%m-%d %H:%M:%S %Z}, session {found[2]}"
                    if found
                    else "it ends just now"
                )
                raise FleetBusy(f"another run is at work: {who}")
        yield
    finally:
        connection.close()


_HOLDER = """
SELECT a.application_name, a.backend_start, a.pid FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
 WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
   AND l.classid::bigint = ((%s::bigint >> 32) & 4294967295) AND l.objid::bigint = (%s::bigint & 4294967295)
   AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
