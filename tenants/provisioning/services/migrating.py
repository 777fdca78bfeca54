"""Bringing one tenant to the current version: each step its own transaction, the ledger's row beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum

from django.db import DatabaseError, connections
from psycopg2 import errors

from kernel.locks import advisory_lock_key
from tenants.database.context import REGION_ALIAS, region_atomic
from tenants.provisioning.models import MigrationState
from tenants.provisioning.plans import Grants, Plan, Python, Sql, Step, record_of
from tenants.provisioning.replaying import run_alone, run_python, run_sql
from tenants.provisioning.rights import bring_rights_in_line
from tenants.provisioning.services.logins import run
from tenants.registry.models import Tenant

# What a concurrent index waits for (every older transaction of the database) stops nobody meanwhile.
ALONE_LOCK_SECONDS = 30.0
_LOCKED = (errors.LockNotAvailable, errors.DeadlockDetected, errors.SerializationFailure)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a tenant's tables are waited for. Behind a waiting lock everybody else queues, so it is short."""

    lock_seconds: float = 2.0
    attempts: int = 5
    backoff_seconds: float = 0.5  # before the second attempt; doubles with each


class Ended(Enum):
    DONE = "done"
    FAILED = "failed"
    LOCKED = "locked"
    # Somebody else brought it further, made it anew or removed it: the next look says what is left.
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class TenantResult:
    """How the attempt on one tenant ended."""

    code: str
    ended: Ended
    error: str = ""


class _Moved(Exception):
    """The schema is not at the version that its plan begins with."""


def migrate_some(
    *, tenants: Sequence[tuple[str, str, Plan]], version: str, limits: Limits
) -> list[TenantResult]:  # fmt: skip
    """Migrates each (code, schema, plan). As the owner.

    The region's ledger is written for all of them at once, before and behind: for each by itself it would cost as
    much as the migration. What it says of a killed run is settled by the next; the schemas' own ledgers are the truth.
    """
    _mark_running([code for code, _, _ in tenants], version)
    results = [
        migrate_one(code=code, schema=schema, plan=plan, version=version, limits=limits)
        for code, schema, plan in tenants
    ]
    _mark([result.code for result in results if result.ended is Ended.DONE], version, MigrationState.DONE)
    return results


def migrate_one(*, code: str, schema: str, plan: Plan, version: str, limits: Limits) -> TenantResult:
    """Runs the plan in one schema. Never raises for what only this tenant's data or locks cause. As the owner."""
    try:
        for step in plan.steps:
            with _transaction(code, schema, step, limits) if step.atomic else _alone(code, schema, step, limits):
                for segment in step.segments:
                    _run(segment, schema, atomic=step.atomic)
    except _Moved:
        return TenantResult(code, Ended.MOVED)
    except DatabaseError as error:
        connections[REGION_ALIAS].close_if_unusable_or_obsolete()
        if not Tenant.objects.filter(code=code).exists():
            return TenantResult(code, Ended.MOVED)
        if isinstance(error.__cause__, _LOCKED):
            return _failed(code, version, f"{_first_line(error)}; {_holders(schema)}", Ended.LOCKED)
        return _failed(code, version, str(error).strip(), Ended.FAILED)
    except Exception as error:  # noqa: BLE001 - a migration's own code may raise anything; the others go on
        return _failed(code, version, f"{type(error).__name__}: {error}", Ended.FAILED)
    return TenantResult(code, Ended.DONE)


def _run(segment: Sql | Python | Grants, schema: str, *, atomic: bool) -> None:
    if isinstance(segment, Python):
        run_python(segment)
    elif isinstance(segment, Grants):
        bring_rights_in_line(schema)
    elif atomic:
        run_sql(segment)
    else:
        run_alone(segment)


@contextmanager
def _transaction(code: str, schema: str, step: Step, limits: Limits) -> Iterator[None]:
    """A step whole or not at all: its rows in the tenant's ledger are written first, in one go with what guards it.

    One runner a tenant: a worker that outlived its killed run, or somebody who makes the mall anew, goes first.
    Raises _Moved when the step is done already.
    """
    connection = connections[REGION_ALIAS]
    with region_atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"SET LOCAL lock_timeout = '{limits.lock_seconds * 1000:.0f}ms'; "
            f"SET LOCAL search_path = {connection.ops.quote_name(schema)}; "
            f"SELECT pg_advisory_xact_lock({_lock_of(code)}); {record_of(step.keys) if step.keys else ''}"
        )
        if step.keys and cursor.rowcount == 0:
            raise _Moved
        yield


@contextmanager
def _alone(code: str, schema: str, step: Step, limits: Limits) -> Iterator[None]:
    """Statements that no transaction allows: each is its own, and a rerun finds out how far it came."""
    connection = connections[REGION_ALIAS]
    seconds = max(ALONE_LOCK_SECONDS, limits.lock_seconds)
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = '{limits.lock_seconds * 1000:.0f}ms'")
            cursor.execute(f"SELECT pg_advisory_lock({_lock_of(code)})")
            cursor.execute(
                f"SET lock_timeout = '{seconds:.0f}s'; SET search_path = {connection.ops.quote_name(schema)}"
            )
            cursor.execute("SELECT EXISTS (SELECT FROM django_migrations WHERE (app, name) IN %s)", [step.keys])
            if cursor.fetchone()[0]:
                raise _Moved
        yield
        run(record_of(step.keys))
    finally:
        connection.close_if_unusable_or_obsolete()
        if connection.connection is not None:
            run("SELECT pg_advisory_unlock_all(); RESET search_path; RESET lock_timeout")


def _lock_of(code: str) -> int:
    """The lock of creations, re-makings and removals."""
    return advisory_lock_key("provisioning", code)


def _mark_running(codes: Sequence[str], version: str) -> None:
    with connections[REGION_ALIAS].cursor() as cursor:
        # Not worth a wait for the disk: lost in a crash it says pending, which is as true.
        cursor.execute(
            "SET LOCAL synchronous_commit = off; UPDATE public.provisioning_tenantmigration SET state = 'running', "
            "error = '', started_at = clock_timestamp(), finished_at = NULL WHERE tenant_code = ANY (%s) AND plan = %s",
            [list(codes), version],
        )


def _mark(codes: Sequence[str], version: str, state: MigrationState, error: str = "") -> None:
    if not codes:
        return
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(
            "UPDATE public.provisioning_tenantmigration SET state = %s, error = %s, finished_at = clock_timestamp() "
            "WHERE tenant_code = ANY (%s) AND plan = %s",
            [state.value, error.replace("\0", ""), list(codes), version],
        )


def _failed(code: str, version: str, error: str, ended: Ended) -> TenantResult:
    _mark([code], version, MigrationState.FAILED, error)
    return TenantResult(code, ended, error)


_HOLDERS = """
SELECT l.pid, a.usename, string_agg(DISTINCT c.relname, ', ')
  FROM pg_locks l JOIN pg_class c ON c.oid = l.relation LEFT JOIN pg_stat_activity a ON a.pid = l.pid
 WHERE l.granted AND c.relkind = 'r' AND c.relnamespace = to_regnamespace(%s) AND l.pid <> pg_backend_pid()
   AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
 GROUP BY 1, 2 ORDER BY 1
"""


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0]


def _holders(schema: str) -> str:
    """Who holds locks on the schema's tables: what the operator on call wants to know first."""
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(_HOLDERS, [f'"{schema}"'])
        holders = [f"session {pid} of {login} holds {tables}" for pid, login, tables in cursor.fetchall()]
    return "; ".join(holders) or "whoever held them has let go since"
