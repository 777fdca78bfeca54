"""The bounded process that opens a table: workbook or CSV on stdin, JSON on stdout. Started by `kernel.spreadsheets`.

Run by path and isolated (`python -I`), so it imports nothing of the project. Everything a stranger's file can do to a
parser happens here: under limits of memory, time and output, in a process that has nothing to lose.

    python -I spreadsheet_reader.py ROWS_MAX COLUMNS_MAX [small|large] [xlsx|csv|sheets]

Answers one JSON value a line: [[text, ...], ...] for some rows, and at the end {"end": rows} or {"refused": reason}.
With `sheets` every sheet of a workbook is read, {"sheet": name} before its rows, ROWS_MAX for all of them together.
Any other end (a limit hit, a crash) is a refusal too.
"""

from __future__ import annotations

import csv
import datetime
import io
import json
import resource
import sys
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

MEMORY_BYTES_MAX = 384 * 1024 * 1024
CPU_SECONDS_MAX = 10
# Tables of 100,000 rows, read in the background.
LARGE_CPU_SECONDS_MAX = 90
LARGE_UNPACKED_BYTES_MAX = 100 * 1024 * 1024
ROWS_A_LINE = 500
CSV_CELL_LENGTH_MAX = 32_767
MEMBERS_MAX = 200
SHEETS_MAX = 20
UNPACKED_BYTES_MAX = 48 * 1024 * 1024
# Honest workbooks shrink by 5 to 30 times; below a mebibyte the ratio says nothing.
RATIO_MAX = 200
RATIO_FROM_BYTES = 1024 * 1024
NAME_LENGTH_MAX = 200
CHUNK_BYTES = 256 * 1024
MACROS = ("vbaproject", "macrosheets/", "activex", "xl/embeddings/", "customui")


class Refused(Exception):
    """`args`: the reason's code, and facts."""


def limit(seconds: int = CPU_SECONDS_MAX) -> None:
    """Before a single byte of the file is looked at."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def check_archive(content: bytes) -> None:
    """Raises Refused for what no spreadsheet program writes, before the parser sees it."""
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise Refused("old-or-encrypted")
    if content[:4] != b"PK\x03\x04":
        raise Refused("not-a-spreadsheet")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            check_members(members, len(content))
            for member in members:
                check_content(archive, member)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise Refused("damaged") from error
    if "[Content_Types].xml" not in {member.filename for member in members}:
        raise Refused("not-a-spreadsheet")


def check_members(members: list[zipfile.ZipInfo], packed: int) -> None:
    if len(members) > MEMBERS_MAX:
        raise Refused("too-large")
    unpacked = sum(member.file_size for member in members)
    if unpacked > UNPACKED_BYTES_MAX or (unpacked > RATIO_FROM_BYTES and unpacked > RATIO_MAX * packed):
        raise Refused("too-large")
    names = [member.filename for member in members]
    if len(set(names)) != len(names):
        raise Refused("damaged")
    for member in members:
        name = member.filename
        parts = name.split("/")
        is_link = (member.external_attr >> 16) & 0o170000 == 0o120000
        if name.startswith("/") or "\\" in name or ":" in name or ".." in parts or len(name) > NAME_LENGTH_MAX:
            raise Refused("strange-names")
        if is_link or member.flag_bits & 0x1:
            raise Refused("strange-names" if is_link else "old-or-encrypted")
        if any(word in name.lower() for word in MACROS):
            raise Refused("macros")


def check_content(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Unpacks a member in pieces: its real size, its checksum, and what must not stand in it."""
    is_xml = member.filename.lower().endswith((".xml", ".rels", ".vml"))
    size, tail, first = 0, b"", True
    with archive.open(member) as stream:
        while chunk := stream.read(CHUNK_BYTES):
            size += len(chunk)
            if size > UNPACKED_BYTES_MAX:
                raise Refused("too-large")
            if first and chunk[:4] in {b"PK\x03\x04", b"\x1f\x8b\x08\x00", b"Rar!", b"7z\xbc\xaf"}:
                raise Refused("nested")
            if first and is_xml and chunk[:2] in {b"\xff\xfe", b"\xfe\xff"}:
                # Spreadsheet programs write UTF-8; another encoding would hide words from the search below.
                raise Refused("document-type")
            first = False
            if is_xml:
                text = (tail + chunk).upper()
                if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                    raise Refused("document-type")
                if b"MACROENABLED" in text:
                    raise Refused("macros")
                tail = chunk[-16:]


