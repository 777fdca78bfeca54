"""Which schema is at which version: asked of many at once, and kept still while it matters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.db import OperationalError, ProgrammingError, connections
from psycopg2 import errors, sql
from psycopg2.extensions import adapt

from kernel.locks import advisory_lock_key
from kernel.problems import Busy, Conflict
from tenants.database.context import REGION_ALIAS, region_atomic
from tenants.provisioning.plans import TEMPLATE_SCHEMA, Key, tenant_graph

SCHEMAS_A_STATEMENT = 200
# Creations hold it shared until they commit; a fleet migration takes it whole before it says that nothing is behind.
_CREATIONS = advisory_lock_key("provisioning", "creations")
_CREATIONS_WAIT = "60s"


class CreationUnderWay(Busy):
    """A tenant has been in the making for longer than a fleet migration waits."""

    code = "creation-under-way"


class ProcessTooOld(Conflict):
    """The database was brought to a version that this process does not know: it must not make or change schemas."""

    code = "process-too-old"


def applied_by_schema(schemas: Iterable[str]) -> dict[str, frozenset[Key]]:
    """The ledgers of the schemas, read set-based in chunks. A schema that is not there is not in the answer."""
    found: dict[str, frozenset[Key]] = {}
    for chunk in _chunks(list(schemas), SCHEMAS_A_STATEMENT):
        try:
            rows = _ledgers(chunk)
        except ProgrammingError as error:
            if not isinstance(error.__cause__, errors.UndefinedTable | errors.InvalidSchemaName):
                raise
            rows = _ledgers(_existing(chunk))
        # Most ledgers are alike: each distinct one is taken apart once.
        parsed: dict[str, frozenset[Key]] = {}
        for schema, names in rows:
            if names not in parsed:
                parsed[names] = frozenset(_key(name) for name in (names or "").split("\n") if name)
            found[schema] = parsed[names]
    return found


def _ledgers(schemas: Sequence[str]) -> list[tuple[str, str]]:
    if not schemas:
        return []
    quoted = connections[REGION_ALIAS].ops.quote_name
    query = " UNION ALL ".join(
        f"SELECT {adapt(schema)}, string_agg(app || '.' || name, E'\\n') FROM {quoted(schema)}.django_migrations"
        for schema in schemas
    )
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def _existing(schemas: Sequence[str]) -> list[str]:
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(
            "SELECT s FROM unnest(%s) s WHERE to_regclass(quote_ident(s) || '.django_migrations') IS NOT NULL",
            [list(schemas)],
        )
        return [schema for (schema,) in cursor.fetchall()]


def _key(dotted: str) -> Key:
    app, _, name = dotted.partition(".")
    return app, name


def _chunks(items: list[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def hold_version() -> None:
    """In a transaction that makes a schema: its end is waited for by a fleet migration, and none may run by old code.

    Raises ProcessTooOld when the template is past what this process knows: its tenants would stay behind for ever.
    """
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_CREATIONS])
    refuse_old_process()


def refuse_old_process() -> None:
    """Raises ProcessTooOld when the template's last migration is none that this process knows."""
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(
            sql.SQL("SELECT app, name FROM {}.django_migrations ORDER BY id DESC LIMIT 1").format(
                sql.Identifier(TEMPLATE_SCHEMA)
            )
        )
        last = cursor.fetchone()
    if last is not None and last not in tenant_graph()[0].graph.nodes:
        raise ProcessTooOld(f"the template stands at {last[0]}.{last[1]}, which this process does not know: restart it")


def wait_for_creations() -> None:
    """Returns once every creation that was under way is committed or undone. Raises CreationUnderWay."""
    try:
        with region_atomic(), connections[REGION_ALIAS].cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{_CREATIONS_WAIT}'; SELECT pg_advisory_xact_lock({_CREATIONS})")
    except OperationalError as error:
        if isinstance(error.__cause__, errors.LockNotAvailable):
            raise CreationUnderWay(f"a tenant has been in the making for more than {_CREATIONS_WAIT}") from error
        raise
