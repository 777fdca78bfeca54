"""Running the segments of a plan on the owner's connection, whose path names the schema."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections

from tenants.database.context import REGION_ALIAS, TENANT_ALIAS
from tenants.provisioning.plans import Python, Sql

_MAKES_INDEX = re.compile(
    r'^CREATE\s+(?:UNIQUE\s+)?INDEX\s+CONCURRENTLY\s+(?:IF\s+NOT\s+EXISTS\s+)?("(?:[^"]|"")+"|\w+)', re.IGNORECASE
)


def run_sql(segment: Sql) -> None:
    """One statement an execution: Citus wants DDL alone."""
    with connections[REGION_ALIAS].cursor() as cursor:
        for statement in segment.statements:
            cursor.execute(statement)


def run_alone(segment: Sql) -> None:
    """Outside a transaction. A rerun keeps an index that is whole, and makes one anew that was left half-built."""
    with connections[REGION_ALIAS].cursor() as cursor:
        for statement in segment.statements:
            made = _MAKES_INDEX.match(statement)
            if made:
                cursor.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", [made[1]])
                found = cursor.fetchone()
                if found and found[0]:
                    continue
                if found:
                    cursor.execute(f"DROP INDEX CONCURRENTLY {made[1]}")
            cursor.execute(statement)


def run_python(segment: Python) -> None:
    """Calls a migration's function in the schema the path names, within the transaction that is open, if one is."""
    with one_room(), connections[REGION_ALIAS].schema_editor(atomic=False) as editor:
        segment.code(segment.state.apps, editor)


@contextmanager
def one_room() -> Iterator[None]:
    """While the body runs, the alias `tenant` is the owner's connection too.

    Historical models are sent to `tenant` by the router; here their rows belong into the transaction of the DDL.
    """
    tenant = connections[TENANT_ALIAS]
    connections[TENANT_ALIAS] = connections[REGION_ALIAS]
    try:
        yield
    finally:
        connections[TENANT_ALIAS] = tenant
