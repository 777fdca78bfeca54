"""Putting a dumped tenant back into place, whole or not at all."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import OperationalError, connections
from psycopg2 import errors, sql

from kernel.actor import Actor
from kernel.metrics import PROVISIONING_SECONDS
from tenants.database.context import REGION_ALIAS, TenantNotFound, forget_tenant_refs, region_as, region_atomic
from tenants.journaling.file_store import room_folder
from tenants.journaling.region import record_in_region
from tenants.journaling.relay import TENANT_TABLE
from tenants.journaling.restoring import hold_relay, last_known, make_cursor, settle
from tenants.provisioning.models import TenantMigration
from tenants.provisioning.plans import GRANTS, MIGRATION_TABLE, Grants, Key, Plan, Python, all_keys, compile_plan
from tenants.provisioning.replaying import run_python, run_sql
from tenants.provisioning.rights import bring_rights_in_line
from tenants.provisioning.services import TenantBusy, migrate_tenants
from tenants.provisioning.services.creating import lock_tenant
from tenants.provisioning.services.logins import let_connect, put_login, run
from tenants.provisioning.versions import hold_version
from tenants.registry.models import Tenant
from tenants.upkeep.catalogue import sequences_of, tables_of
from tenants.upkeep.dumpfile import Manifest, Reader, Sequence, Table, reading
from tenants.upkeep.errors import DumpDamaged, DumpOfAnotherTenant, DumpTooNew
from tenants.upkeep.services.dumping import PLAIN_FORM, Progress, silent
from tenants.upkeep.versions import structure_of

logger = logging.getLogger(__name__)
LOCK_TIMEOUT = "10s"


@dataclass(frozen=True, slots=True)
class Restoration:
    """What was put into place. `lost`: journal rows the region had seen that are not in the file."""

    code: str
    epoch: int
    manifest: Manifest
    lost: int
    regained: int
    migrated: tuple[Key, ...]


def check_file(*, code: str, path: Path, trust: bool = False, phrase: bytes | None = None) -> Manifest:
    """Reads the whole file and raises DumpDamaged, DumpNotTrusted, DumpOfAnotherTenant, DumpTooNew, DumpKeyMissing or
    DumpKeyWrong.
    """
    with reading(path, trust=trust, phrase=phrase) as reader:
        _check(reader, code)
        reader.check()
        return reader.manifest


def restore_tenant(
    *,
    actor: Actor,
    code: str,
    path: Path,
    now: datetime,
    trust: bool = False,
    phrase: bytes | None = None,
    progress: Progress = silent,
) -> Restoration:
    """Puts the file's state of the tenant into place: same schema, login, hosts; a new journal epoch.

    One transaction: until its commit, and after any failure, the tenant is as it was. A file of an older version is
    loaded at that version and then migrated. The registry's own facts (name, state, hosts) stay as they are. Everybody
    is signed out of the mall. Raises what `check_file` raises, TenantNotFound and TenantBusy. Runs as the owner.
    """
    began = time.perf_counter()
    with reading(path, trust=trust, phrase=phrase) as reader:
        _check(reader, code)
        progress("checking the file", 0, 0)
        reader.check()
        keys = _version(reader.manifest)
        structure = structure_of(keys)
        forward = compile_plan(keys)
        with region_as(settings.YZ_OWNER_ROLE):
            with region_atomic():
                _tenant(Tenant.objects.filter(code=code).first(), code, reader.manifest)
                make_cursor(room=code)
            with _stored_files(reader, code), _busy(code), region_atomic():
                done = _restore(reader, actor, code, structure, forward, now, progress)
        forget_tenant_refs()
        _forget_cached(code)
        if not _in_one(forward):
            _migrate_afterwards(code, now)
    PROVISIONING_SECONDS.of("restore").observe(time.perf_counter() - began)
    with region_as(settings.YZ_OWNER_ROLE):
        for table in done.manifest.tables:
            run(sql.SQL("ANALYZE {}").format(sql.Identifier(_schema(done.manifest), table.name)))
    return done


def _check(reader: Reader, code: str) -> None:
    held = reader.manifest.tenant
    if held.get("code") != code:
        raise DumpOfAnotherTenant(f"the file is of {held.get('code')}, not of {code}")
    _version(reader.manifest)


def _tenant(tenant: Tenant | None, code: str, manifest: Manifest) -> Tenant:
    if tenant is None:
        raise TenantNotFound(tenant=code)
    if tenant.schema_name != _schema(manifest):
        raise DumpOfAnotherTenant(f"the file is of the schema {_schema(manifest)}, {code} has {tenant.schema_name}")
    return tenant


def _schema(manifest: Manifest) -> str:
    return str(manifest.tenant["schema_name"])


def _version(manifest: Manifest) -> frozenset[Key]:
    """The file's migrations, without the mark of its rights: today's are given."""
    keys = frozenset(key for key in manifest.migrations if key[0] != GRANTS)
    if unknown := keys - frozenset(all_keys()):
        raise DumpTooNew(f"the file holds migrations this code does not know: {sorted(unknown)[0]}")
    return keys


def _in_one(plan: Plan) -> bool:
    """Whether the whole plan may share the restore's transaction."""
    return all(step.atomic for step in plan.steps)


