"""The worker that migrates a fleet our way, and alters bare schemas beside it. Works in the database it is given."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence

import django
import psycopg2
from psycopg2 import sql

from tests.bench import migrate_added
from tests.bench.workers import serve

_connection: psycopg2.extensions.connection | None = None


def prepare(codes: list[str]) -> int:
    """Migrates the region and makes the tenants; returns the number of a tenant's tables."""
    from tests.bench.provisioning_ours import create
    from tests.bench.provisioning_ours import prepare as migrate

    tables = migrate(codes)
    create(codes)
    return tables


def plan_sql() -> str:
    """What a new schema gets, for sides that make theirs without us."""
    from tenants.provisioning.plans import MIGRATION_TABLE, compile_plan

    return MIGRATION_TABLE + compile_plan().sql


def _connected() -> psycopg2.extensions.connection:
    global _connection
    if _connection is None:
        _connection = psycopg2.connect(os.environ["DATABASE_URL"])
    return _connection


def make_bare(schemas: list[str]) -> None:
    """Schemas of the same tables, without tenants."""
    text = plan_sql()
    for schema in schemas:
        with _connected() as connection, connection.cursor() as cursor:
            name = sql.Identifier(schema)
            cursor.execute(sql.SQL("CREATE SCHEMA {0}; SET LOCAL search_path = {0};").format(name))
            cursor.execute(text)


def bring_template_up(number: int) -> float:
    """A new version of the code: one migration more, in the template. Returns seconds."""
    from tenants.provisioning.plans import forget_plans
    from tenants.provisioning.services.region import migrate_template

    migrate_added.add(number)
    forget_plans()
    began = time.perf_counter()
    migrate_template()
    return time.perf_counter() - began


def migrate(expected: int) -> float:
    """The fleet migration as the command runs it, the plan made anew; returns seconds."""
    from kernel.clock import utc_now
    from tenants.provisioning.plans import forget_plans
    from tenants.provisioning.services import migrate_tenants

    forget_plans()
    began = time.perf_counter()
    outcome = migrate_tenants(now=utc_now)
    seconds = time.perf_counter() - began
    if outcome.failed or len(outcome.done) != expected:
        raise RuntimeError(f"{len(outcome.done)} of {expected} done: {outcome.failed}")
    return seconds


def nothing_to_do(times: int) -> float:
    """Runs that find nothing, the graph of migrations known; returns seconds."""
    from kernel.clock import utc_now
    from tenants.provisioning.services import migrate_tenants

    migrate_tenants(now=utc_now)
    began = time.perf_counter()
    for _ in range(times):
        if migrate_tenants(now=utc_now).done:
            raise RuntimeError("there was something to do")
    return time.perf_counter() - began


def alter(schemas: Sequence[str], number: int) -> float:
    """The limit: the bare ALTER, one transaction a schema; returns seconds."""
    statement = sql.SQL("SET LOCAL search_path = {}; ALTER TABLE {} ADD COLUMN {} varchar(20) NULL")
    connection = _connected()
    began = time.perf_counter()
    for schema in schemas:
        with connection, connection.cursor() as cursor:
            names = (schema, migrate_added.TABLE, migrate_added.column(number))
            cursor.execute(statement.format(*map(sql.Identifier, names)))
    return time.perf_counter() - began


def ask(schemas: Sequence[str], times: int) -> float:
    """The limit: one UNION ALL over the ledgers; returns seconds."""
    query = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {}, array_agg(app || '.' || name) FROM {}.django_migrations").format(
            sql.Literal(schema), sql.Identifier(schema)
        )
        for schema in schemas
    )
    with _connected() as connection, connection.cursor() as cursor:
        text = query.as_string(cursor)
        began = time.perf_counter()
        for _ in range(times):
            cursor.execute(text)
            if len(cursor.fetchall()) != len(schemas):
                raise RuntimeError("a ledger is missing")
        return time.perf_counter() - began


if __name__ == "__main__":
    django.setup()
    functions = (prepare, plan_sql, make_bare, bring_template_up, migrate, nothing_to_do, alter, ask)
    serve({function.__name__: function for function in functions})
