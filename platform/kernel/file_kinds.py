"""What a file is, by its bytes: a short allow-list, each kind checked at its beginning and at its very end.

The name and the browser's word for it count for nothing. A file that could be taken for two things is refused: a
picture with something behind its end, a document that is a packed folder as well, markup anywhere near the beginning.
"""

from __future__ import annotations

import io
import re
import stat
import zipfile
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from kernel.problems import InvalidInput

NAME_LENGTH_MAX = 120
PACKED_MEMBERS_MAX = 2000
UNPACKED_BYTES_MAX = 100 * 1024 * 1024
PACKED_RATIO_MAX = 100
_RATIO_FREE_BYTES = 1024 * 1024
_MARKUP = re.compile(rb"<(?:!doctype|html|head|body|script|svg|iframe|object|embed|\?php|\?xml)[\s>/!]", re.IGNORECASE)
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_MARKUP_WITHIN_BYTES = 64 * 1024
_ZIP_END = b"PK\x05\x06"
_ZIP_END_LENGTH = 22
_PACKED_NAMES = (".zip", ".rar", ".7z", ".gz", ".tar", ".jar", ".docm", ".xlsm", ".exe", ".dll", ".js", ".html", ".htm")


class FileRefused(InvalidInput):
    """The fact `reason` says which check it was, in English for programs."""

    code = "file-refused"
    title = _("This file is not accepted")

    def __init__(self, reason: str) -> None:
        super().__init__(_REASONS[reason], errors={"file": [str(_REASONS[reason])]}, reason=reason)


