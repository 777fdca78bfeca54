"""The sheet that translators and reviewers work on: every text in use with its Chinese, out as CSV and in again.

A translation enters a catalogue only with the name of who reviewed it and the day. What nobody has reviewed is not in
the catalogue, and Django shows the Chinese text instead: nothing is ever made up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import polib

from webkit import catalogues

COLUMNS = (
    "app", "context", "english", "english_plural", "chinese",
    "translation", "translation_plural", "reviewed_by", "reviewed_on",
)  # fmt: skip
# As Django's own catalogue of the language counts (CLDR: one, other).
PLURAL_FORMS = {"ug": "nplurals=2; plural=(n != 1);"}
REVIEWED = re.compile(r"reviewed by (?P<by>.+) on (?P<on>\d{4}-\d{2}-\d{2})")
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]|\{(\w*)\}")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass
class Read:
    """A sheet that came back: what can be taken over by catalogue, and why other rows cannot."""

    taken: dict[Path, list[polib.POEntry]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    waiting: int = 0


def rows(root: Path, *, locale: str) -> Iterator[tuple[str, ...]]:
    """One row a text in use that has a Chinese catalogue entry, with its translation where it has one."""
    for source in _chinese(root):
        known = {(_context(entry), entry.msgid): entry for entry in _entries(_beside(source, locale))}
        for entry in _entries(source):
            mine = known.get((_context(entry), entry.msgid))
            review = REVIEWED.search(mine.tcomment) if mine else None
            yield (
                str(source.parents[3].relative_to(root)),
                _context(entry),
                entry.msgid,
                entry.msgid_plural or "",
                entry.msgstr or entry.msgstr_plural.get(0, ""),
                (mine.msgstr or mine.msgstr_plural.get(0, "")) if mine else "",
                mine.msgstr_plural.get(1, "") if mine else "",
                review["by"] if review else "",
                review["on"] if review else "",
            )


def read(root: Path, sheet: Iterable[Mapping[str, str]], *, locale: str) -> Read:
    """Checks a sheet row by row; nothing is written. Rows without a translation wait."""
    known = {
        (str(source.parents[3].relative_to(root)), _context(entry), entry.msgid): (source, entry)
        for source in _chinese(root)
        for entry in _entries(source)
    }
    result = Read()
    for number, row in enumerate(sheet, start=2):
        text = {name: (row.get(name) or "").strip() for name in COLUMNS}
        if not text["translation"]:
            result.waiting += 1
            continue
        found = known.get((text["app"], text["context"], text["english"]))
        why = "no text in use is this one" if found is None else _fault(text, found[1])
        if why or found is None:
            result.refused.append(f"row {number}: {why}")
            continue
        source, entry = found
        result.taken.setdefault(_beside(source, locale), []).append(_entry(text, entry))
    return result


def write(read_sheet: Read, *, locale: str) -> int:
    """Puts what can be taken over into the catalogues; other entries stay. Returns how many were put."""
    for path, taken in read_sheet.taken.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        book = polib.pofile(str(path)) if path.exists() else polib.POFile()
        book.metadata = {
            "Content-Type": "text/plain; charset=UTF-8",
            "Content-Transfer-Encoding": "8bit",
            "Language": locale,
            "Plural-Forms": PLURAL_FORMS[locale],
        }
        for entry in taken:
            old = book.find(entry.msgid, msgctxt=entry.msgctxt or False)
            if old is not None:
                book.remove(old)
            book.append(entry)
        book.save(str(path))
    return sum(len(taken) for taken in read_sheet.taken.values())


def unreviewed(path: Path) -> list[str]:
    """Entries of a catalogue that do not say who reviewed them and when: `compile_catalogues --check` refuses them."""
    return [f"{path}: {entry.msgid}" for entry in _entries(path) if not REVIEWED.search(entry.tcomment)]


def _fault(text: Mapping[str, str], entry: polib.POEntry) -> str:
    if not text["reviewed_by"]:
        return "nobody has reviewed it"
    if not _ISO.fullmatch(text["reviewed_on"]) or not _is_day(text["reviewed_on"]):
        return "the day of the review is written as 2026-11-24"
    if entry.msgid_plural and not text["translation_plural"]:
        return "the text has a plural"
    for name in ("translation", "translation_plural"):
        if text[name] and _placeholders(text[name]) != _placeholders(entry.msgid_plural or entry.msgid):
            return f"the {name.replace('_', ' ')} does not have the same placeholders"
    return ""


def _is_day(value: str) -> bool:
    try:
        return bool(date.fromisoformat(value))
    except ValueError:
        return False


def _placeholders(text: str) -> list[str]:
    return sorted(match[0] for match in _PLACEHOLDER.finditer(text))


def _entry(text: Mapping[str, str], entry: polib.POEntry) -> polib.POEntry:
    made = polib.POEntry(
        msgid=entry.msgid,
        msgctxt=entry.msgctxt,
        tcomment=f"reviewed by {text['reviewed_by']} on {text['reviewed_on']}",
    )
    if entry.msgid_plural:
        made.msgid_plural = entry.msgid_plural
        made.msgstr_plural = {0: text["translation"], 1: text["translation_plural"]}
    else:
        made.msgstr = text["translation"]
    return made


def _chinese(root: Path) -> list[Path]:
    return [path for path in catalogues.catalogue_files(root) if path.parents[1].name == "zh_Hans"]


def _beside(source: Path, locale: str) -> Path:
    return source.parents[2] / locale / "LC_MESSAGES" / source.name


def _entries(path: Path) -> list[polib.POEntry]:
    return [entry for entry in polib.pofile(str(path)) if not entry.obsolete] if path.exists() else []


def _context(entry: polib.POEntry) -> str:
    return entry.msgctxt or ""
