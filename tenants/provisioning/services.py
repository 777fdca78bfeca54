"""Making tenants, and bringing every schema to the current version."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor
from psycopg2 import sql

from kernel.problems import Conflict, NotFound
from tenants.database.context import (
    REGION_ALIAS,
    TENANT_ALIAS,
    forget_tenant_refs,
    owner_of,
    region_as,
    region_atomic,
)
from tenants.database.grants import check_declarations, region_grants, tenant_grants
from tenants.database.logins import REGION_LOGINS, password_of
from tenants.divisions.models import Division
from tenants.provisioning.models import MigrationState, TenantMigration
from tenants.provisioning.plans import MIGRATION_TABLE, TEMPLATE_SCHEMA, Key, all_keys, compile_plan
from tenants.registry.models import Domain, Tenant
from tenants.registry.rules import TenantKind, TenantState

Progress = Callable[[str, int, int], None]

# Set on each login, so that a forgotten transaction or a lock queue cannot hold a mall up.
_LOGIN_SETTINGS = {
    "lock_timeout": "5s",
    "statement_timeout": "30s",
    "idle_in_transaction_session_timeout": "60s",
    "timezone": "UTC",
}


class TenantExists(Conflict):
    code = "tenant-exists"


class DivisionNotFound(NotFound):
    code = "division-not-found"


@dataclass(frozen=True, slots=True)
class MigrationOutcome:
    """What a fleet migration did; `failed` maps tenant codes to their error."""

    done: tuple[str, ...]
    failed: dict[str, str]


def _run(statement: sql.Composable | str) -> None:
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(statement)


def _ensure_login(role: str, search_path: str) -> None:
    """Creates the login or brings its password and settings in line (roles outlive databases)."""
    name = sql.Identifier(role)
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        verb = sql.SQL("ALTER ROLE {} WITH {} {}") if cursor.fetchone() else sql.SQL("CREATE ROLE {} WITH {} {}")
        cursor.execute(
            verb.format(
                name,
                sql.SQL("LOGIN NOINHERIT PASSWORD"),
                sql.Literal(password_of(role)),
            )
        )
        for key, value in {**_LOGIN_SETTINGS, "search_path": search_path}.items():
            cursor.execute(sql.SQL("ALTER ROLE {} SET {} = {}").format(name, sql.Identifier(key), sql.Literal(value)))
        cursor.execute(
            sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(
                sql.Identifier(connections[REGION_ALIAS].settings_dict["NAME"]), name
            )
        )


def migrate_region() -> list[str]:
    """Brings the region's schema, the region's logins and the template to the current version.

    Returns the names of the migrations applied. Runs as the owner.
    """
    check_declarations()
    with region_as(settings.YZ_OWNER_ROLE):
        # The logins first: a migration may grant a function to one of them.
        with region_atomic():
            for role in REGION_LOGINS:
                _ensure_login(role, "public")
            _run("REVOKE ALL ON SCHEMA public FROM PUBLIC")
            _run("ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC")
        executor = MigrationExecutor(connections[REGION_ALIAS])
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        executor.migrate(executor.loader.graph.leaf_nodes(), plan=plan)
        with region_atomic():
            for statement in region_grants():
                _run(statement)
    applied = [f"{migration.app_label}.{migration.name}" for migration, _ in plan]
    return applied + _migrate_template()


def _migrate_template() -> list[str]:
    with region_as(settings.YZ_OWNER_ROLE):
        _run(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(TEMPLATE_SCHEMA)))
    with owner_of(TEMPLATE_SCHEMA):
        executor = MigrationExecutor(connections[TENANT_ALIAS])
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        executor.migrate(executor.loader.graph.leaf_nodes(), plan=plan)
    return [f"tenant_template: {migration.app_label}.{migration.name}" for migration, _ in plan]


def schema_of(code: str) -> str:
    """The schema and login of a new tenant. It never changes, whatever becomes of the division's code."""
    return f"t{code}"


