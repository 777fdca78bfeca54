"""Files are known by their bytes; what could be two things, or does something, is refused."""

from __future__ import annotations

import io
import stat
import zipfile

import pytest

from kernel import file_kinds
from kernel.file_kinds import DOCX, JPEG, OFD, PDF, PNG, XLSX, FileRefused, checked_name, recognise
from tests.factories import files

WHOLE = {
    PDF: files.pdf(), PNG: files.png(), JPEG: files.jpeg(), XLSX: files.xlsx(), DOCX: files.docx(), OFD: files.ofd(),
}  # fmt: skip


def _reason(content: bytes) -> str:
    with pytest.raises(FileRefused) as refused:
        recognise(content)
    assert refused.value.status == 400
    return str(refused.value.facts["reason"])


@pytest.mark.parametrize("kind", WHOLE, ids=lambda kind: kind.word)
def test_every_kind_is_known_by_its_bytes(kind: file_kinds.Kind) -> None:
    assert recognise(WHOLE[kind]) == kind


@pytest.mark.parametrize("kind", WHOLE, ids=lambda kind: kind.word)
def test_something_behind_the_end_or_before_the_beginning_is_refused(kind: file_kinds.Kind) -> None:
    archive = files.packed({"a.txt": "x"})
    assert _reason(WHOLE[kind] + archive) in {"two-kinds", "damaged"}
    assert _reason(b"<html>" + WHOLE[kind]) == "unknown-kind"
    assert _reason(WHOLE[kind][: len(WHOLE[kind]) // 2]) in {"damaged", "two-kinds"}
    if kind not in {PDF}:
        assert _reason(WHOLE[kind] + b"<script>alert(1)</script>") in {"two-kinds", "damaged"}


HOSTILE = {
    "nothing": (b"", "empty"),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "unknown-kind"),
    "svg behind a declaration": (b'<?xml version="1.0"?><svg/>', "unknown-kind"),
    "html": (b"<!DOCTYPE html><script>alert(1)</script>", "unknown-kind"),
    "gif with a script": (b"GIF89a/*<svg/onload=alert(1)>*/=1;", "unknown-kind"),
    "program": (b"MZ\x90\x00" + b"\0" * 100, "unknown-kind"),
    "elf": (b"\x7fELF" + b"\0" * 100, "unknown-kind"),
    "rar": (b"Rar!\x1a\x07\x00", "unknown-kind"),
    "old office file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "unknown-kind"),
    "text": ("你好".encode(), "unknown-kind"),
    "utf-16 markup": ("<script>".encode("utf-16"), "unknown-kind"),
    "pdf that is a page as well": (b"%PDF-1.4\n<html><script>alert(1)</script>\n%%EOF", "two-kinds"),
    "pdf that is a folder as well": (files.pdf() + files.packed({"x": "y"}) + b"%%EOF", "two-kinds"),
    "pdf cut short": (files.pdf()[:-10], "damaged"),
    "picture with markup": (files.png(b"<script>alert(1)</script>"), "two-kinds"),
    "picture with php": (files.png(b"<?php system($_GET['c']); ?>"), "two-kinds"),
    "photo with markup": (files.jpeg(b"<svg onload=alert(1)>"), "two-kinds"),
    "photo with a script": (files.jpeg(b"*/=1;<SCRIPT src=x>"), "two-kinds"),
    "picture without its header": (b"\x89PNG\r\n\x1a\n" + files.png()[33:], "damaged"),
    "folder of nothing we know": (files.packed({"a.txt": "x"}), "unknown-kind"),
    "two documents in one": (files.packed({"xl/workbook.xml": "x", "word/document.xml": "y"}), "two-kinds"),
    "macros": (files.packed({"xl/workbook.xml": "x", "xl/vbaProject.bin": "y"}), "active"),
    "a folder in a folder": (files.packed({"xl/workbook.xml": "x", "xl/embeddings/a.zip": "y"}), "active"),
    "a page in a folder": (files.packed({"OFD.xml": "x", "evil.HTML": "y"}), "active"),
    "a way out": (files.packed({"xl/workbook.xml": "x", "../../etc/passwd": "y"}), "damaged"),
    "an absolute way": (files.packed({"xl/workbook.xml": "x", "/etc/passwd": "y"}), "damaged"),
    "another way out": (files.packed({"xl/workbook.xml": "x", "..\\boot.ini": "y"}), "damaged"),
    "a drive": (files.packed({"xl/workbook.xml": "x", "C:/boot.ini": "y"}), "damaged"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_hostile_is_refused_with_a_reason(name: str) -> None:
    content, reason = HOSTILE[name]
    assert _reason(content) == reason


def test_bombs_are_refused_before_anything_is_unpacked() -> None:
    bomb = files.packed({"xl/workbook.xml": b"\0" * (101 * 1024 * 1024)})
    assert len(bomb) < 200_000
    assert _reason(bomb) == "grows"
    assert _reason(files.packed({"xl/workbook.xml": b"\0" * (5 * 1024 * 1024)})) == "grows"
    many = files.packed({f"xl/{number}.xml": "" for number in range(2001)})
    assert _reason(many) == "damaged"


def test_links_and_locked_members_are_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("xl/workbook.xml", "x")
        link = zipfile.ZipInfo("xl/link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        file.writestr(link, "/etc/passwd")
    assert _reason(out.getvalue()) == "active"
    locked = bytearray(files.xlsx())
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    assert _reason(bytes(locked)) == "active"


def test_the_name_twice_in_a_folder_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("xl/workbook.xml", "x")
        with pytest.warns(UserWarning, match="Duplicate"):
            file.writestr("xl/workbook.xml", "y")
    assert _reason(out.getvalue()) == "damaged"


def test_without_the_look_at_the_end_a_double_file_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: a document that is a packed folder as well."""
    double = files.pdf() + files.packed({"x": "y"}) + b"%%EOF"
    assert _reason(double) == "two-kinds"
    monkeypatch.setattr(file_kinds, "_ZIP_END", b"no such bytes")
    assert recognise(double) == PDF


@pytest.mark.parametrize(
    ("name", "kind", "kept"),
    [
        ("报价单.pdf", PDF, "报价单.pdf"),
        ("照片.JPEG", JPEG, "照片.JPEG"),
        ("page.html", PDF, "page.pdf"),
        ("evil.pdf.exe", PDF, "evil.pdf.pdf"),
        ("no ending", PNG, "no ending.png"),
        ("C:\\Users\\阿里\\验收单.pdf", PDF, "验收单.pdf"),
        ("../../etc/passwd", PDF, "passwd.pdf"),
    ],
)
def test_the_name_keeps_its_last_part_and_gets_the_kind_s_ending(name: str, kind: file_kinds.Kind, kept: str) -> None:
    assert checked_name(name, kind) == kept


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        ".",
        "..",
        ".htaccess",
        "x" * 300 + ".pdf",
        "a\0.pdf",
        "a\n.pdf",
        "a\u202efdp.exe",
        "a/",
        'a".pdf',
        "<b>.pdf",
    ],
)
def test_names_that_cannot_be_shown_safely_are_refused(name: str) -> None:
    with pytest.raises(FileRefused):
        checked_name(name, PDF)


def test_any_bytes_get_an_answer() -> None:
    """Cut and altered files of every kind: known or refused, never anything else."""
    for whole in WHOLE.values():
        for place in range(0, len(whole), 3):
            for altered in (whole[:place], whole[:place] + b"\xff" + whole[place + 1 :], whole[place:]):
                try:
                    recognise(altered)
                except FileRefused:
                    continue