def _restore(
    reader: Reader,
    actor: Actor,
    code: str,
    structure: tuple[str, ...],
    forward: Plan,
    now: datetime,
    progress: Progress,
) -> Restoration:
    manifest = reader.manifest
    lock_tenant(code)
    hold_version()
    run(sql.SQL("SET LOCAL lock_timeout = {}").format(sql.Literal(LOCK_TIMEOUT)))
    run(PLAIN_FORM)
    tenant = _tenant(Tenant.objects.select_for_update().filter(code=code).first(), code, manifest)
    hold_relay(room=code)
    schema = sql.Identifier(tenant.schema_name)
    before = {(held.table, held.column): held for held in sequences_of(tenant.schema_name)}
    last_epoch, last_id = last_known(room=code)

    progress("making the tables", 0, 0)
    run(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(schema))
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [tenant.schema_name])
        login_is_there = cursor.fetchone() is not None
    if not login_is_there:
        put_login(tenant.schema_name, tenant.schema_name)
    run(sql.SQL("CREATE SCHEMA {0}; SET LOCAL search_path = {0}").format(schema))
    run(MIGRATION_TABLE + "\n".join(structure))
    _load(reader, tenant.schema_name, progress)
    _set_sequences(tenant.schema_name, manifest, before, last_id)
    # Rows were written with their checks put off: now all of them are made, before any table is altered.
    run("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    run(sql.SQL("DELETE FROM {} WHERE app = {}").format(sql.Identifier("django_migrations"), sql.Literal(GRANTS)))
    if _in_one(forward):
        progress("bringing it to the current version", 0, 0)
        _run_plan(forward, tenant.schema_name)
    run("SET LOCAL search_path = public")

    progress("bringing the region in step", 0, 0)
    tenant.epoch = next_epoch(tenant.epoch, last_epoch, int(manifest.tenant["epoch"]))
    tenant.save(update_fields=["epoch"])
    # What the ledger says of the fleet's runs is about the schema that is gone.
    TenantMigration.objects.filter(tenant_code=code).delete()
    restored = settle(room=code, schema=tenant.schema_name, epoch=tenant.epoch, now=now)
    # A suspended or archived mall stays shut, whatever the declared rights are.
    run(sql.SQL("SELECT public.registry_align_journal({})").format(sql.Literal(tenant.schema_name)))
    record_in_region(
        actor=actor,
        event="upkeep.tenant_restored",
        object_type="tenant",
        object_id=code,
        facts={
            "tenant": code,
            "epoch": tenant.epoch,
            "taken_at": datetime.fromisoformat(manifest.taken_at),
            "rows": manifest.rows,
            "files": len(manifest.files),
            "lost": restored.lost,
            "regained": len(restored.regained),
        },
        now=now,
    )
    if not login_is_there:
        let_connect(tenant.schema_name)
    return Restoration(code, tenant.epoch, manifest, restored.lost, len(restored.regained), forward.keys)


def next_epoch(*epochs: int) -> int:
    """Above every epoch that the mall, the region and the file know."""
    return max(epochs) + 1


def _load(reader: Reader, schema: str, progress: Progress) -> None:
    """Every table of the file. Rows that our migrations write are in the file themselves."""
    shapes = {shape.name: shape for shape in tables_of(schema)}
    manifest = reader.manifest
    for table in manifest.tables:
        shape = shapes.get(table.name)
        if shape is None or set(shape.columns) != set(table.columns):
            raise DumpDamaged(f"{table.name}: not the table that the file's version has")
    if missing := set(shapes) - {table.name for table in manifest.tables}:
        raise DumpDamaged(f"the file lacks {sorted(missing)[0]}")
    run(sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(sql.Identifier(schema, name) for name in shapes)))
    for number, table in enumerate(manifest.tables, start=1):
        progress(table.name, number, len(manifest.tables))
        _load_table(reader, schema, table)


