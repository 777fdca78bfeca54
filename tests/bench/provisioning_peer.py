"""The worker that makes tenants the stock django-tenants way, with settings and a database of its own."""

from __future__ import annotations

import time

import django
from django.core.management import call_command

from tests.bench.workers import serve


def prepare() -> int:
    """Migrates the public schema; returns the number of a tenant's tables."""
    from django.apps import apps
    from django.conf import settings

    call_command("migrate_schemas", shared=True, interactive=False, verbosity=0)
    tenant = {config.label for config in apps.get_app_configs() if config.name in settings.TENANT_APPS}
    return sum(1 for model in apps.get_models(include_auto_created=True) if model._meta.app_label in tenant) + 1


def create(schemas: list[str]) -> float:
    """`create_schema` for each, their registry rows written before; returns seconds of wall time."""
    from tests.bench.stock.models import Client

    clients = []
    for schema in schemas:
        client = Client(schema_name=schema, name=schema)
        client.auto_create_schema = False
        client.save()
        clients.append(client)
    began = time.perf_counter()
    for client in clients:
        client.create_schema(check_if_exists=True, sync_schema=True, verbosity=0)
    return time.perf_counter() - began


if __name__ == "__main__":
    django.setup()
    serve({"prepare": prepare, "create": create})
