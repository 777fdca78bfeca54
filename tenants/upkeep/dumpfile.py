"""The file of a dump: one zip with a sealed manifest, one COPY stream a table, and the tenant's stored files.

It holds data and never statements: tables are made from our own migrations on restore, so that a file cannot bring
code or rights along. Each part has its SM3; the manifest that lists them carries an HMAC under the product's secret.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from django.conf import settings

from kernel.sm3 import canonical_json
from tenants.upkeep.errors import DumpDamaged, DumpNotTrusted, DumpTooNew
from tenants.upkeep.sealing import DecryptingReader, EncryptingWriter, is_encrypted

FORMAT = 1
MANIFEST = "manifest.json"
BLOCK = 1 << 18
# COPY text compresses well at the fastest level; higher ones cost minutes on a large mall.
_LEVEL = 1


@dataclass(frozen=True, slots=True)
class Part:
    """One member of the file."""

    name: str
    size: int
    sm3: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table: the columns in the order of its stream."""

    name: str
    columns: tuple[str, ...]
    rows: int
    part: Part


@dataclass(frozen=True, slots=True)
class Sequence:
    """Where the numbers of a column stand."""

    table: str
    column: str
    last_value: int
    is_called: bool


@dataclass(frozen=True)
class Manifest:
    """What the file says of itself. `tenant` are the facts of the registry at that moment."""

    tenant: dict[str, Any]
    taken_at: str
    server: str
    migrations: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]
    sequences: tuple[Sequence, ...]
    files: tuple[Part, ...]
    format: int = FORMAT
    product: str = "yizhang"

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)

    def as_json(self) -> dict[str, Any]:
        return {
            "format": self.format,
            "product": self.product,
            "tenant": self.tenant,
            "taken_at": self.taken_at,
            "server": self.server,
            "migrations": [list(key) for key in self.migrations],
            "tables": [
                {"name": t.name, "columns": list(t.columns), "rows": t.rows, "size": t.part.size, "sm3": t.part.sm3}
                for t in self.tables
            ],
            "sequences": [
                {"table": s.table, "column": s.column, "last_value": s.last_value, "is_called": s.is_called}
                for s in self.sequences
            ],
            "files": [{"name": part.name, "size": part.size, "sm3": part.sm3} for part in self.files],
        }

    @classmethod
    def from_json(cls, held: dict[str, Any]) -> Manifest:
        return cls(
            tenant=dict(held["tenant"]),
            taken_at=str(held["taken_at"]),
            server=str(held["server"]),
            migrations=tuple((str(app), str(name)) for app, name in held["migrations"]),
            tables=tuple(
                Table(t["name"], tuple(t["columns"]), int(t["rows"]), Part(table_part(t["name"]), t["size"], t["sm3"]))
                for t in held["tables"]
            ),
            sequences=tuple(
                Sequence(s["table"], s["column"], int(s["last_value"]), bool(s["is_called"])) for s in held["sequences"]
            ),
            files=tuple(Part(f["name"], int(f["size"]), f["sm3"]) for f in held["files"]),
            format=int(held["format"]),
            product=str(held["product"]),
        )


def table_part(table: str) -> str:
    return f"tables/{table}.copy"


def file_part(key: str) -> str:
    return f"files/{key}"


def seal_of(manifest: dict[str, Any]) -> str:
    """HMAC of the manifest under the one secret."""
    key = hmac.new(settings.YZ_SECRET.encode(), b"upkeep:dump", hashlib.sha256).digest()
    return hmac.new(key, canonical_json(manifest), hashlib.sha256).hexdigest()


