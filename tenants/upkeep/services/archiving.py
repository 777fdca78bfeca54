"""Putting a mall away for good: closed, copied, exported, compared with what is there; then perhaps removed."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connections
from psycopg2 import sql

from kernel.actor import Actor
from tenants.database.context import REGION_ALIAS, TenantNotFound, region_as, region_atomic
from tenants.journaling.file_store import room_folder
from tenants.journaling.region import record_in_region
from tenants.provisioning.services import drop_tenant
from tenants.provisioning.services.logins import run
from tenants.registry.models import Tenant
from tenants.registry.rules import TENANT_LIFECYCLE, TenantState
from tenants.upkeep.catalogue import tables_of
from tenants.upkeep.dumpfile import BLOCK, reading
from tenants.upkeep.errors import DumpDamaged
from tenants.upkeep.services.dumping import PLAIN_FORM, Progress, dump_tenant, ordered_query, silent
from tenants.upkeep.services.exporting import export_tenant

Archive = Callable[[], object]


@dataclass(frozen=True, slots=True)
class PutAway:
    dump: Path
    export: Path
    sm3: str
    rows: int
    dropped: bool


def put_away(
    *,
    actor: Actor,
    code: str,
    folder: Path,
    archive: Archive,
    drop: bool,
    now: datetime,
    phrase: bytes | None = None,
    progress: Progress = silent,
) -> PutAway:
    """Archives the mall, so that nothing changes any more, writes a dump and an export, and compares the dump with the
    database table by table. Only then, and with `drop`, the mall is removed whole.

    `archive` is the registry's own step, with its journal row. A rerun goes on where it stopped. Raises TenantNotFound,
    WrongState, and DumpDamaged when the dump is not what is there. Runs as the owner.
    """
    with region_as(settings.YZ_OWNER_ROLE):
        state = Tenant.objects.filter(code=code).values_list("state", flat=True).first()
        if state is None:
            raise TenantNotFound(tenant=code)
        if state != TenantState.ARCHIVED:
            TENANT_LIFECYCLE.next(state, "archive")  # raises WrongState
            archive()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    stem = f"{code}-{now:%Y%m%dT%H%M%SZ}"
    dump, export = folder / f"{stem}.dump.zip", folder / f"{stem}.export.zip"
    manifest = dump_tenant(actor=actor, code=code, path=dump, now=now, phrase=phrase, progress=progress)
    export_tenant(actor=actor, code=code, path=export, now=now, progress=progress)
    progress("comparing with the database", 0, 0)
    compare(code=code, path=dump, phrase=phrase)
    with dump.open("rb") as held:
        sm3 = hashlib.new("sm3")
        while block := held.read(BLOCK):
            sm3.update(block)
    if drop:
        drop_tenant(code=code, now=now)
        # The dump and the export hold them.
        shutil.rmtree(room_folder(code), ignore_errors=True)
    with region_as(settings.YZ_OWNER_ROLE), region_atomic():
        record_in_region(
            actor=actor,
            event="upkeep.tenant_put_away",
            object_type="tenant",
            object_id=code,
            facts={"tenant": code, "rows": manifest.rows, "sm3": sm3.hexdigest(), "dropped": drop},
            now=now,
        )
    return PutAway(dump, export, sm3.hexdigest(), manifest.rows, drop)


class _Digest:
    """A sink that keeps nothing but the hash."""

    def __init__(self) -> None:
        self.held = hashlib.new("sm3")

    def write(self, data: bytes) -> int:
        self.held.update(data)
        return len(data)


def compare(*, code: str, path: Path, phrase: bytes | None = None) -> None:
    """Raises DumpDamaged unless every table of the file is, byte by byte, what the database gives now."""
    with reading(path, phrase=phrase) as reader, region_as(settings.YZ_OWNER_ROLE), region_atomic():
        run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        run(PLAIN_FORM)
        schema = Tenant.objects.values_list("schema_name", flat=True).get(code=code)
        held = {table.name: table.part.sm3 for table in reader.manifest.tables}
        shapes = tables_of(schema)
        if {shape.name for shape in shapes} != set(held):
            raise DumpDamaged("the file does not hold the tables that are there")
        for shape in shapes:
            digest = _Digest()
            with connections[REGION_ALIAS].cursor() as cursor:
                cursor.copy_expert(sql.SQL("COPY ({}) TO STDOUT").format(ordered_query(schema, shape)), digest)
            if digest.held.hexdigest() != held[shape.name]:
                raise DumpDamaged(f"{shape.name} in the file is not what is in the database")


__all__ = ["PutAway", "compare", "put_away"]