def create_tenant(
    *, code: str, division_code: str | None = None, kind: TenantKind = TenantKind.OWN_LEVEL, name: str | None = None,
    level: str | None = None, is_demo: bool = False, now: datetime,
) -> Tenant:  # fmt: skip
    """Makes a tenant whole in one transaction: login, schema, tables, grants, registry row, host.

    A failure leaves nothing behind. Raises TenantExists and DivisionNotFound. Runs as the owner.
    """
    division_code = division_code or code
    plan = compile_plan()
    schema = schema_of(code)
    with region_as(settings.YZ_OWNER_ROLE):
        division = Division.objects.filter(code=division_code).first()
        if division is None:
            raise DivisionNotFound(division=division_code)
        with region_atomic():
            if Tenant.objects.filter(code=code).exists():
                raise TenantExists(tenant=code)
            _ensure_login(schema, schema)
            _run(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
            _run(sql.SQL("SET LOCAL search_path = {}").format(sql.Identifier(schema)))
            _run(MIGRATION_TABLE + plan.sql)
            for statement in tenant_grants(schema, schema):
                _run(statement)
            _run("SET LOCAL search_path = public")
            tenant: Tenant = Tenant.objects.create(
                schema_name=schema,
                code=code,
                division_code=division_code,
                name=name or division.name,
                level=level or division.level,
                kind=kind,
                state=TenantState.CONFIGURING,
                is_demo=is_demo,
                created_at=now,
            )
            Domain.objects.create(tenant=tenant, domain=host_of(code), is_primary=True)
    forget_tenant_refs()
    return tenant


def host_of(code: str) -> str:
    """The tenant's host name without port. Host labels hold no underscores: practice malls use a hyphen."""
    return f"{code.replace('_', '-')}.{settings.YZ_BASE_HOST}"


def missing_tenants() -> list[str]:
    """Codes of the default tenants that do not exist yet, the region first."""
    existing = set(Tenant.objects.values_list("code", flat=True))
    codes = Division.objects.filter(is_default_tenant=True).order_by("code").values_list("code", flat=True)
    return [code for code in codes if code not in existing]


def applied_by_schema(schemas: Iterable[str]) -> dict[str, frozenset[Key]]:
    """The migrations applied in each schema, read set-based in chunks as the owner."""
    found: dict[str, frozenset[Key]] = {}
    for chunk in _chunks(list(schemas), 200):
        query = sql.SQL(" UNION ALL ").join(
            sql.SQL("SELECT {} AS schema, array_agg(app || '.' || name) FROM {}.django_migrations").format(
                sql.Literal(schema), sql.Identifier(schema)
            )
            for schema in chunk
        )
        with connections[REGION_ALIAS].cursor() as cursor:
            cursor.execute(query)
            for schema, names in cursor.fetchall():
                found[schema] = frozenset(_key(name) for name in names or ())
    return found


def _key(dotted: str) -> Key:
    app, _, name = dotted.partition(".")
    return app, name


def _chunks(items: list[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def migrate_tenants(*, now: Callable[[], datetime], progress: Progress | None = None) -> MigrationOutcome:
    """Brings every tenant to the current version, one transaction each, and goes on past a failed one.

    The ledger says how far each tenant is; a rerun takes up what is left. Sequential: see docs/adr.
    """
    target = frozenset(all_keys())
    done: list[str] = []
    failed: dict[str, str] = {}
    with region_as(settings.YZ_OWNER_ROLE):
        schemas = dict(Tenant.objects.order_by("code").values_list("schema_name", "code"))
        behind = {schema: keys for schema, keys in applied_by_schema(schemas).items() if target - keys}
    for number, (schema, applied) in enumerate(behind.items(), start=1):
        code = schemas[schema]
        if progress:
            progress(code, number, len(behind))
        plan = compile_plan(applied)
        row = {"tenant_code": code, "plan": plan.name}
        with region_as(settings.YZ_OWNER_ROLE):
            TenantMigration.objects.update_or_create(
                **row,
                defaults={
                    "migrations": list(plan.keys), "state": MigrationState.RUNNING, "error": "", "started_at": now(),
                },
            )  # fmt: skip
            try:
                with region_atomic():
                    _run("SET LOCAL lock_timeout = '2s'")
                    _run(sql.SQL("SET LOCAL search_path = {}").format(sql.Identifier(schema)))
                    _run(plan.sql)
                    for statement in tenant_grants(schema, schema):
                        _run(statement)
            except DatabaseError as error:
                failed[code] = str(error)
                outcome = {"state": MigrationState.FAILED, "error": str(error), "finished_at": now()}
            else:
                done.append(code)
                outcome = {"state": MigrationState.DONE, "error": "", "finished_at": now()}
            TenantMigration.objects.filter(**row).update(**outcome)
    return MigrationOutcome(tuple(done), failed)
