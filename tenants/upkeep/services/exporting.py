"""Everything of a tenant in open formats: what it takes along when it leaves, readable without us."""

from __future__ import annotations

import base64
import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from html import escape
from pathlib import Path
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import connections, models
from django.utils import translation
from django.utils.translation import gettext as _

from kernel.actor import Actor
from kernel.clock import local
from kernel.spreadsheets import safe
from tenants.database.context import REGION_ALIAS, region_as, region_atomic
from tenants.database.rooms import tenant_apps
from tenants.journaling.region import record_in_region
from tenants.journaling.relay import TENANT_TABLE
from tenants.provisioning.services.logins import run
from tenants.upkeep.catalogue import TableShape, tables_of
from tenants.upkeep.dumpfile import BLOCK, Part, Writer, writing
from tenants.upkeep.region_parts import RegionPart
from tenants.upkeep.region_parts import parts as region_parts
from tenants.upkeep.services.dumping import PLAIN_FORM, Progress, copy_files, ordered_query, silent, tenant_facts

FETCH_ROWS = 2000
JOURNAL = "journal/journal.jsonl"
_JSON = frozenset({"json", "jsonb"})
# Amounts and counts stay numbers; everything else could be a formula.
_NUMBERS = (int, float, Decimal)


@dataclass(frozen=True, slots=True)
class Export:
    """What was written."""

    path: Path
    tables: int
    rows: int
    files: int


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    kind: str
    null: bool


def export_tenant(*, actor: Actor, code: str, path: Path, now: datetime, progress: Progress = silent) -> Export:
    """Writes a zip: tables as CSV and JSON, the journal as JSON lines, stored files, what the region keeps of the mall,
    a data dictionary, an index.

    One moment, as `dump_tenant`. Text cells of the CSV cannot be formulas; the JSON holds the values as they are.
    Raises TenantNotFound. Runs as the owner.
    """
    with region_as(settings.YZ_OWNER_ROLE):
        with region_atomic(), writing(path) as writer:
            run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            run(PLAIN_FORM)
            done = _export(writer, code, now, progress)
        with region_atomic():
            record_in_region(
                actor=actor,
                event="upkeep.tenant_exported",
                object_type="tenant",
                object_id=code,
                facts={"tenant": code, "rows": done.rows, "files": done.files},
                now=now,
            )
    return done


def _export(writer: Writer, code: str, now: datetime, progress: Progress) -> Export:
    tenant = tenant_facts(code)
    schema = str(tenant["schema_name"])
    shapes = tables_of(schema)
    parts: list[Part] = []
    counts: dict[str, int] = {}
    dictionary = []
    for number, shape in enumerate(shapes, start=1):
        progress(shape.name, number, len(shapes))
        columns = _columns(schema, shape)
        name, listed = f"tables/{shape.name}", [column.name for column in columns]
        counts[name], part = _as_json(writer, name, listed, _rows(schema, shape, columns))
        parts += [part, _as_csv(writer, name, listed, _rows(schema, shape, columns))]
        dictionary.append(_described(shape, columns, counts[name]))
    for kept in region_parts.values():
        name, listed = f"region/{kept.name}", list(kept.columns)
        progress(name, 0, 0)
        counts[name], part = _as_json(writer, name, listed, kept.rows(code))
        parts += [part, _as_csv(writer, name, listed, kept.rows(code))]
        dictionary.append(_described_part(kept, counts[name]))
    journal = next(shape for shape in shapes if shape.name == TENANT_TABLE)
    parts.append(_journal(writer, schema, journal))
    files = copy_files(writer, code)
    parts += [
        _text(writer, "registry.json", _json({**tenant, "exported_at": now.isoformat()}, indent=1)),
        _text(writer, "dictionary.json", _json(dictionary, indent=1)),
        _text(writer, "dictionary.csv", _dictionary_csv(dictionary)),
        _text(writer, "index.html", _index(tenant, counts, len(files), now)),
    ]
    held = [{"name": part.name, "size": part.size, "sm3": part.sm3} for part in (*parts, *files)]
    writer.text("manifest.json", _json({"tenant": code, "exported_at": now.isoformat(), "parts": held}, indent=1))
    return Export(writer.path, len(shapes), sum(counts.values()), len(files))


# -- rows -------------------------------------------------------------------------------------------------------------


def _rows(schema: str, shape: TableShape, columns: Sequence[_Column]) -> Iterator[tuple[Any, ...]]:
    """All rows by a cursor of the server's: a table of any size in little memory."""
    connection = connections[REGION_ALIAS]
    with connection.connection.cursor(name=f"export_{shape.name}"[:60]) as cursor:
        cursor.itersize = FETCH_ROWS
        cursor.execute(ordered_query(schema, shape, tuple(column.name for column in columns)))
        for row in cursor:
            # The connection is Django's, which leaves JSON to its fields.
            yield tuple(
                json.loads(value) if column.kind in _JSON and value is not None else value
                for column, value in zip(columns, row, strict=True)
            )


def _columns(schema: str, shape: TableShape) -> list[_Column]:
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(
            "SELECT attname, format_type(atttypid, atttypmod), NOT attnotnull FROM pg_attribute "
            "WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
            [f'"{schema}"."{shape.name}"'],
        )
        return [_Column(*row) for row in cursor.fetchall()]


def _plain(value: Any) -> Any:
    """As JSON has it. Amounts are texts: a reader's floating point would change them."""
    if value is None or isinstance(value, bool | int | str | dict | list):
        return value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, memoryview | bytes):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, UUID):
        return str(value)
    return str(value)


