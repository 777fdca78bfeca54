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


_connection: psycopg2.extensions.connection | None = None


def replay(schemas: list[str]) -> float:
    """The limit: CREATE SCHEMA and the same string of DDL in one transaction, and nothing else."""
    from tenants.provisioning.plans import MIGRATION_TABLE, compile_plan

    global _connection
    if _connection is None:
        _connection = psycopg2.connect(os.environ["DATABASE_URL"])
    text = MIGRATION_TABLE + compile_plan().sql
    began = time.perf_counter()
    for schema in schemas:
        name = sql.Identifier(schema)
        with _connection, _connection.cursor() as cursor:
            cursor.execute(
                sql.SQL("CREATE SCHEMA {}; SET LOCAL search_path = {};").format(name, name).as_string(cursor) + text
            )
    return time.perf_counter() - began


if __name__ == "__main__":
    django.setup()
    serve({"prepare": prepare, "create": create, "replay": replay})
