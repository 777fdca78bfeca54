"""Workbooks as strangers send them: honest ones, and every kind of bad one."""

from __future__ import annotations

import functools
import io
import struct
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

from openpyxl import Workbook

HEADER = ("单位编码", "单位名称", "所属机构编码")


def workbook(rows: Sequence[Sequence[Any]], header: Sequence[str] = HEADER) -> bytes:
    """An honest file; texts that begin with "=" become formulas, as they do in the program."""
    book = Workbook()
    sheet = book.active
    for row in (header, *rows):
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def changed(
    content: bytes, change: Callable[[str, bytes], bytes | None], more: dict[str, bytes] | None = None
) -> bytes:
    """The workbook with its members rewritten; None takes one out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            data = change(member.filename, old.read(member))
            if data is not None:
                new.writestr(member.filename, data)
        for name, data in (more or {}).items():
            new.writestr(name, data)
    return out.getvalue()


def with_members(content: bytes, **more: bytes) -> bytes:
    return changed(content, lambda _name, data: data, {name.replace("__", "/"): data for name, data in more.items()})


def in_sheet(content: bytes, before: bytes, after: bytes) -> bytes:
    """The workbook with some bytes of its first sheet replaced, once."""

    def change(name: str, data: bytes) -> bytes:
        if name != "xl/worksheets/sheet1.xml":
            return data
        assert before in data
        return data.replace(before, after, 1)

    return changed(content, change)


@functools.cache
def bomb(megabytes: int = 300) -> bytes:
    """A sheet of blanks that unpacks to `megabytes`; about a thousandth of it packed."""
    blanks = b" " * (megabytes * 1024 * 1024)
    return changed(workbook([]), lambda name, data: data + blanks if name.endswith("sheet1.xml") else data)


def lying_bomb(megabytes: int = 300) -> bytes:
    """The same, with sizes of a few bytes written into its headers."""
    content = bytearray(bomb(megabytes))
    for signature, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = content.find(signature)
        while at >= 0:
            (size,) = struct.unpack_from("<I", content, at + offset)
            if size > 1_000_000:
                struct.pack_into("<I", content, at + offset, 500)
            at = content.find(signature, at + 4)
    return bytes(content)


def symlink() -> bytes:
    out = io.BytesIO(workbook([]))
    with zipfile.ZipFile(out, "a") as archive:
        link = zipfile.ZipInfo("xl/link.xml")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return out.getvalue()


def many_members(count: int = 5000) -> bytes:
    return changed(workbook([]), lambda _n, data: data, {f"xl/extra{number}.xml": b"<a/>" for number in range(count)})


_DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
_FAR = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'


@functools.cache
def bad_files() -> dict[str, tuple[bytes, str]]:
    """Every kind of bad file with the reason it is refused for."""
    good = workbook([("001", "第一中学", "")])
    xxe = changed(good, lambda name, data: _DOCTYPE + data.partition(b"?>")[2] if name == "xl/workbook.xml" else data)
    utf16 = changed(good, lambda name, data: data.decode().encode("utf-16") if name == "xl/workbook.xml" else data)
    macro = with_members(good, xl__vbaProject=b"x")
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a.txt", "x" * 1000)
    return {
        "nothing": (b"", "empty"),
        "text": ("单位编码,单位名称\n001,第一中学".encode(), "not-a-spreadsheet"),
        "html": (b"<html><table><tr><td>001</td></tr></table></html>", "not-a-spreadsheet"),
        "picture": (b"\x89PNG\r\n\x1a\n" + b"0" * 100, "not-a-spreadsheet"),
        "polyglot": (b"<svg onload='x'></svg>" + good, "not-a-spreadsheet"),
        "old format or password": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "old-or-encrypted"),
        "cut off": (good[: len(good) // 2], "damaged"),
        "flipped": (good[:60] + bytes([good[60] ^ 255, good[61] ^ 255]) + good[62:], "damaged"),
        "plain zip": (inner.getvalue(), "not-a-spreadsheet"),
        "zip in zip": (with_members(good, xl__media__a=inner.getvalue()), "nested"),
        "bomb": (bomb(), "too-large"),
        "lying bomb": (lying_bomb(), "damaged"),
        "5,000 members": (many_members(), "too-large"),
        "over 5 MB": (b"PK\x03\x04" + b"\0" * (5 * 1024 * 1024), "too-large"),
        "slip": (changed(good, lambda _n, data: data, {"../../etc/cron.d/x": b"x"}), "strange-names"),
        "absolute": (changed(good, lambda _n, data: data, {"/etc/x": b"x"}), "strange-names"),
        "drive": (changed(good, lambda _n, data: data, {"C:\\x.xml": b"x"}), "strange-names"),
        "300 letters": (changed(good, lambda _n, data: data, {"x" * 300: b"x"}), "strange-names"),
        "link": (symlink(), "strange-names"),
        "external entity": (xxe, "document-type"),
        "hidden by encoding": (utf16, "document-type"),
        "macros": (macro, "macros"),
        "no workbook": (
            changed(good, lambda name, data: None if name == "xl/workbook.xml" else data),
            "not-a-spreadsheet",
        ),
        "text of another file": (in_sheet(good, b't="inlineStr"><is>', b't="s"><v>999999</v><is>'), "damaged"),
        "cell at the far end": (in_sheet(good, b"</sheetData>", _FAR), "too-large"),
        "2,001 rows": (workbook([(f"{n % 1000:03d}", "单位") for n in range(2001)]), "too-many-rows"),
        "100 columns": (workbook([["x"] * 100], header=["x"] * 100), "too-many-columns"),
        "no header": (workbook([], header=("001", "第一中学", "")), "no-header"),
        "no rows": (workbook([]), "no-rows"),
    }


def bad_cells() -> dict[str, tuple[tuple[Any, Any, Any], str]]:
    """Rows with one wrong cell each, and that cell's column."""
    return {
        "no code": ((None, "第一中学", None), "code"),
        "no name": (("001", None, None), "name"),
        "blanks": (("001", "   ", None), "name"),
        "number without zeros": ((1001, "第一中学", None), "code"),
        "fraction": ((1.5, "第一中学", None), "code"),
        "true": ((True, "第一中学", None), "code"),
        "huge": ((10**30, "第一中学", None), "code"),
        "minus": ((-1, "第一中学", None), "code"),
        "exponent": (("1e3", "第一中学", None), "code"),
        "underscore": (("1_0", "第一中学", None), "code"),
        "full-width": (("００１", "第一中学", None), "code"),
        "arabic": (("٠٠١", "第一中学", None), "code"),
        "two digits": (("01", "第一中学", None), "code"),
        "eighteen digits": (("001" * 6, "第一中学", None), "code"),
        "5,000 digits": (("0" * 5000, "第一中学", None), "code"),
        "turned around": (("001", "第一\u202e中学", None), "name"),
        "zero width": (("001", "第一\u200b中学", None), "name"),
        "two lines": (("001", "第一\n中学", None), "name"),
        "121 letters": (("001", "长" * 121, None), "name"),
        "30,000 letters": (("001", "长" * 30_000, None), "name"),
        "formula": (("=1+1", "第一中学", None), "code"),
        "unknown organisation": (("001", "第一中学", "NOBODY"), "organisation_code"),
        "organisation with blanks": (("001", "第一中学", "A B"), "organisation_code"),
    }
