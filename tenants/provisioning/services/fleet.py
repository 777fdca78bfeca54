"""Bringing every schema to the current version."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError, connections
from psycopg2 import sql

from tenants.database.context import REGION_ALIAS, region_as, region_atomic
from tenants.database.grants import tenant_grants
from tenants.provisioning.models import MigrationState, TenantMigration
from tenants.provisioning.plans import Key, all_keys, compile_plan
from tenants.provisioning.services.logins import run
from tenants.registry.models import Tenant

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class MigrationOutcome:
    """What a fleet migration did; `failed` maps tenant codes to their error."""

    done: tuple[str, ...]
    failed: dict[str, str]


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
                    run("SET LOCAL lock_timeout = '2s'")
                    run(sql.SQL("SET LOCAL search_path = {}").format(sql.Identifier(schema)))
                    run(plan.sql)
                    for statement in tenant_grants(schema, schema):
                        run(statement)
            except DatabaseError as error:
                failed[code] = str(error)
                outcome = {"state": MigrationState.FAILED, "error": str(error), "finished_at": now()}
            else:
                done.append(code)
                outcome = {"state": MigrationState.DONE, "error": "", "finished_at": now()}
            TenantMigration.objects.filter(**row).update(**outcome)
    return MigrationOutcome(tuple(done), failed)
