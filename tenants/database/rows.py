"""Rows of a model without an instance each, for the statements that every order runs.

Django compiles a query anew for every call and adapts each value through its field: on the way of an order that was
more than half of the time. Here a statement's text is made once a model, from the same fields, so that a migration
changes both alike. The values go to the driver as they are: callers pass what the column takes, and the database's
constraints are the same. Elsewhere the ORM is plainer: use it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Generic, TypeVar

from django.db import connections, models
from django.db.models import NOT_PROVIDED

from tenants.database.context import selected_code
from tenants.database.models import TenantModel
from tenants.database.router import alias_of

M = TypeVar("M", bound=models.Model)
Adapt = Callable[[Any], Any]
DEFAULT = "DEFAULT"


class _Column:
    """One stored column: its quoted name, how its value is written, and what stands in for one not given."""

    def __init__(self, field: models.Field[Any, Any]) -> None:
        self.attribute = field.attname
        self.name = f'"{field.column}"'
        self.by_database = field.db_default is not NOT_PROVIDED
        self.default: Callable[[], Any] = field.get_default
        # As the ORM does: a number, a moment or a relation without a default has to be given.
        self.needed = not (field.has_default() or field.null or (field.empty_strings_allowed and field.blank))
        self.adapt: Adapt | None = None
        if isinstance(field, models.JSONField):
            self.adapt = (field.encoder or json.JSONEncoder)(ensure_ascii=False, separators=(",", ":")).encode

    def value(self, row: Mapping[str, Any]) -> Any:
        value = row[self.attribute] if self.needed or self.attribute in row else self.default()
        return value if self.adapt is None or value is None else self.adapt(value)


class _Table:
    def __init__(self, model: type[models.Model]) -> None:
        meta = model._meta
        self.alias = alias_of(meta.app_label)
        self.name = f'"{meta.db_table}"'
        self.columns = {field.attname: _Column(field) for field in meta.concrete_fields}
        written = [field for field in meta.concrete_fields if not (field.primary_key or field.generated)]
        self.written = [self.columns[field.attname] for field in written]
        self.given = [column for column in self.written if not column.by_database]
        self.known = {column.attribute for column in self.given}
        self.worked_out = [field.attname for field in meta.concrete_fields if field.primary_key or field.generated]
        self.into = f"INSERT INTO {self.name} ({', '.join(column.name for column in self.written)}) VALUES "
        self.row = "(" + ", ".join(DEFAULT if column.by_database else "%s" for column in self.written) + ")"


@cache
def _table(model: type[models.Model]) -> _Table:
    return _Table(model)


def insert_rows(
    model: type[models.Model], rows: Sequence[Mapping[str, Any]], *, returning: Sequence[str] = ("id",)
) -> list[tuple[Any, ...]]:
    """One INSERT of all `rows` (attribute to value); returns their `returning` columns, in the order of the rows.

    A value left out is the field's default. Raises KeyError where it has none, and for an attribute the model lacks.
    """
    if not rows:
        return []
    text, values = insert_statement(model, rows, returning=returning)
    with connections[_table(model).alias].cursor() as cursor:
        cursor.execute(text, values)
        return list(cursor.fetchall())


def insert_statement(
    model: type[models.Model], rows: Sequence[Mapping[str, Any]], *, returning: Sequence[str]
) -> tuple[str, list[Any]]:
    """`insert_rows` as text and values, for a statement that goes on from the new rows."""
    table = _table(model)
    values: list[Any] = []
    for row in rows:
        if not row.keys() <= table.known:
            raise KeyError(f"{model.__name__} has no {sorted(row.keys() - table.known)}")
        values += [column.value(row) for column in table.given]
    back = ", ".join(table.columns[name].name for name in returning)
    return f"{table.into}{', '.join([table.row] * len(rows))} RETURNING {back}", values


def create_row(model: type[M], **values: Any) -> M:
    """`Model.objects.create`: the instance with its id and what else the database works out. One statement."""
    table = _table(model)
    made = model(**values)
    kept = made.__dict__
    ((*found,),) = insert_rows(model, [{name: kept[name] for name in table.known}], returning=table.worked_out)
    for name, value in zip(table.worked_out, found, strict=True):
        setattr(made, name, value)
    made._state.adding, made._state.db = False, table.alias
    if isinstance(made, TenantModel):
        made._read_in = selected_code()
    return made


def update_rows(model: type[models.Model], values: Mapping[str, Any], *, where: Mapping[str, Any]) -> int:
    """One UPDATE of the rows that equal all of `where`; returns how many. Raises KeyError for unknown attributes."""
    table = _table(model)
    sets = ", ".join(f"{table.columns[name].name} = %s" for name in values)
    conditions = " AND ".join(f"{table.columns[name].name} = %s" for name in where)
    written = [table.columns[name].value(values) for name in values]
    with connections[table.alias].cursor() as cursor:
        cursor.execute(f"UPDATE {table.name} SET {sets} WHERE {conditions}", [*written, *where.values()])
        return int(cursor.rowcount)


class Columns(Generic[M]):
    """All stored columns of a model, for a statement written by hand, and the instance that they make."""

    def __init__(self, model: type[M], table: str) -> None:
        """`table` is the name or alias that the model's table has in the statement."""
        fields = model._meta.concrete_fields
        self.model = model
        self.alias = alias_of(model._meta.app_label)
        self.names = [field.attname for field in fields]
        self.sql = ", ".join(f'{table}."{field.column}"' for field in fields)
        # A cursor gives jsonb as text: Django reads it in the field.
        self._json = [at for at, field in enumerate(fields) if isinstance(field, models.JSONField)]

    def __len__(self) -> int:
        return len(self.names)

    def instance(self, values: Sequence[Any]) -> M:
        found = list(values)
        for at in self._json:
            if isinstance(found[at], str):
                found[at] = json.loads(found[at])
        return self.model.from_db(self.alias, self.names, found)
