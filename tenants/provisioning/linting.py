"""The linter of migrations: what would stop a mall, lose a rerun or cross a room is refused, with the way to do it.

A fleet is migrated while people work. An operation that scans or rewrites a big table under an exclusive lock, that
old processes cannot live with, or that cannot be run again after a kill has no place in it. An exemption stands in
the migration itself, with its reason:

    class Migration(migrations.Migration):
        lint_exempt = {"rename": "no process reads the column yet: its app is not in the menu"}
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.apps import apps
from django.contrib.postgres.operations import (
    AddConstraintNotValid,
    AddIndexConcurrently,
    RemoveIndexConcurrently,
    ValidateConstraint,
)
from django.db import connections, models
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterField,
    AlterModelTable,
    CreateModel,
    RenameField,
    RenameModel,
    RunPython,
    RunSQL,
    SeparateDatabaseAndState,
)
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models.functions import Now

from tenants.database.context import REGION_ALIAS
from tenants.database.rooms import Room, room_of
from tenants.provisioning.big_tables import BIG_TABLES
from tenants.provisioning.linting_python import code_findings
from tenants.provisioning.linting_sql import repeatable, sql_findings

ROOTS = ("tenants", "shared_apps", "tenant_apps")
REASON_MIN = 20

# What each rule refuses is said by its finding; this is the way to do it instead.
INSTEAD = {
    "table-rewrite": "add a new column, write both, move the rows in batches (RunPython in a migration with "
    "atomic = False), read the new one, drop the old one in a later release",
    "add-not-null": "give the column a db_default, or add it with null=True: until they are restarted, older "
    "processes insert rows without it",
    "not-null-scans": "AddConstraintNotValid with a CheckConstraint that says IS NOT NULL; ValidateConstraint in a "
    "migration of its own with atomic = False; then null=False, which finds the proof; then drop the check",
    "index-locks": "AddIndexConcurrently in a migration of its own with atomic = False (for unique=True a unique "
    "index made by RunSQL with CREATE UNIQUE INDEX CONCURRENTLY)",
    "constraint-scans": "AddConstraintNotValid now, ValidateConstraint in a migration of its own with atomic = False; "
    "for a unique one CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT ... UNIQUE USING INDEX",
    "foreign-key-scans": "db_constraint=False, then RunSQL ADD CONSTRAINT ... FOREIGN KEY ... NOT VALID, then VALIDATE "
    "CONSTRAINT in a migration of its own with atomic = False",
    "validate-in-transaction": "put ValidateConstraint into a migration of its own with atomic = False: the locks of "
    "the statements before it would be held for the whole scan",
    "concurrently-in-transaction": "set atomic = False on the migration",
    "not-repeatable": "a migration with atomic = False holds only what a rerun may find half done: indexes made or "
    "removed concurrently, ValidateConstraint, RunPython that skips what it has done; move the rest to another one",
    "rename": "older processes use the old name: add the new one, write both, move, drop the old one a release later; "
    "or rename in Python only (db_column, db_table)",
    "python-imports": "use apps.get_model(...): the code of today is not the code of the migration's day",
    "python-ddl": "change the schema by operations: the fleet compiles them once and replays them",
    "no-way-back": "give reverse_code or reverse_sql (RunPython.noop, RunSQL.noop where nothing is to be undone)",
    "cross-room": "no relation, statement or dependency crosses the line between the region and a tenant: keep the key "
    "as a plain number, and move facts by the journal",
    "other-schema": "name tables without a schema: the path of the connection says whose they are",
    "search-path": "leave the path alone: the fleet migration sets it",
    "trigger": "write it in the service; tenant schemas hold no triggers (they shut the way to Citus)",
    "function": "write it in the service, or as a migration's RunPython; tenant schemas hold no functions",
    "unknown-operation": "use Django's own operations, and RunPython at the top level of `operations` only",
    "exemption": "name rules that the migration breaks, each with a reason of a sentence",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One refusal: what, in which migration, by which rule."""

    migration: str
    rule: str
    what: str

    def __str__(self) -> str:
        return f"{self.migration}: {self.rule}: {self.what}\n    instead: {INSTEAD[self.rule]}"


@dataclass(slots=True)
class Context:
    """What an operation is judged by: the migration, the state before it, and the tables the migration itself made."""

    migration: Migration
    state: ProjectState
    made: set[tuple[str, str]] = field(default_factory=set)

    @property
    def label(self) -> str:
        return self.migration.app_label

    @property
    def room(self) -> Room:
        return room_of(self.label)

    def is_new(self, model: str) -> bool:
        return (self.label, model.lower()) in self.made

    def is_big(self, model: str) -> bool:
        return f"{self.label}.{model}".lower() in _BIG and not self.is_new(model)

    def old_field(self, model: str, name: str) -> Any:
        found: Any = self.state.models[self.label, model.lower()].fields[name]
        return found


_BIG = {name.lower() for name in BIG_TABLES}
Found = Iterator[tuple[str, str]]