def workbook_sheets(content: bytes, *, sheets_max: int) -> Iterator[tuple[str, Iterator[list[str]]]]:
    """The first sheets with their rows as texts; formulas as the values stored with them."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        if not workbook.sheet_names or len(workbook.sheet_names) > SHEETS_MAX:
            raise Refused("too-large" if workbook.sheet_names else "not-a-spreadsheet")
        for number, name in enumerate(workbook.sheet_names[:sheets_max]):
            yield name, sheet_rows(workbook.get_sheet_by_index(number))
    except (CalamineError, OSError, ValueError) as error:
        raise Refused("damaged") from error


def sheet_rows(sheet: Any) -> Iterator[list[str]]:
    # Counted from the first cell, as the program shows them: an empty first row stays a row.
    first = sheet.start
    for _ in range(first[0] if first else 0):
        yield []
    before = [""] * (first[1] if first else 0)
    for row in sheet.iter_rows():
        yield before + [as_text(cell) for cell in row]


def csv_rows(content: bytes) -> Iterator[list[str]]:
    """The records of a comma-separated table, in UTF-8 or, as Chinese programs write it, GB 18030."""
    if content[:4] in {b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0"} or b"\x00" in content:
        raise Refused("not-csv")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("gb18030")
        except UnicodeDecodeError as error:
            raise Refused("not-csv") from error
    if text.lstrip()[:1] == "<":
        raise Refused("not-csv")
    csv.field_size_limit(CSV_CELL_LENGTH_MAX)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), strict=True)
    except csv.Error as error:
        raise Refused("not-csv") from error


def within(rows: Iterable[list[str]], *, rows_max: int, columns_max: int) -> Iterator[list[str]]:
    """The rows without what is empty behind them. Raises Refused beyond the figures."""
    empty = given = 0
    for row in rows:
        while row and not row[-1]:
            row.pop()
        if not row:
            empty += 1
            continue
        given += empty + 1
        if given > rows_max or len(row) > columns_max:
            raise Refused("too-many-rows" if given > rows_max else "too-many-columns")
        for _ in range(empty):
            yield []
        empty = 0
        yield row


def as_text(cell: Any) -> str:
    """What a person sees in the cell, near enough: whole numbers without ".0"."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        return cell.date().isoformat()
    if isinstance(cell, datetime.datetime | datetime.date | datetime.time):
        return cell.isoformat()
    return str(cell)


def answer(content: bytes, *, rows_max: int, columns_max: int, form: str) -> Iterator[Any]:
    """What is written, one value a line. With `rows_max` 0 the file is only looked at, not parsed."""
    if form != "csv":
        check_archive(content)
    if rows_max == 0:
        yield {"end": 0}
        return
    given = 0
    sheets = iter([("", csv_rows(content))])
    if form != "csv":
        sheets = workbook_sheets(content, sheets_max=SHEETS_MAX if form == "sheets" else 1)
    for name, rows in sheets:
        if form == "sheets":
            yield {"sheet": name}
        line: list[list[str]] = []
        for row in within(rows, rows_max=rows_max - given, columns_max=columns_max):
            line.append(row)
            if len(line) == ROWS_A_LINE:
                yield line
                given += len(line)
                line = []
        yield line
        given += len(line)
    yield {"end": given}


def main() -> None:
    global UNPACKED_BYTES_MAX
    size, form = (*sys.argv[3:5], *("small", "xlsx")[len(sys.argv) - 3 :])
    if size == "large":
        UNPACKED_BYTES_MAX = LARGE_UNPACKED_BYTES_MAX
    limit(LARGE_CPU_SECONDS_MAX if size == "large" else CPU_SECONDS_MAX)
    rows_max, columns_max = int(sys.argv[1]), int(sys.argv[2])
    try:
        for value in answer(sys.stdin.buffer.read(), rows_max=rows_max, columns_max=columns_max, form=form):
            # Lone surrogates are written as escapes, and refused by whoever reads the cells.
            print(json.dumps(value), flush=True)
    except Refused as refused:
        print(json.dumps({"refused": refused.args[0]}))
    except MemoryError:
        print(json.dumps({"refused": "too-large"}))


if __name__ == "__main__":
    main()
