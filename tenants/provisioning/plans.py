"""What to run in a tenant's schema: migrations compiled to statements, and Python code where SQL will not do.

The template schema is migrated by Django itself and stays the reference; tenants replay what Django's schema editor
writes for the same migrations. A test compares the two catalogues.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connections
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RunPython, RunSQL, SeparateDatabaseAndState
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from psycopg2.extensions import adapt

from tenants.database.context import TENANT_ALIAS, owner_of
from tenants.database.grants import tenant_grants
from tenants.database.rooms import tenant_apps
from tenants.provisioning.scratch import Scratch, is_statement, looking_at, without_concurrently

TEMPLATE_SCHEMA = "tenant_template"
# The ledger of a schema also names the declared rights that it has: rights that change are a version too.
GRANTS = "yz_grants"
Key = tuple[str, str]

# A table of a declared name that is another one than before has none of its rights.
_TABLE_ANEW = re.compile(r"^\s*CREATE\s+TABLE|\bRENAME\s+TO\b", re.IGNORECASE)
# After rows were written: DDL refuses tables whose foreign-key checks are still pending.
SETTLE = ("SET CONSTRAINTS ALL IMMEDIATE;", "SET CONSTRAINTS ALL DEFERRED;")


class NotReplayable(ValueError):
    """A tenant migration holds what can neither be compiled to SQL nor run for each tenant."""


@dataclass(frozen=True, slots=True)
class Sql:
    """Statements that are the same in every schema."""

    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Python:
    """A function that is called in each schema with historical models."""

    name: str
    code: Callable[[Any, BaseDatabaseSchemaEditor], object]
    state: ProjectState


@dataclass(frozen=True, slots=True)
class Grants:
    """The declared rights are brought in line."""


Segment = Sql | Python | Grants


@dataclass(frozen=True, slots=True)
class Step:
    """Segments in order, without the ledger's rows. An atomic step is one transaction; another is run by statement."""

    keys: tuple[Key, ...]
    segments: tuple[Segment, ...]
    atomic: bool = True


@dataclass(frozen=True, slots=True)
class Plan:
    """Migrations in order, and the steps that apply them and record them."""

    keys: tuple[Key, ...]
    steps: tuple[Step, ...]

    @property
    def segments(self) -> tuple[Segment, ...]:
        """All of it, for whoever runs the steps in one transaction: each ends with its rows in the schema's ledger."""
        return tuple(
            segment
            for step in self.steps
            for segment in (*step.segments, *([Sql((f"{record_of(step.keys)};",))] if step.keys else ()))
        )

    @property
    def statements(self) -> tuple[str, ...]:
        return tuple(line for part in self.segments if isinstance(part, Sql) for line in part.statements)

    @property
    def functions(self) -> tuple[str, ...]:
        return tuple(part.name for part in self.segments if isinstance(part, Python))

    @property
    def sql(self) -> str:
        """All of it as one string. Raises NotReplayable when Python code belongs to it."""
        if self.functions:
            raise NotReplayable(f"{', '.join(self.functions)}: Python code is no SQL")
        return "\n".join(self.statements)


def _statements(steps: Sequence[Step]) -> tuple[str, ...]:
    return tuple(line for step in steps for part in step.segments if isinstance(part, Sql) for line in part.statements)


@lru_cache(maxsize=1)
def tenant_graph() -> tuple[MigrationLoader, tuple[tuple[Migration, bool], ...]]:
    """Every migration of the tenant's room in order; the flag says whether it is of that room."""
    loader = MigrationLoader(None)
    labels = {config.label for config in tenant_apps()}
    targets = [key for key in loader.graph.leaf_nodes() if key[0] in labels]
    seen: set[Key] = set()
    ordered: list[tuple[Migration, bool]] = []
    for target in targets:
        for key in loader.graph.forwards_plan(target):
            if key not in seen:
                seen.add(key)
                ordered.append((loader.graph.nodes[key], key[0] in labels))
    return loader, tuple(ordered)


def forget_plans() -> None:
    """After the migrations there are changed in this process: tests and benchmarks only."""
    for cached in (tenant_graph, compile_plan, _grants_key, version_name):
        cached.cache_clear()


def all_keys() -> tuple[Key, ...]:
    """The tenant migrations there are, in order."""
    return tuple(_key(migration) for migration, ours in tenant_graph()[1] if ours)


@lru_cache(maxsize=1)
def _grants_key() -> Key:
    declared = "\n".join(repr(statement) for statement in tenant_grants("schema", "login"))
    return GRANTS, hashlib.sha256(declared.encode()).hexdigest()


def current_version() -> frozenset[Key]:
    """What the ledger of a schema holds when nothing is left to do: every migration, and today's rights."""
    return frozenset(all_keys()) | {_grants_key()}


@lru_cache(maxsize=1)
def version_name() -> str:
    """A short name of the current version."""
    listed = "\n".join(f"{app}.{name}" for app, name in (*all_keys(), _grants_key()))
    return hashlib.sha256(listed.encode()).hexdigest()


