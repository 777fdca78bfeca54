"""Bringing the region's schema and the template to the current version."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from psycopg2 import sql

from tenants.database.context import REGION_ALIAS, TENANT_ALIAS, owner_of, region_as, region_atomic
from tenants.database.grants import check_declarations, region_grants
from tenants.database.logins import REGION_LOGINS
from tenants.provisioning.plans import TEMPLATE_SCHEMA, Key
from tenants.provisioning.services.logins import ensure_login, run
from tenants.provisioning.versions import applied_by_schema


def migrate_region() -> list[str]:
    """Brings the region's schema, the region's logins and the template to the current version.

    Returns the names of the migrations applied. Runs as the owner.
    """
    check_declarations()
    with region_as(settings.YZ_OWNER_ROLE):
        # The logins first: a migration may grant a function to one of them.
        with region_atomic():
            for role in REGION_LOGINS:
                ensure_login(role, "public")
            run("REVOKE ALL ON SCHEMA public FROM PUBLIC")
            run("ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC")
        executor = MigrationExecutor(connections[REGION_ALIAS])
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        executor.migrate(executor.loader.graph.leaf_nodes(), plan=plan)
        with region_atomic():
            for statement in region_grants():
                run(statement)
    applied = [f"{migration.app_label}.{migration.name}" for migration, _ in plan]
    return applied + migrate_template()


def template_lacks(keys: Iterable[Key]) -> bool:
    """Whether the template is without one of these migrations."""
    applied = applied_by_schema([TEMPLATE_SCHEMA]).get(TEMPLATE_SCHEMA, frozenset())
    return not applied.issuperset(keys)


def migrate_template() -> list[str]:
    """Brings the template up by Django itself: it is what the replayed schemas are compared with."""
    with region_as(settings.YZ_OWNER_ROLE):
        run(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(TEMPLATE_SCHEMA)))
    with owner_of(TEMPLATE_SCHEMA):
        executor = MigrationExecutor(connections[TENANT_ALIAS])
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        executor.migrate(executor.loader.graph.leaf_nodes(), plan=plan)
    return [f"tenant_template: {migration.app_label}.{migration.name}" for migration, _ in plan]