def lint_migrations(loader: MigrationLoader | None = None) -> list[Finding]:
    """Every finding in the migrations of ours, in the order of the graph. Needs no database."""
    loader = loader or MigrationLoader(None)
    found: list[Finding] = []
    state = ProjectState()
    seen: set[tuple[str, str]] = set()
    for target in loader.graph.leaf_nodes():
        for key in loader.graph.forwards_plan(target):
            if key in seen:
                continue
            seen.add(key)
            migration = loader.graph.nodes[key]
            if _is_ours(migration):
                found += judged(migration, state.clone())
            state = migration.mutate_state(state, preserve=False)
    return found


def _is_ours(migration: Migration) -> bool:
    return apps.get_app_config(migration.app_label).name.startswith(tuple(f"{root}." for root in ROOTS))


def judged(migration: Migration, state: ProjectState) -> Iterator[Finding]:
    """The findings of one migration, `state` being what the ones before it lead to."""
    name = f"{migration.app_label}.{migration.name}"
    exempt: Mapping[str, str] = getattr(migration, "lint_exempt", {})
    broken: set[str] = set()
    for rule, what in _of_migration(migration, state):
        broken.add(rule)
        if rule not in exempt:
            yield Finding(name, rule, what)
    for rule, reason in exempt.items():
        if rule not in broken:
            yield Finding(name, "exemption", f"{rule!r} is exempt, but nothing here breaks it")
        elif len(reason.strip()) < REASON_MIN:
            yield Finding(name, "exemption", f"{rule!r} is exempt without a reason")


def _of_migration(migration: Migration, state: ProjectState) -> Found:
    context = Context(migration, state)
    for app, _ in migration.dependencies:
        if app in apps.app_configs and room_of(app) != context.room and context.room == "tenant":
            yield "cross-room", f"depends on a migration of {app}, which lives in the region"
    operations = list(migration.operations)
    if any(isinstance(operation, RunPython) for operation in operations):
        yield from code_findings(_source(migration), room=context.room)
    for operation in operations:
        yield from _of_operation(operation, context)
        operation.state_forwards(context.label, state)
        if isinstance(operation, CreateModel):
            context.made.add((context.label, operation.name_lower))


def _source(migration: Migration) -> str:
    """The text of the migration's file; that of its functions for one made in a test."""
    file = inspect.getsourcefile(type(migration)) if type(migration).__module__.count(".migrations.") else None
    if file:
        return Path(file).read_text(encoding="utf-8")
    codes = {operation.code for operation in migration.operations if isinstance(operation, RunPython)}
    return "\n\n".join(inspect.getsource(code) for code in codes)


def _of_operation(operation: Operation, context: Context) -> Found:
    if isinstance(operation, SeparateDatabaseAndState):
        for part in operation.database_operations:
            if isinstance(part, RunPython):
                yield "unknown-operation", "RunPython inside SeparateDatabaseAndState"
            yield from _of_operation(part, context)
        return
    if not _is_known(operation):
        yield "unknown-operation", f"{type(operation).__name__} is no operation of Django's"
        return
    yield from _atomicity(operation, context)
    for judge in JUDGES.get(type(operation), ()):
        yield from judge(operation, context)


def _is_known(operation: Operation) -> bool:
    module = type(operation).__module__
    return module.startswith("django.db.migrations.operations") or (
        isinstance(
            operation, AddIndexConcurrently | RemoveIndexConcurrently | AddConstraintNotValid | ValidateConstraint
        )
    )


def _atomicity(operation: Operation, context: Context) -> Found:
    concurrent = isinstance(operation, AddIndexConcurrently | RemoveIndexConcurrently)
    said = operation.describe()
    if context.migration.atomic:
        if concurrent or (isinstance(operation, RunSQL) and repeatable(operation)):
            yield "concurrently-in-transaction", said
        if isinstance(operation, ValidateConstraint) and context.is_big(operation.model_name):
            yield "validate-in-transaction", said
        return
    allowed = concurrent or isinstance(operation, ValidateConstraint | RunPython)
    if not allowed and not (isinstance(operation, RunSQL) and repeatable(operation)):
        yield "not-repeatable", said


# -- columns ------------------------------------------------------------------------------------------------------


def _add_field(operation: AddField, context: Context) -> Found:
    column: Any = operation.field
    where = f"{context.label}.{operation.model_name}.{operation.name}"
    yield from _relation(column, context, where)
    if context.is_new(operation.model_name) or column.many_to_many:
        return
    if column.generated or isinstance(column, models.AutoField | models.BigAutoField | models.SmallAutoField):
        yield "table-rewrite", f"{where}: every row is computed and written anew"
    elif column.has_db_default() and not _is_stable(column.db_default):
        yield "table-rewrite", f"{where}: its db_default is another one in each row"
    elif not column.null and not column.has_db_default():
        yield "add-not-null", f"{where} is NOT NULL without a db_default"
    if context.is_big(operation.model_name):
        if column.remote_field and column.db_constraint:
            yield "foreign-key-scans", where
        if column.db_index or column.unique:
            yield "index-locks", f"{where}: its index is made while nobody may write"