class _Counted:
    """A stream that hashes and counts what passes through it to or from another."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream
        self.digest = hashlib.new("sm3")
        self.size = 0
        self.lines = 0

    def _note(self, data: bytes) -> None:
        self.digest.update(data)
        self.size += len(data)
        self.lines += data.count(b"\n")

    def write(self, data: bytes) -> int:
        self._note(data)
        return self.stream.write(data)

    def read(self, size: int = -1) -> bytes:
        data = self.stream.read(size)
        self._note(data)
        return data

    def part(self, name: str) -> Part:
        return Part(name, self.size, self.digest.hexdigest())


@dataclass
class Writer:
    """Fills a draft beside the file; only a whole one takes its name."""

    path: Path
    _zip: zipfile.ZipFile = field(init=False, repr=False)

    @contextmanager
    def part(self, name: str) -> Iterator[_Counted]:
        with self._zip.open(name, "w", force_zip64=True) as stream:
            yield _Counted(stream)

    def copied(self, name: str, source: Path) -> Part:
        with source.open("rb") as held, self.part(name) as stream:
            while block := held.read(BLOCK):
                stream.write(block)
        return stream.part(name)

    def text(self, name: str, text: str) -> None:
        self._zip.writestr(name, text)

    def finish(self, manifest: Manifest) -> None:
        held = manifest.as_json()
        whole = {"manifest": held, "seal": seal_of(held)}
        self.text(MANIFEST, json.dumps(whole, ensure_ascii=False, indent=1))


@contextmanager
def writing(path: Path, *, phrase: bytes | None = None) -> Iterator[Writer]:
    """A file that only its owner reads, encrypted with `phrase`. Nothing of that name is left when the body raises."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    writer = Writer(path)
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as raw:
            target = EncryptingWriter(raw, phrase) if phrase is not None else None
            with zipfile.ZipFile(target or raw, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as held:
                writer._zip = held
                yield writer
            if target is not None:
                target.finish()
            raw.flush()
            os.fsync(raw.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


class Reader:
    """An opened dump whose manifest has been read; `check` reads every byte of it."""

    def __init__(self, held: zipfile.ZipFile, manifest: Manifest, *, sealed: bool) -> None:
        self._zip = held
        self.manifest = manifest
        self.sealed = sealed

    @property
    def parts(self) -> tuple[Part, ...]:
        return (*(table.part for table in self.manifest.tables), *self.manifest.files)

    @contextmanager
    def stream(self, part: Part) -> Iterator[_Counted]:
        """The part's bytes; raises DumpDamaged at the end when they are not the listed ones."""
        try:
            with self._zip.open(part.name) as raw:
                stream = _Counted(raw)
                yield stream
                while stream.read(BLOCK):
                    pass
        except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, OSError, ValueError) as error:
            raise DumpDamaged(f"{part.name}: {error}") from error
        if (stream.size, stream.digest.hexdigest()) != (part.size, part.sm3):
            raise DumpDamaged(f"{part.name} is not what the manifest lists")

    def check(self) -> None:
        """Reads everything once. Raises DumpDamaged."""
        listed = {MANIFEST, *(part.name for part in self.parts)}
        names = self._zip.namelist()
        if len(names) != len(set(names)) or set(names) != listed:
            raise DumpDamaged("the parts are not those the manifest lists")
        for part in self.parts:
            with self.stream(part):
                pass


@contextmanager
def _opened(path: Path, phrase: bytes | None) -> Iterator[zipfile.ZipFile]:
    with ExitStack() as stack:
        try:
            raw: IO[bytes] = stack.enter_context(path.open("rb"))
            if is_encrypted(path):
                raw = stack.enter_context(io.BufferedReader(DecryptingReader(raw, phrase), BLOCK))  # type: ignore[type-var]
            held = stack.enter_context(zipfile.ZipFile(raw))
        except (zipfile.BadZipFile, OSError) as error:
            raise DumpDamaged(f"{path}: {error}") from error
        yield held


@contextmanager
def reading(path: Path, *, trust: bool = False, phrase: bytes | None = None) -> Iterator[Reader]:
    """Opens a dump, encrypted or not. Raises DumpDamaged, DumpTooNew, DumpKeyMissing, DumpKeyWrong and, unless `trust`,
    DumpNotTrusted.
    """
    with _opened(path, phrase) as held:
        try:
            whole = json.loads(held.read(MANIFEST))
            listed, seal = whole["manifest"], str(whole["seal"])
            format_of_file = int(listed["format"])
        except (KeyError, TypeError, ValueError, zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise DumpDamaged(f"{path}: the manifest cannot be read ({error})") from error
        if format_of_file > FORMAT:
            raise DumpTooNew(f"{path}: format {format_of_file}, this code reads up to {FORMAT}")
        sealed = hmac.compare_digest(seal, seal_of(listed))
        if not sealed and not trust:
            raise DumpNotTrusted(f"{path}: the seal does not fit this installation's secret")
        try:
            manifest = Manifest.from_json(listed)
        except (KeyError, TypeError, ValueError) as error:
            raise DumpDamaged(f"{path}: the manifest cannot be read ({error})") from error
        yield Reader(held, manifest, sealed=sealed)
