"""Rows of Django models by PostgreSQL's COPY: the columns are the model's own, so that a new one is not forgotten."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from typing import Any

from django.db import connections, models
from django.db.models.expressions import DatabaseDefault

from tenants.database.context import REGION_ALIAS

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})

# Written as Python writes them.
_PLAIN = (int, Decimal, date, datetime)


def copy_in(rows: Sequence[models.Model]) -> None:
    """Inserts the rows, keys included, in the caller's transaction. What the database fills in itself is left to it."""
    if not rows:
        return
    fields = [
        field
        for field in rows[0]._meta.local_concrete_fields
        if not isinstance(getattr(rows[0], field.attname), DatabaseDefault)
    ]
    buffer = StringIO()
    for row in rows:
        buffer.write("\t".join([_text(field, getattr(row, field.attname)) for field in fields]) + "\n")
    buffer.seek(0)
    quote = connections[REGION_ALIAS].ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.cursor.copy_expert(f"COPY {quote(rows[0]._meta.db_table)} ({columns}) FROM STDIN", buffer)


def _text(field: models.Field[Any, Any], value: Any) -> str:
    """The value as COPY's text format has it."""
    if value is None:
        return "\\N"
    kind = type(value)
    if kind is bool:
        return "t" if value else "f"
    if kind in _PLAIN:
        return str(value)
    if isinstance(field, models.JSONField):
        return json.dumps(value, ensure_ascii=False).translate(_ESCAPES)
    return str(field.get_prep_value(value)).translate(_ESCAPES)


def reserved(model: type[models.Model], count: int) -> range:
    """That many keys of the model's sequence, taken at once."""
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [model._meta.db_table])
        sequence = cursor.fetchone()[0]
        cursor.execute("SELECT nextval(%s)", [sequence])
        first = int(cursor.fetchone()[0])
        cursor.execute("SELECT setval(%s, %s)", [sequence, first + count - 1])
    return range(first, first + count)