def _is_stable(default: object) -> bool:
    """Evaluated once when the column is added: a constant, or the time of the transaction."""
    return not isinstance(default, models.expressions.Expression) or isinstance(default, models.Value | Now)


def _alter_field(operation: AlterField, context: Context) -> Found:
    column: Any = operation.field
    where = f"{context.label}.{operation.model_name}.{operation.name}"
    yield from _relation(column, context, where)
    if context.is_new(operation.model_name):
        return
    before = context.old_field(operation.model_name, operation.name)
    if _rewrites(before, column):
        yield "table-rewrite", f"{where}: {_type(before)} becomes {_type(column)}"
    if (before.db_column or operation.name) != (column.db_column or operation.name):
        yield "rename", f"{where}: its column gets another name"
    if not context.is_big(operation.model_name):
        return
    if before.null and not column.null:
        yield "not-null-scans", where
    if (column.db_index and not before.db_index) or (column.unique and not before.unique):
        yield "index-locks", f"{where}: its index is made while nobody may write"
    if column.remote_field and column.db_constraint and not (before.remote_field and before.db_constraint):
        yield "foreign-key-scans", where


def _type(column: Any) -> str:
    if column.remote_field:
        return "a foreign key"
    return str(column.db_type(connections[REGION_ALIAS]))


def _rewrites(before: Any, after: Any) -> bool:
    """Whether PostgreSQL writes the table anew: not when a text only gets longer or a number wider before the point."""
    if before.generated or after.generated:
        return bool(before.generated != after.generated or before.deconstruct()[2] != after.deconstruct()[2])
    old, new = _type(before), _type(after)
    if old == new or before.remote_field or after.remote_field:
        return False
    if old.startswith("varchar"):
        longer = after.max_length is None or (before.max_length or 0) <= after.max_length
        return not ((new.startswith("varchar") and longer) or new == "text")
    if isinstance(before, models.DecimalField) and isinstance(after, models.DecimalField):
        return before.decimal_places != after.decimal_places or before.max_digits > after.max_digits
    return True


def _relation(column: Any, context: Context, where: str) -> Found:
    target = column.remote_field.model if column.remote_field else None
    if target is not None:
        app = target.split(".")[0] if isinstance(target, str) and "." in target else getattr(target, "_meta", None)
        label = app if isinstance(app, str) else (app.app_label if app else context.label)
        if room_of(label) != context.room:
            yield "cross-room", f"{where} points at {label}"


# -- tables, indexes, constraints -----------------------------------------------------------------------------------


def _create_model(operation: CreateModel, context: Context) -> Found:
    for name, column in operation.fields:
        yield from _relation(column, context, f"{context.label}.{operation.name}.{name}")


def _add_index(operation: AddIndex, context: Context) -> Found:
    if context.is_big(operation.model_name):
        yield "index-locks", operation.describe()


def _add_constraint(operation: AddConstraint, context: Context) -> Found:
    if context.is_big(operation.model_name):
        yield "constraint-scans", operation.describe()


def _rename_field(operation: RenameField, context: Context) -> Found:
    column = context.old_field(operation.model_name, operation.old_name)
    if not context.is_new(operation.model_name) and not column.db_column and not column.many_to_many:
        yield "rename", operation.describe()


def _rename_model(operation: RenameModel, context: Context) -> Found:
    options = context.state.models[context.label, operation.old_name_lower].options
    if not context.is_new(operation.old_name) and not options.get("db_table"):
        yield "rename", operation.describe()


def _alter_table(operation: AlterModelTable, context: Context) -> Found:
    before = context.state.models[context.label, operation.name_lower].options.get("db_table")
    default = f"{context.label}_{operation.name_lower}"
    if (before or default) != (operation.table or default) and not context.is_new(operation.name):
        yield "rename", operation.describe()


# -- SQL and code ---------------------------------------------------------------------------------------------------


def _run_sql(operation: RunSQL, context: Context) -> Found:
    if operation.reverse_sql is None:
        yield "no-way-back", "RunSQL without reverse_sql"
    yield from sql_findings(operation, room=context.room, tables=_tables(context))


def _tables(context: Context) -> dict[str, tuple[Room, bool]]:
    """Every table by name: the room it is of, and whether it is big and older than this migration."""
    return {
        model.options.get("db_table") or f"{label}_{name}": (
            room_of(label),
            f"{label}.{name}" in _BIG and (label, name) not in context.made,
        )
        for (label, name), model in context.state.models.items()
        if label in apps.app_configs
    }


def _run_python(operation: RunPython, context: Context) -> Found:
    if operation.reverse_code is None:
        yield "no-way-back", "RunPython without reverse_code"


JUDGES: Mapping[type[Operation], tuple[Callable[..., Found], ...]] = {
    AddField: (_add_field,),
    AlterField: (_alter_field,),
    CreateModel: (_create_model,),
    AddIndex: (_add_index,),
    AddConstraint: (_add_constraint,),
    RenameField: (_rename_field,),
    RenameModel: (_rename_model,),
    AlterModelTable: (_alter_table,),
    RunSQL: (_run_sql,),
    RunPython: (_run_python,),
}
