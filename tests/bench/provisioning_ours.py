"""The worker that makes tenants our way, and replays the bare DDL beside it. Works in the database it is given."""

from __future__ import annotations

import os
import time
from datetime import date

import django
import psycopg2
from psycopg2 import sql

from tests.bench.workers import serve


def prepare(codes: list[str]) -> int:
    """Migrates the region and adds a division for each code; returns the number of a tenant's tables."""
    from django.db import connections

    from tenants.database.context import region_as
    from tenants.database.rooms import tenant_apps
    from tenants.divisions.models import Division, Level
    from tenants.divisions.services import load_divisions
    from tenants.provisioning.plans import compile_plan
    from tenants.provisioning.services import migrate_region

    migrate_region()
    with region_as("yz_region"):
        load_divisions(today=date.today())  # noqa: DTZ011 - the date of the machine will do here
        Division.objects.bulk_create(
            Division(code=code, name=f"测试{code}", level=Level.COUNTY, parent_id="650000") for code in codes
        )
    compile_plan()
    for connection in connections.all():
        connection.close_kept()  # the memory that these backends took for migrating is not to be measured
    models = [model for config in tenant_apps() for model in config.get_models(include_auto_created=True)]
    return sum(1 for model in models if model._meta.managed and not model._meta.proxy) + 1


def create(codes: list[str]) -> float:
    """Makes a tenant for each code; returns seconds of wall time."""
    from kernel.clock import utc_now
    from tenants.provisioning.services import create_tenant

    began = time.perf_counter()
    for code in codes:
        create_tenant(code=code, now=utc_now())
    return time.perf_counter() - began


def fill(codes: list[str]) -> float:
    """Makes the tenants as `bin/yz provision` does, a process a core; returns seconds. Raises when one fails."""
    from kernel.clock import utc_now
    from tenants.provisioning.services import cores, provision_tenants

    began = time.perf_counter()
    results = list(provision_tenants(codes=codes, jobs=cores(), now=utc_now))
    if failed := [result for result in results if result.error]:
        raise RuntimeError(f"{len(failed)} tenants failed; the first: {failed[0]}")
    return time.perf_counter() - began


def catalogue() -> dict[str, float]:
    """Rows and bytes of the catalogue, and of the whole database."""
    with _plain() as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM pg_namespace WHERE nspname ~ '^(t[0-9]|bare_)'), "
            "(SELECT count(*) FROM pg_class), (SELECT count(*) FROM pg_attribute), (SELECT count(*) FROM pg_depend), "
            "(SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c "
            "  WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind = 'r'), "
            "pg_database_size(current_database())"
        )
        names = ("schemas", "pg_class", "pg_attribute", "pg_depend", "bytes", "database")
        return {name: float(value) for name, value in zip(names, cursor.fetchone(), strict=True)}


def touch() -> int:
    """Reads every table of one tenant through the tenant's own login; returns the backend's process id."""
    from django.db import connections

    from tenants.database.context import region_as, tenant_selected
    from tenants.database.rooms import tenant_apps
    from tenants.registry.models import Tenant

    with region_as("yz_region"):
        code = Tenant.objects.order_by("code").values_list("code", flat=True)[0]
    with tenant_selected(code):
        for config in tenant_apps():
            for model in config.get_models(include_auto_created=True):
                list(model._default_manager.all()[:1])
        with connections["tenant"].cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            return int(cursor.fetchone()[0])


def owner_backend() -> int:
    """The process id of the backend that `create` has used."""
    from django.conf import settings
    from django.db import connections

    from tenants.database.context import region_as

    with region_as(settings.YZ_OWNER_ROLE), connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


_connection: psycopg2.extensions.connection | None = None


def _plain() -> psycopg2.extensions.connection:
    """The owner's connection without Django."""
    global _connection
    if _connection is None:
        _connection = psycopg2.connect(os.environ["DATABASE_URL"])
    return _connection


def replay(schemas: list[str]) -> float:
    """The limit: CREATE SCHEMA and the same string of DDL in one transaction, and nothing else."""
    from tenants.provisioning.plans import MIGRATION_TABLE, compile_plan

    connection = _plain()
    text = MIGRATION_TABLE + compile_plan().sql
    began = time.perf_counter()
    for schema in schemas:
        name = sql.Identifier(schema)
        with connection, connection.cursor() as cursor:
            cursor.execute(
                sql.SQL("CREATE SCHEMA {}; SET LOCAL search_path = {};").format(name, name).as_string(cursor) + text
            )
    return time.perf_counter() - began


if __name__ == "__main__":
    django.setup()
    serve(
        {
            "prepare": prepare,
            "create": create,
            "fill": fill,
            "replay": replay,
            "catalogue": catalogue,
            "touch": touch,
            "owner_backend": owner_backend,
        }
    )