def _load_table(reader: Reader, schema: str, table: Table) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(schema, table.name), sql.SQL(", ").join(map(sql.Identifier, table.columns))
    )
    with reader.stream(table.part) as stream, connections[REGION_ALIAS].cursor() as cursor:
        cursor.copy_expert(statement, stream)
        if cursor.rowcount != table.rows:
            raise DumpDamaged(f"{table.name}: {cursor.rowcount} rows, the manifest lists {table.rows}")


def _set_sequences(schema: str, manifest: Manifest, before: dict[tuple[str, str], Sequence], last_id: int) -> None:
    """No number is given a second time: each goes on from where it stood, in the file or in the mall until now.

    The journal's goes on from what the region has seen besides, so that even a request that still believes in the old
    epoch writes a row that nobody takes for another.
    """
    with connections[REGION_ALIAS].cursor() as cursor:
        for held in manifest.sequences:
            known = [held.last_value if held.is_called else 0]
            if live := before.get((held.table, held.column)):
                known.append(live.last_value if live.is_called else 0)
            if held.table == TENANT_TABLE:
                known.append(last_id)
            if max(known):
                cursor.execute(
                    "SELECT setval(pg_get_serial_sequence(%s, %s), %s, true)",
                    [f'"{schema}"."{held.table}"', held.column, max(known)],
                )


def _run_plan(plan: Plan, schema: str) -> None:
    for segment in plan.segments:
        if isinstance(segment, Grants):
            bring_rights_in_line(schema)
        elif isinstance(segment, Python):
            run_python(segment)
        else:
            run_sql(segment)


def _migrate_afterwards(code: str, now: datetime) -> None:
    """A version with a statement that no transaction allows is the fleet runner's; until then nobody has rights."""
    outcome = migrate_tenants(codes=[code], now=lambda: now)
    if code in outcome.failed:
        logger.error("%s is restored and still behind: %s", code, outcome.failed[code])


@contextmanager
def _busy(code: str) -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        if isinstance(error.__cause__, errors.LockNotAvailable | errors.DeadlockDetected):
            raise TenantBusy(tenant=code) from error
        raise


@contextmanager
def _stored_files(reader: Reader, code: str) -> Iterator[None]:
    """The file's stored files that are missing are put back first; a failure takes them away again.

    A stored file never changes under its key, so one that is there is left alone.
    """
    folder = room_folder(code)
    made: list[Path] = []
    try:
        for part in reader.manifest.files:
            target = (folder / part.name.removeprefix("files/")).resolve()
            if not target.is_relative_to(folder.resolve()):
                raise DumpDamaged(f"{part.name} leads out of the folder")
            if target.exists():
                continue
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            made.append(target)
            for left in target.parent.glob(f".{target.name}.*.part"):
                left.unlink(missing_ok=True)  # of a restore that was killed
            draft = target.with_name(f".{target.name}.{os.getpid()}.part")
            with reader.stream(part) as stream, draft.open("wb") as out:
                while block := stream.read(1 << 18):
                    out.write(block)
            draft.replace(target)
        yield
    except BaseException:
        for path in made:
            path.unlink(missing_ok=True)
        raise


def _forget_cached(code: str) -> None:
    """What processes kept of the mall as it was."""
    client = cache._cache.get_client()  # type: ignore[attr-defined]
    prefix = settings.CACHES["default"]["KEY_PREFIX"]
    if keys := list(client.scan_iter(f"{prefix}:{code}:*", count=1000)):
        client.delete(*keys)
