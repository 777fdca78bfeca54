"""Helpers of the tests of dump and restore."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from psycopg2 import sql

from kernel.actor import Actor
from kernel.clock import utc_now
from tenants.upkeep.dumpfile import MANIFEST, Manifest, reading, seal_of
from tenants.upkeep.services import Restoration, dump_tenant, restore_tenant
from tests.checksums import schema_checksum
from tests.database import admin

OPERATOR = Actor(None, "operator tests")
A, B = "990001", "990002"
# What a restore of a mall changes in the region, and nothing else.
MOVED = frozenset(
    {
        "accounts_handoff",
        "accounts_mallsession",
        "inbox_inboxitem",
        "inbox_postheld",
        "insight_orderfact",
        "invoice_numbers_numberuse",
        "journaling_lostentry",
        "journaling_relaycursor",
        "listings_paidprice",
        "listings_pricereference",
        "messaging_delivery",
        "messaging_message",
        "onboarding_mallprogress",
        "provisioning_tenantmigration",
        "region_journal_regionjournalentry",
        "registry_tenant",
        "scores_orderoutcome",
        "workbench_supplierorder",
    }
)


def dump(path: Path, code: str = A) -> Manifest:
    return dump_tenant(actor=OPERATOR, code=code, path=path, now=utc_now())


def restore(path: Path, code: str = A, **options: Any) -> Restoration:
    return restore_tenant(actor=OPERATOR, code=code, path=path, now=utc_now(), **options)


def contents(path: Path, *, but: frozenset[str] = frozenset()) -> dict[str, str]:
    """The SM3 of every table in a dump."""
    with reading(path) as reader:
        return {table.name: table.part.sm3 for table in reader.manifest.tables if table.name not in but}


def table_checksums(schema: str) -> dict[str, str]:
    """One hash a table of a schema."""
    found = {}
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", [schema])
        for (table,) in cursor.fetchall():
            cursor.execute(
                sql.SQL("SELECT coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {} t").format(
                    sql.Identifier(schema, table)
                )
            )
            found[table] = cursor.fetchone()[0]
    return found


def others(*codes: str) -> dict[str, str]:
    """Hashes of the other malls and of the template."""
    return {schema: schema_checksum(schema) for schema in ("tenant_template", *(f"t{code}" for code in codes))}


def rewritten(path: Path, target: Path, change: Callable[[dict[str, Any]], None], *, seal: bool = True) -> Path:
    """The same file with a manifest changed, sealed anew or with the old seal."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            data = old.read(info)
            if info.filename == MANIFEST:
                whole = json.loads(data)
                change(whole["manifest"])
                if seal:
                    whole["seal"] = seal_of(whole["manifest"])
                data = json.dumps(whole).encode()
            new.writestr(info.filename, data)
    return target
