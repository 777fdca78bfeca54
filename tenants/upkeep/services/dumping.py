"""A consistent copy of one tenant in one file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections
from psycopg2 import sql

from kernel.actor import Actor
from tenants.database.context import REGION_ALIAS, TenantNotFound, region_as, region_atomic
from tenants.journaling.file_store import room_folder
from tenants.journaling.region import record_in_region
from tenants.provisioning.services.logins import run
from tenants.registry.models import Domain, Tenant
from tenants.upkeep.catalogue import TableShape, sequences_of, tables_of
from tenants.upkeep.dumpfile import Manifest, Part, Table, Writer, file_part, reading, table_part, writing

Progress = Callable[[str, int, int], None]

# The text form of values must not depend on who connects.
PLAIN_FORM = (
    "SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL intervalstyle = 'postgres'; SET LOCAL timezone = 'UTC'; "
    "SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1; SET LOCAL statement_timeout = 0; "
    "SET LOCAL idle_in_transaction_session_timeout = 0"
)


def silent(what: str, number: int, of: int) -> None:
    """No progress is shown."""


def dump_tenant(
    *,
    actor: Actor,
    code: str,
    path: Path,
    now: datetime,
    phrase: bytes | None = None,
    progress: Progress = silent,
) -> Manifest:
    """Writes the tenant's schema, registry facts and stored files into `path`, and reads the file back.

    With `phrase` the file is encrypted (`sealing`); whoever calls this decides whether one in clear may be.

    One REPEATABLE READ transaction: every table as of one moment, while the mall goes on. Raises TenantNotFound.
    Runs as the owner.
    """
    with region_as(settings.YZ_OWNER_ROLE):
        with region_atomic(), writing(path, phrase=phrase) as writer:
            run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            run(PLAIN_FORM)
            manifest = _copy_all(writer, code, now, progress)
            writer.finish(manifest)
        with reading(path, phrase=phrase) as reader:
            reader.check()
        with region_atomic():
            record_in_region(
                actor=actor,
                event="upkeep.tenant_dumped",
                object_type="tenant",
                object_id=code,
                facts={"tenant": code, "epoch": manifest.tenant["epoch"], "rows": manifest.rows,
                       "files": len(manifest.files)},
                now=now,
            )  # fmt: skip
    return manifest


def _copy_all(writer: Writer, code: str, now: datetime, progress: Progress) -> Manifest:
    tenant = tenant_facts(code)
    schema = str(tenant["schema_name"])
    shapes = tables_of(schema)
    tables = []
    for number, shape in enumerate(shapes, start=1):
        progress(shape.name, number, len(shapes))
        tables.append(_copy_table(writer, schema, shape))
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(
            sql.SQL("SELECT app, name FROM {} ORDER BY id").format(sql.Identifier(schema, "django_migrations"))
        )
        migrations = tuple((app, name) for app, name in cursor.fetchall())
        cursor.execute("SELECT current_setting('server_version')")
        (server,) = cursor.fetchone()
    return Manifest(
        tenant=tenant,
        taken_at=now.isoformat(),
        server=server,
        migrations=migrations,
        tables=tuple(tables),
        sequences=tuple(sequences_of(schema)),
        files=copy_files(writer, code),
    )


def tenant_facts(code: str) -> dict[str, Any]:
    """What the registry says of a tenant, as plain JSON. Raises TenantNotFound."""
    row = Tenant.objects.filter(code=code).first()
    if row is None:
        raise TenantNotFound(tenant=code)
    return {
        "code": row.code,
        "division_code": row.division_code,
        "name": row.name,
        "level": row.level,
        "kind": row.kind,
        "state": row.state,
        "epoch": row.epoch,
        "is_demo": row.is_demo,
        "schema_name": row.schema_name,
        "created_at": row.created_at.isoformat(),
        "live_at": row.live_at.isoformat() if row.live_at else None,
        "hosts": list(
            Domain.objects.filter(tenant=row).order_by("-is_primary", "domain").values_list("domain", flat=True)
        ),
    }


def ordered_query(schema: str, shape: TableShape, columns: tuple[str, ...] = ()) -> sql.Composable:
    """All rows in the order of their key, so that equal contents make equal bytes."""
    listed = sql.SQL(", ").join(map(sql.Identifier, columns or shape.columns))
    order = sql.SQL(", ").join(map(sql.Identifier, shape.key or shape.columns))
    return sql.SQL("SELECT {} FROM {} ORDER BY {}").format(listed, sql.Identifier(schema, shape.name), order)


def _copy_table(writer: Writer, schema: str, shape: TableShape) -> Table:
    with connections[REGION_ALIAS].cursor() as cursor, writer.part(table_part(shape.name)) as stream:
        statement = sql.SQL("COPY ({}) TO STDOUT").format(ordered_query(schema, shape))
        cursor.copy_expert(statement, stream)
    # COPY's text form writes a line a row: line breaks inside values are escaped.
    return Table(shape.name, shape.columns, stream.lines, stream.part(table_part(shape.name)))


def copy_files(writer: Writer, code: str) -> tuple[Part, ...]:
    """Every stored file. They are never changed once written, so those the snapshot names are among them."""
    folder = room_folder(code)
    if not folder.is_dir():
        return ()
    parts = []
    for path in sorted(folder.rglob("*")):
        # A name that begins with a dot is a draft of somebody's who is writing it now.
        if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
            parts.append(writer.copied(file_part(path.relative_to(folder).as_posix()), path))
    return tuple(parts)
