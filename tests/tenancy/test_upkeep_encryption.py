"""Encrypted dumps: nothing in clear, any change found, no way in with another key."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from kernel.clock import utc_now
from tenants.registry.models import Tenant
from tenants.upkeep import sealing
from tenants.upkeep.errors import DumpDamaged, DumpKeyMissing, DumpKeyUnfit, DumpKeyWrong
from tenants.upkeep.sealing import CHUNK_BYTES, HEADER_BYTES, TAG_BYTES, DecryptingReader, EncryptingWriter
from tenants.upkeep.services import check_file, compare, dump_tenant
from tests.checksums import schema_checksum
from tests.factories.relayed import write_order_event
from tests.tenancy.restores import OPERATOR, A, B, restore

PHRASE = b"correct horse battery staple"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "SCRYPT", {**sealing.SCRYPT, "n": 1 << 10})


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "dump.key"
    path.write_bytes(PHRASE + b"\nkept in the safe of room 301\n")
    path.chmod(0o600)
    return path


def encrypted(data: bytes) -> bytes:
    out = io.BytesIO()
    writer = EncryptingWriter(out, PHRASE)
    for start in range(0, len(data), 300_000):
        writer.write(data[start : start + 300_000])
    writer.finish()
    return out.getvalue()


def decrypted(data: bytes, phrase: bytes | None = PHRASE) -> bytes:
    return io.BufferedReader(DecryptingReader(io.BytesIO(data), phrase), 1 << 16).read()  # type: ignore[type-var]


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, 2_500_000])
def test_what_is_written_is_read_and_every_chunk_is_bound_to_its_place(size: int) -> None:
    data = os.urandom(size)
    sealed = encrypted(data)
    assert decrypted(sealed) == data
    chunk = CHUNK_BYTES + TAG_BYTES
    parts = [sealed[at : at + chunk] for at in range(HEADER_BYTES, len(sealed), chunk)]
    header = sealed[:HEADER_BYTES]
    hurt = [sealed[:at] for at in (HEADER_BYTES, len(sealed) - 1)] + [sealed + b"x"]
    hurt += [header + b"".join(parts[:-1]), header + b"".join([*parts, parts[-1]])]
    if len(parts) > 1:
        hurt += [header + b"".join(parts[1:]), header + b"".join([parts[1], parts[0], *parts[2:]])]
    hurt += [sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :] for at in (HEADER_BYTES, len(sealed) - 1)]
    for bad in hurt:
        with pytest.raises(DumpDamaged):
            decrypted(bad)
    for at in (len(sealing.MAGIC), HEADER_BYTES - 1):  # salt, check
        with pytest.raises(DumpKeyWrong):
            decrypted(sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :])
    with pytest.raises(DumpKeyWrong):
        decrypted(sealed, PHRASE + b"!")
    with pytest.raises(DumpKeyMissing):
        decrypted(sealed, None)


def test_a_dump_is_nothing_in_clear_and_is_restored_with_its_key_alone(tmp_path: Path) -> None:
    write_order_event(A, "submitted", unit_name="机密单位")
    path = tmp_path / "d.dump"
    dump_tenant(actor=OPERATOR, code=A, path=path, now=utc_now(), phrase=PHRASE)
    raw = path.read_bytes()
    assert raw.startswith(sealing.MAGIC)
    assert not zipfile.is_zipfile(path)
    for word in (b"PK\x03\x04", b"manifest.json", b"journal_journalentry", "机密单位".encode()):
        assert word not in raw
    assert list(tmp_path.iterdir()) == [path], "no draft is left"
    compare(code=A, path=path, phrase=PHRASE)
    before = {schema: schema_checksum(schema) for schema in ("public", f"t{A}", f"t{B}")}
    hurt = tmp_path / "hurt.dump"
    hurt.write_bytes(raw[:-40] + bytes([raw[-40] ^ 1]) + raw[-39:])
    for file, phrase, error in (
        (path, b"another pass phrase", DumpKeyWrong), (path, None, DumpKeyMissing), (hurt, PHRASE, DumpDamaged),
    ):  # fmt: skip
        with pytest.raises(error):
            restore(file, phrase=phrase)
        with pytest.raises(error):
            check_file(code=A, path=file, phrase=phrase)
    assert {schema: schema_checksum(schema) for schema in before} == before
    assert restore(path, phrase=PHRASE).epoch == 2


def test_the_commands_want_a_key_file(tmp_path: Path, key_file: Path, settings: Any, capsys: Any) -> None:
    path = str(tmp_path / "d.dump")
    with pytest.raises(CommandError, match="dump-key-missing"):
        call_command("tenant_dump", A, path)
    assert not Path(path).exists()
    call_command("tenant_dump", A, path, key_file=key_file)
    assert "in clear" not in capsys.readouterr().out
    other = tmp_path / "other.key"
    other.write_bytes(b"0123456789abcdef")
    other.chmod(0o600)
    for wrong, code in ((other, "dump-key-wrong"), (None, "dump-key-missing"), (tmp_path / "none", "dump-key-unfit")):
        with pytest.raises(CommandError, match=code):
            call_command("tenant_restore", A, path, yes=True, key_file=wrong)
    assert Tenant.objects.get(code=A).epoch == 1
    settings.YZ_DUMP_KEY_FILE = str(key_file)
    call_command("tenant_restore", A, path, check=True)
    call_command("tenant_restore", A, path, yes=True)
    assert Tenant.objects.get(code=A).epoch == 2


@pytest.mark.parametrize(("content", "mode"), [(b"short", 0o600), (b"", 0o600), (PHRASE, 0o640), (PHRASE, 0o604)])
def test_a_key_file_that_is_no_key(tmp_path: Path, content: bytes, mode: int) -> None:
    path = tmp_path / "k"
    path.write_bytes(content)
    path.chmod(mode)
    with pytest.raises(DumpKeyUnfit):
        sealing.phrase_from(path)