@lru_cache(maxsize=64)
def compile_plan(applied: frozenset[Key] = frozenset()) -> Plan:
    """Compiles what a schema with `applied` still lacks; the empty set means a new schema.

    A new schema has no rows and no readers: its indexes are not made concurrently, and code that only moves rows
    (`elidable`) is left out. Raises NotReplayable.
    """
    fresh = not applied
    steps: list[Step] = []
    with owner_of(TEMPLATE_SCHEMA):
        for migration, segments in _compiled(applied, python=not fresh):
            atomic = fresh or bool(migration.atomic)
            if fresh:
                segments = [_plain(segment) for segment in segments]
            steps.append(Step((_key(migration),), tuple(segments), atomic))
    if _grants_key() not in applied:
        steps.append(Step((_grants_key(),), (Grants(),)))
    elif any(_TABLE_ANEW.search(line) for line in _statements(steps)):
        steps.append(Step((), (Grants(),)))
    joined = _joined(steps)
    return Plan(tuple(key for step in joined for key in step.keys if key[0] != GRANTS), tuple(joined))


def _compiled(applied: frozenset[Key], *, python: bool) -> Iterable[tuple[Migration, list[Segment]]]:
    """Each migration that is not applied yet, with its segments; with `python` elidable code too."""
    connection = connections[TENANT_ALIAS]
    before = [key for key in all_keys() if key in applied]
    state = ProjectState()
    with looking_at(connection, lambda: history_of(before)) as scratch:
        for migration, ours in tenant_graph()[1]:
            if not ours or _key(migration) in applied:
                state = migration.mutate_state(state, preserve=False)
                continue
            segments = _segments(migration, state, connection, scratch, python=python)
            yield migration, segments


def history_of(keys: Sequence[Key]) -> list[str]:
    """The statements that lead from nothing to `keys`."""
    found: list[str] = []
    rest = frozenset(all_keys()) - frozenset(keys)
    for _, segments in _compiled(rest, python=False) if keys else ():
        found += [line for part in segments if isinstance(part, Sql) for line in part.statements]
    return found


def _segments(
    migration: Migration, state: ProjectState, connection: Any, scratch: Scratch, *, python: bool
) -> list[Segment]:
    """Runs a migration's operations against an editor that only collects, and changes `state` with them."""
    label = migration.app_label
    cuts: list[tuple[int, Python]] = []
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        scratch.follow(editor)
        for operation in migration.operations:
            if isinstance(operation, RunPython):
                if python or not operation.elidable:
                    name = f"{label}.{migration.name}:{getattr(operation.code, '__qualname__', 'code')}"
                    cuts.append((len(editor.collected_sql), Python(name, operation.code, state.clone())))
                continue
            if not _compilable(operation):
                raise NotReplayable(
                    f"{label}.{migration.name}: {operation.describe()} is not SQL; see `lint_migrations`"
                )
            before = state.clone()
            operation.state_forwards(label, state)
            operation.database_forwards(label, editor, before, state)
            if isinstance(operation, RunSQL):
                editor.collected_sql += SETTLE
    lines = editor.collected_sql
    scratch.passed(lines)
    segments: list[Segment] = []
    began = 0
    for at, part in cuts:
        segments += _sql(lines[began:at])
        segments += [part, Sql(SETTLE)]
        began = at
    return segments + _sql(lines[began:])


def _compilable(operation: Operation) -> bool:
    if isinstance(operation, SeparateDatabaseAndState):
        return all(_compilable(part) and not isinstance(part, RunPython) for part in operation.database_operations)
    return operation.reduces_to_sql


def _sql(lines: Sequence[str]) -> list[Segment]:
    statements = tuple(filter(is_statement, lines))
    return [Sql(statements)] if statements else []


def _plain(segment: Segment) -> Segment:
    """Without CONCURRENTLY, which no transaction allows."""
    if not isinstance(segment, Sql):
        return segment
    return Sql(tuple(without_concurrently(line) for line in segment.statements))


def _joined(steps: Sequence[Step]) -> list[Step]:
    """Neighbours that may share a transaction do, and statements that follow each other are one segment."""
    joined: list[Step] = []
    for step in steps:
        if joined and joined[-1].atomic and step.atomic:
            last = joined[-1]
            joined[-1] = Step((*last.keys, *step.keys), (*last.segments, *step.segments))
        else:
            joined.append(step)
    return [Step(step.keys, _merged(step.segments), step.atomic) for step in joined]


def _merged(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    merged: list[Segment] = []
    for segment in segments:
        last = merged[-1] if merged else None
        if isinstance(segment, Sql) and isinstance(last, Sql):
            merged[-1] = Sql((*last.statements, *segment.statements))
        else:
            merged.append(segment)
    return tuple(merged)


def _key(migration: Migration) -> Key:
    return migration.app_label, migration.name


def record_of(keys: Sequence[Key]) -> str:
    """The statement that records `keys` in a ledger; it touches no row when one of the migrations is there already."""
    migrations = [key for key in keys if key[0] != GRANTS]
    insert = (
        f"INSERT INTO django_migrations (app, name, applied) SELECT app, name, now() FROM (VALUES {_listed(keys)}) "
        "AS found (app, name)"
    )
    if migrations:
        insert += f" WHERE NOT EXISTS (SELECT FROM django_migrations WHERE (app, name) IN ({_listed(migrations)}))"
    if len(migrations) < len(keys):
        return f"DELETE FROM django_migrations WHERE app = {adapt(GRANTS)}; {insert}"
    return insert


def _listed(keys: Sequence[Key]) -> str:
    return ", ".join(f"({adapt(app)}, {adapt(name)})" for app, name in keys)


MIGRATION_TABLE = (
    "CREATE TABLE IF NOT EXISTS django_migrations (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, "
    "app varchar(255) NOT NULL, name varchar(255) NOT NULL, applied timestamptz NOT NULL);"
)
