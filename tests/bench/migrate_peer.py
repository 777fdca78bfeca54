"""The worker that migrates tenants the stock django-tenants way, with settings and a database of its own."""

from __future__ import annotations

import time

import django
from django.core.management import call_command
from django.db import connection

from tests.bench import migrate_added
from tests.bench.provisioning_peer import create
from tests.bench.provisioning_peer import prepare as migrate_public
from tests.bench.workers import serve


def prepare(schemas: list[str], text: str) -> int:
    """The first tenant by `create_schema`; the others by the same DDL, and a copy of its ledger, which is quicker."""
    from tests.bench.stock.models import Client

    tables = migrate_public()
    create(schemas[:1])
    for schema in schemas[1:]:
        with connection.cursor() as cursor:
            cursor.execute(
                f'CREATE SCHEMA "{schema}"; SET search_path = "{schema}"; {text}; DELETE FROM django_migrations'
            )
            cursor.execute(
                f'INSERT INTO "{schema}".django_migrations (app, name, applied) '
                f'SELECT app, name, applied FROM "{schemas[0]}".django_migrations ORDER BY id'
            )
            cursor.execute("SET search_path = public")
        Client.objects.bulk_create([Client(schema_name=schema, name=schema)])
    return tables


def migrate(number: int) -> float:
    """`migrate_schemas` with one migration more; returns seconds."""
    migrate_added.add(number)
    return nothing_to_do()


def nothing_to_do() -> float:
    began = time.perf_counter()
    call_command("migrate_schemas", tenant=True, interactive=False, verbosity=0)
    return time.perf_counter() - began


if __name__ == "__main__":
    django.setup()
    serve({"prepare": prepare, "migrate": migrate, "nothing_to_do": nothing_to_do})
