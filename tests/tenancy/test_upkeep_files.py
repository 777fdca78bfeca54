"""Which files a restore refuses, and that refusing changes nothing; files of an older version."""

from __future__ import annotations

import os
import stat
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from kernel.clock import utc_now
from tenants.database.context import TenantNotFound, region_as
from tenants.provisioning.plans import GRANTS, TEMPLATE_SCHEMA, all_keys
from tenants.registry.models import Tenant
from tenants.upkeep import versions
from tenants.upkeep.errors import DumpDamaged, DumpNotTrusted, DumpOfAnotherTenant, DumpTooNew
from tenants.upkeep.services import dump_tenant, restoring
from tests.checksums import schema_checksum
from tests.database import admin
from tests.factories.relayed import relay_tenant, write_order_event
from tests.tenancy.catalogues import catalogue
from tests.tenancy.restores import OPERATOR, A, B, contents, dump, restore, rewritten


@pytest.fixture
def file(room: None, tmp_path: Path) -> Path:
    write_order_event(A, "submitted")
    relay_tenant(A)
    dump(tmp_path / "d.zip")
    return tmp_path / "d.zip"


def refused(path: Path, error: type[Exception], code: str = A, **options: Any) -> None:
    """The restore raises, and the whole database is as it was."""
    schemas = ("public", f"t{A}", f"t{B}")
    before = {schema: schema_checksum(schema) for schema in schemas}
    with pytest.raises(error):
        restore(path, code, **options)
    assert {schema: schema_checksum(schema) for schema in schemas} == before


def test_a_file_of_another_tenant(file: Path, tmp_path: Path) -> None:
    refused(file, DumpOfAnotherTenant, B)
    renamed = rewritten(file, tmp_path / "r.zip", lambda held: held["tenant"].update(code=B))
    refused(renamed, DumpOfAnotherTenant, B)


def test_a_file_of_a_newer_version(file: Path, tmp_path: Path) -> None:
    newer = rewritten(file, tmp_path / "n.zip", lambda held: held["migrations"].append(["orders", "9999_unknown"]))
    refused(newer, DumpTooNew)
    format_of_tomorrow = rewritten(file, tmp_path / "f.zip", lambda held: held.update(format=2))
    refused(format_of_tomorrow, DumpTooNew)


def test_a_file_changed_by_somebody_without_the_secret(file: Path, tmp_path: Path) -> None:
    changed = rewritten(file, tmp_path / "c.zip", lambda held: held.update(taken_at="2020-01-01"), seal=False)
    refused(changed, DumpNotTrusted)


def test_a_file_sealed_under_another_secret_is_taken_when_told_to(file: Path, settings: Any) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tenants.upkeep.dumpfile.seal_of", lambda manifest: "0" * 64)
        refused(file, DumpNotTrusted)
        assert restore(file, trust=True).epoch == 2


