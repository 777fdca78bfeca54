"""Migrations that are not in the tree: put into Django's graph for a test, here or in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connections
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation

from tenants.database.context import owner_of
from tenants.provisioning.plans import TEMPLATE_SCHEMA, all_keys, forget_plans
from tests.database import admin


def leaf_of(app: str) -> str:
    """The name of an app's last migration in the tree."""
    return [name for label, name in all_keys() if label == app][-1]


def migration(
    name: str, operations: Sequence[Operation], *, app: str = "storefront", after: str = "", atomic: bool = True
) -> Migration:
    """A migration of `app` behind `after`, by default behind the last one in the tree."""
    made = type("Migration", (Migration,), {"atomic": atomic, "operations": list(operations)})(name, app)
    made.dependencies = [(app, after or leaf_of(app))]
    return made


@contextmanager
def added(*migrations: Migration) -> Iterator[None]:
    """While the body runs the migrations are there, as if their files were."""
    real = MigrationLoader.load_disk

    def load_disk(self: MigrationLoader) -> None:
        real(self)
        self.disk_migrations |= {(found.app_label, found.name): found for found in migrations}

    MigrationLoader.load_disk = load_disk  # type: ignore[method-assign]
    forget_plans()
    try:
        yield
    finally:
        MigrationLoader.load_disk = real  # type: ignore[method-assign]
        forget_plans()


def set_back(*schemas: str, app: str = "storefront", to: str) -> None:
    """Django's own way back, in each schema. `to` is the last migration that stays."""
    for schema in schemas:
        with owner_of(schema):
            executor = MigrationExecutor(connections["tenant"])
            executor.migrate([(app, to)])


@contextmanager
def template_with(*migrations: Migration) -> Iterator[None]:
    """The migrations are there and the template has them; afterwards neither."""
    first = migrations[0]
    with added(*migrations):
        to = first.dependencies[0][1]
        try:
            yield
        finally:
            set_back(TEMPLATE_SCHEMA, app=first.app_label, to=to)
            with admin() as connection, connection.cursor() as cursor:
                # Code that seeds has seeded the template too.
                cursor.execute(f"TRUNCATE {TEMPLATE_SCHEMA}.storefront_cart CASCADE")