def _json(value: Any, *, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent, default=_plain)


def _cell(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, _NUMBERS):
        return value
    plain = _plain(value)
    return safe(plain if isinstance(plain, str) else _json(plain))


def _as_json(writer: Writer, name: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> tuple[int, Part]:
    count = 0
    with writer.part(f"{name}.json") as stream:
        stream.write(b"[")
        for row in rows:
            stream.write(b",\n" if count else b"\n")
            stream.write(_json({c: _plain(v) for c, v in zip(columns, row, strict=True)}).encode())
            count += 1
        stream.write(b"\n]\n")
    return count, stream.part(f"{name}.json")


def _as_csv(writer: Writer, name: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> Part:
    with writer.part(f"{name}.csv") as stream:
        # With a byte order mark, so that spreadsheets read the Chinese.
        stream.write(b"\xef\xbb\xbf")
        buffer = io.StringIO()
        out = csv.writer(buffer, lineterminator="\r\n")
        out.writerow(columns)
        for row in rows:
            out.writerow([_cell(value) for value in row])
            if buffer.tell() > BLOCK:
                stream.write(buffer.getvalue().encode())
                buffer.seek(0)
                buffer.truncate()
        stream.write(buffer.getvalue().encode())
    return stream.part(f"{name}.csv")


def _journal(writer: Writer, schema: str, shape: TableShape) -> Part:
    columns = _columns(schema, shape)
    with writer.part(JOURNAL) as stream:
        for row in _rows(schema, shape, columns):
            stream.write((_json({c.name: _plain(v) for c, v in zip(columns, row, strict=True)}) + "\n").encode())
    return stream.part(JOURNAL)


# -- what explains them -----------------------------------------------------------------------------------------------


def _models() -> dict[str, type[models.Model]]:
    return {
        model._meta.db_table: model
        for config in tenant_apps()
        for model in apps.get_app_config(config.label).get_models(include_auto_created=True)
    }


def _described(shape: TableShape, columns: Sequence[_Column], rows: int) -> dict[str, Any]:
    """A table and its columns as the database and the model know them."""
    model = _models().get(shape.name)
    fields = {field.column: field for field in model._meta.concrete_fields} if model else {}
    return {
        "table": shape.name,
        "app": model._meta.app_label if model else "",
        "about": (model.__doc__ or "").strip().split("\n")[0] if model else "",
        "key": list(shape.key),
        "rows": rows,
        "columns": [
            {
                "column": column.name,
                "type": column.kind,
                "null": column.null,
                "refers_to": _refers_to(fields.get(column.name)),
                "values": [str(value) for value, _label in getattr(fields.get(column.name), "choices", None) or ()],
            }
            for column in columns
        ],
    }


def _described_part(kept: RegionPart, rows: int) -> dict[str, Any]:
    return {
        "table": f"region/{kept.name}",
        "app": "region",
        "about": kept.about,
        "key": [],
        "rows": rows,
        "columns": [
            {"column": column, "type": kind, "null": True, "refers_to": "", "values": []}
            for column, kind in kept.columns.items()
        ],
    }


def _refers_to(field: Any) -> str:
    related = getattr(field, "related_model", None)
    return str(related._meta.db_table) if related is not None else ""


def _dictionary_csv(dictionary: Sequence[dict[str, Any]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["table", "column", "type", "null", "key", "refers_to", "values", "about"])
    for table in dictionary:
        for column in table["columns"]:
            key = "key" if column["column"] in table["key"] else ""
            cells = [table["table"], column["column"], column["type"], "null" if column["null"] else "", key]
            cells += [column["refers_to"], " ".join(column["values"]), table["about"]]
            writer.writerow([safe(cell) for cell in cells])
    return "\ufeff" + out.getvalue()


def _text(writer: Writer, name: str, text: str) -> Part:
    with writer.part(name) as stream:
        stream.write(text.encode())
    return stream.part(name)


def _index(tenant: dict[str, Any], counts: dict[str, int], files: int, now: datetime) -> str:
    """A page without scripts or addresses outside: opened from the unpacked folder."""
    with translation.override("zh-hans"):
        facts = [
            (_("Mall"), f"{tenant['name']} ({tenant['code']})"),
            (_("Exported at"), f"{local(now):%Y-%m-%d %H:%M:%S}"),
            (_("Journal epoch"), tenant["epoch"]),
            (_("Rows"), sum(counts.values())),
            (_("Stored files"), files),
        ]
        rows = "".join(f"<tr><th>{escape(str(k))}</th><td>{escape(str(v))}</td></tr>" for k, v in facts)
        tables = "".join(
            f"<tr><td>{escape(name)}</td><td>{count}</td><td><a href='{escape(name)}.csv'>CSV</a> "
            f"<a href='{escape(name)}.json'>JSON</a></td></tr>"
            for name, count in counts.items()
        )
        title = escape(_("All data of this mall"))
        return (
            f'<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8"><title>{title}</title></head><body>'
            f"<h1>{title}</h1><table>{rows}</table><p><a href='dictionary.csv'>{escape(_('Data dictionary'))}</a> "
            f"<a href='{JOURNAL}'>{escape(_('Journal, one JSON object a line'))}</a> <a href='registry.json'>"
            f"{escape(_('Registry facts'))}</a></p><table><tr><th>{escape(_('Table'))}</th><th>{escape(_('Rows'))}</th>"
            f"<th>{escape(_('Open as'))}</th></tr>{tables}</table></body></html>\n"
        )