def test_a_damaged_file_at_any_place(file: Path, tmp_path: Path) -> None:
    whole = file.read_bytes()
    hurt = tmp_path / "hurt.zip"
    size = len(whole)
    places = [held for held in _middles(file) if held < size]
    assert len(places) > 10
    for at in places:
        data = bytearray(whole)
        data[at] ^= 0xFF
        hurt.write_bytes(data)
        with pytest.raises((DumpDamaged, DumpNotTrusted)):
            restoring.check_file(code=A, path=hurt)
    for cut in (0, 10, size // 2, size - 1):
        hurt.write_bytes(whole[:cut])
        refused(hurt, DumpDamaged)


def _middles(path: Path) -> list[int]:
    """A place in the middle of each part's stored bytes."""
    with zipfile.ZipFile(path) as held, path.open("rb") as raw:
        found = []
        for info in held.infolist():
            raw.seek(info.header_offset + 26)
            name, extra = struct.unpack("<HH", raw.read(4))
            found.append(info.header_offset + 30 + name + extra + info.compress_size // 2)
        return found


def test_a_part_added_or_left_out(file: Path, tmp_path: Path) -> None:
    added = tmp_path / "added.zip"
    added.write_bytes(file.read_bytes())
    with zipfile.ZipFile(added, "a") as held:
        held.writestr("tables/evil.copy", "1\n")
    refused(added, DumpDamaged)
    fewer = rewritten(file, tmp_path / "fewer.zip", lambda held: held["tables"].pop())
    refused(fewer, DumpDamaged)


def test_a_failure_at_the_last_step_changes_nothing(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_: object) -> None:
        raise RuntimeError("the power goes")

    monkeypatch.setattr(restoring, "record_in_region", broken)
    refused(file, RuntimeError)


def test_rows_that_break_a_rule_of_the_tables_are_refused(file: Path, tmp_path: Path) -> None:
    """The checks of the tables are made on every row, whatever the seal says."""
    bad = tmp_path / "bad.zip"
    with admin() as connection, connection.cursor() as cursor:
        name = "idempotency_refusals_are_not_kept"
        cursor.execute(f"SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = '{name}' LIMIT 1")
        (definition,) = cursor.fetchone()
        cursor.execute(f'ALTER TABLE t{A}.idempotency_idempotencykey DROP CONSTRAINT "{name}"')
        try:
            cursor.execute(
                f"INSERT INTO t{A}.idempotency_idempotencykey (user_id, endpoint, key, request_hash, status, answer, "
                "created_at) VALUES (1, 'e', 'k', 'h', 500, '', now())"
            )
            dump(bad)
        finally:
            cursor.execute(f"DELETE FROM t{A}.idempotency_idempotencykey")
            cursor.execute(f'ALTER TABLE t{A}.idempotency_idempotencykey ADD CONSTRAINT "{name}" {definition}')
    with pytest.raises(Exception, match="violates check constraint"):
        restore(bad)
    assert catalogue(f"t{A}") == catalogue(TEMPLATE_SCHEMA)


def test_a_tenant_that_is_not_registered(file: Path, tmp_path: Path) -> None:
    with pytest.raises(TenantNotFound):
        dump_tenant(actor=OPERATOR, code="990009", path=tmp_path / "x.zip", now=utc_now())
    assert not (tmp_path / "x.zip").exists()
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM registry_domain WHERE tenant_id = (SELECT id FROM registry_tenant WHERE code=%s)", [A]
        )
        cursor.execute("DELETE FROM registry_tenant WHERE code = %s", [A])
    refused(file, TenantNotFound)


def test_a_file_of_an_older_version_is_brought_to_the_current_one(file: Path, tmp_path: Path) -> None:
    """The schema as it was before the last migrations of one app, dumped, and restored by today's code."""
    older = frozenset(key for key in all_keys() if key[0] != "practice" and key[0] != "files")
    older = older if len(older) < len(all_keys()) else frozenset(all_keys()[:-1])
    gone = frozenset(all_keys()) - older
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA older; SET search_path = older; {'; '.join(versions.structure_of(older))}")
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'older'")
        tables = {name for (name,) in cursor.fetchall()}
        cursor.execute("DROP SCHEMA older CASCADE")

    def set_back(held: dict[str, Any]) -> None:
        held["migrations"] = [key for key in held["migrations"] if tuple(key) not in gone and key[0] != GRANTS]

    old = rewritten(file, tmp_path / "old.zip", set_back)
    now_there = set(contents(file))
    if now_there - tables - {"django_migrations"}:
        old = _without(old, tmp_path / "older.zip", now_there - tables - {"django_migrations"})
    done = restore(old)
    assert set(done.migrated) == gone
    assert catalogue(f"t{A}") == catalogue(TEMPLATE_SCHEMA)
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute(f"SELECT app, name FROM t{A}.django_migrations")
        assert frozenset(all_keys()) <= {(app, name) for app, name in cursor.fetchall()}


def _without(path: Path, target: Path, tables: set[str]) -> Path:
    def change(held: dict[str, Any]) -> None:
        held["tables"] = [table for table in held["tables"] if table["name"] not in tables]
        held["sequences"] = [sequence for sequence in held["sequences"] if sequence["table"] not in tables]

    draft = rewritten(path, target.with_suffix(".draft"), change)
    with zipfile.ZipFile(draft) as old, zipfile.ZipFile(target, "w") as new:
        for info in old.infolist():
            if Path(info.filename).stem not in tables or not info.filename.startswith("tables/"):
                new.writestr(info.filename, old.read(info))
    return target


# -- the commands -----------------------------------------------------------------------------------------------------


def test_the_commands_ask_say_and_keep_the_file_to_themselves(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "cmd.zip"
    call_command("tenant_dump", A, str(path), plain=True)
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    with pytest.raises(CommandError, match="say --yes"):
        call_command("tenant_restore", A, str(path))
    with pytest.raises(CommandError, match="dump-of-another-tenant"):
        call_command("tenant_restore", B, str(path), yes=True)
    call_command("tenant_restore", A, str(path), check=True)
    call_command("tenant_restore", A, str(path), yes=True)
    said = capsys.readouterr().out
    assert "is whole" in said
    assert "epoch 2" in said
    with region_as("yz_region"):
        assert Tenant.objects.get(code=A).epoch == 2