_REASONS = {
    "empty": _("The file is empty."),
    "too-large": _("The file is too large."),
    "unknown-kind": _("Files of this kind are not accepted. Use PDF, OFD, Word, Excel, PNG or JPEG."),
    "kind-not-here": _("Files of this kind are not accepted here."),
    "damaged": _("The file is damaged. Open it, save it again and try once more."),
    "two-kinds": _("The file holds something behind or before what it shows."),
    "active": _("The file holds macros, programs or other packed files."),
    "grows": _("The file grows too large when it is unpacked."),
    "name": _("The file name is too long or holds characters that are not allowed."),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file we keep: its word, its ending and how it is served."""

    word: str
    ending: str
    media_type: str


PDF = Kind("pdf", "pdf", "application/pdf")
PNG = Kind("png", "png", "image/png")
JPEG = Kind("jpeg", "jpg", "image/jpeg")
XLSX = Kind("xlsx", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
DOCX = Kind("docx", "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
# GB/T 33190, the layout format of Chinese offices.
OFD = Kind("ofd", "ofd", "application/ofd")
KINDS = {kind.word: kind for kind in (PDF, PNG, JPEG, XLSX, DOCX, OFD)}
# What a document that proves something may be: nothing that can be edited or calculates.
PAPERS = frozenset({PDF.word, OFD.word, PNG.word, JPEG.word})
# A table in plain text has no mark of its own: only purposes that name it take what is none of the kinds above.
CSV = Kind("csv", "csv", "text/csv; charset=utf-8")
SERVED = {**KINDS, CSV.word: CSV}
_PACKED = {"xl/workbook.xml": XLSX, "word/document.xml": DOCX, "OFD.xml": OFD}


def recognise(content: bytes, *, tables: bool = False) -> Kind:
    """The one kind that the bytes are; with `tables` also text without any markup. Raises FileRefused."""
    if not content:
        raise FileRefused("empty")
    if content.startswith(b"%PDF-"):
        return _pdf(content)
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return _png(content)
    if content.startswith(b"\xff\xd8\xff"):
        return _jpeg(content)
    if content.startswith(b"PK\x03\x04"):
        return _packed(content)
    if tables:
        return _table(content)
    raise FileRefused("unknown-kind")


def checked_name(name: str, kind: Kind) -> str:
    """The last part of the name with the kind's own ending. Raises FileRefused for one that cannot be shown safely."""
    base = re.split(r"[/\\]", name)[-1].strip()
    if not 1 <= len(base) <= NAME_LENGTH_MAX or base.startswith(".") or not base.isprintable():
        raise FileRefused("name")
    if set(base) & set('<>:"|?*'):
        raise FileRefused("name")
    stem, dot, ending = base.rpartition(".")
    same = {"jpeg": "jpg"}.get(ending.lower(), ending.lower())
    return base if dot and same == kind.ending else f"{stem if dot else base}.{kind.ending}"


def _no_markup(content: bytes) -> None:
    if _MARKUP.search(content[:_MARKUP_WITHIN_BYTES]):
        raise FileRefused("two-kinds")


def _table(content: bytes) -> Kind:
    """UTF-8 or, as Chinese programs write it, GB 18030: letters and line ends only. Raises FileRefused."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _NO_TEXT.search(text):
            raise FileRefused("unknown-kind")
        # Markup anywhere: a browser that guesses looks further than its beginning.
        if _MARKUP.search(content):
            raise FileRefused("two-kinds")
        return CSV
    raise FileRefused("unknown-kind")


def _pdf(content: bytes) -> Kind:
    if b"%%EOF" not in content[-1024:]:
        raise FileRefused("damaged")
    # A reader of packed folders starts at the end, whatever the beginning says.
    if _ZIP_END in content[-(65536 + _ZIP_END_LENGTH) :]:
        raise FileRefused("two-kinds")
    if _MARKUP.search(content[:1024]):
        raise FileRefused("two-kinds")
    return PDF


def _png(content: bytes) -> Kind:
    place, first = 8, True
    while True:
        if place + 12 > len(content):
            raise FileRefused("damaged")
        length, name = int.from_bytes(content[place : place + 4], "big"), content[place + 4 : place + 8]
        if first and (name != b"IHDR" or length != 13):
            raise FileRefused("damaged")
        first, place = False, place + 12 + length
        if name == b"IEND":
            break
    if place != len(content):
        raise FileRefused("two-kinds" if place < len(content) else "damaged")
    _no_markup(content)
    return PNG


def _jpeg(content: bytes) -> Kind:
    place = 2
    while True:
        if content[place : place + 1] != b"\xff":
            raise FileRefused("damaged")
        marker = content[place + 1 : place + 2]
        if marker == b"\xff":
            place += 1
            continue
        if marker == b"\xd9":
            place += 2
            break
        place += 2 + int.from_bytes(content[place + 2 : place + 4], "big")
        if marker == b"\xda":
            place = _after_scan(content, place)
    if place != len(content):
        raise FileRefused("two-kinds")
    _no_markup(content)
    return JPEG


def _after_scan(content: bytes, place: int) -> int:
    """The place of the next marker behind compressed data."""
    while True:
        place = content.find(b"\xff", place)
        if place < 0 or place + 1 >= len(content):
            raise FileRefused("damaged")
        following = content[place + 1]
        if following != 0x00 and not 0xD0 <= following <= 0xD7:
            return place
        place += 2


def _packed(content: bytes) -> Kind:
    # Exactly one end, at the very end and without a comment: what follows would be somebody else's.
    if content[-_ZIP_END_LENGTH : -_ZIP_END_LENGTH + 4] != _ZIP_END or content.count(_ZIP_END) != 1:
        raise FileRefused("two-kinds")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            members = packed.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeDecodeError):
        raise FileRefused("damaged") from None
    names = [member.filename for member in members]
    if len(members) > PACKED_MEMBERS_MAX or len(set(names)) != len(names):
        raise FileRefused("damaged")
    unpacked = sum(member.file_size for member in members)
    if unpacked > UNPACKED_BYTES_MAX or unpacked > max(_RATIO_FREE_BYTES, PACKED_RATIO_MAX * len(content)):
        raise FileRefused("grows")
    for member in members:
        name = member.filename
        if name.startswith(("/", "\\")) or "\\" in name or ":" in name or ".." in name.split("/"):
            raise FileRefused("damaged")
        if member.flag_bits & 1 or stat.S_ISLNK(member.external_attr >> 16):
            raise FileRefused("active")
        if name.lower().endswith(_PACKED_NAMES) or "vbaproject" in name.lower() or "/activex/" in name.lower():
            raise FileRefused("active")
    found = {kind for name, kind in _PACKED.items() if name in names}
    if len(found) != 1:
        raise FileRefused("two-kinds" if found else "unknown-kind")
    return found.pop()
