"""Texts in use and their translations: finds the msgids of the tree and reads its catalogues."""

import ast
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import django
import polib
from django.utils.translation.template import templatize

# (context, msgid): the same English word may need two translations.
Text = tuple[str, str]

# Which arguments of each function are msgids, and where the context is.
FUNCTIONS: dict[str, tuple[tuple[int, ...], int | None]] = {
    "_": ((0,), None),
    "gettext": ((0,), None),
    "gettext_lazy": ((0,), None),
    "gettext_noop": ((0,), None),
    "ngettext": ((0,), None),
    "ngettext_lazy": ((0,), None),
    "pgettext": ((1,), 0),
    "pgettext_lazy": ((1,), 0),
    "npgettext": ((1,), 0),
    "npgettext_lazy": ((1,), 0),
}
CALL = re.compile(r"(?<![\w.])(_|n?p?gettext)\(((?:\s*u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")\s*,?)+)", re.DOTALL)
LITERAL = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"", re.DOTALL)
SKIPPED_FOLDERS = frozenset({"node_modules", "tests", "__pycache__", "site-packages", "build", "dist"})


@dataclass
class Catalogues:
    """Translations of one language over every catalogue of the tree."""

    translated: set[Text] = field(default_factory=set)
    fuzzy: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)


def files(root: Path, suffix: str) -> Iterator[Path]:
    """Files of the tree that are ours: no hidden folders, no tests, nothing installed (those are not even entered)."""
    for folder, names, found in os.walk(root):
        names[:] = sorted(name for name in names if not name.startswith(".") and name not in SKIPPED_FOLDERS)
        yield from (Path(folder) / name for name in sorted(found) if name.endswith(suffix))


def catalogue_files(root: Path) -> list[Path]:
    return [path for path in files(root, ".po") if path.match("locale/*/LC_MESSAGES/*.po")]


def used_in_python(source: str) -> set[Text]:
    """Msgids of literal gettext calls."""
    found: set[Text] = set()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name not in FUNCTIONS:
            continue
        positions, context_at = FUNCTIONS[name]
        words = [arg.value if isinstance(arg, ast.Constant) else None for arg in node.args]
        context = words[context_at] if context_at is not None and context_at < len(words) else ""
        for position in positions:
            text = words[position] if position < len(words) else None
            if isinstance(text, str) and text:
                found.add((str(context or ""), text))
    return found


def used_in_template(source: str) -> set[Text]:
    """Msgids of translate and blocktranslate tags and of _("…") in expressions."""
    found: set[Text] = set()
    for call in CALL.finditer(templatize(source)):
        name, arguments = call.groups()
        literals = [ast.literal_eval(literal) for literal in LITERAL.findall(arguments)]
        positions, context_at = FUNCTIONS[name]
        context = literals[context_at] if context_at is not None else ""
        found.update((context, literals[i]) for i in positions if i < len(literals) and literals[i])
    return found


def used(root: Path) -> dict[Text, Path]:
    """Every text in use, with one file that uses it."""
    texts: dict[Text, Path] = {}
    for path in files(root, ".py"):
        for text in used_in_python(path.read_text("utf-8")):
            texts.setdefault(text, path)
    for suffix in (".html", ".txt"):
        for path in files(root, suffix):
            if "templates" in path.parts:
                for text in used_in_template(path.read_text("utf-8")):
                    texts.setdefault(text, path)
    return texts


def read(paths: Iterable[Path]) -> Catalogues:
    """All translations of some catalogues; fuzzy and empty entries are told apart.

    Django merges all catalogues into one: two translations of one text mean that the page shows
    whichever app comes first, so they are conflicts (give one of them a context).
    """
    result = Catalogues()
    first: dict[Text, tuple[str, Path]] = {}
    for path in paths:
        for entry in polib.pofile(str(path)):
            if entry.obsolete:
                continue
            if entry.fuzzy:
                result.fuzzy.append(f"{path}: {entry.msgid}")
            elif entry.translated():
                text = (entry.msgctxt or "", entry.msgid)
                result.translated.add(text)
                shown = entry.msgstr or str(entry.msgstr_plural)
                other, where = first.setdefault(text, (shown, path))
                if other != shown:
                    result.conflicts.append(f"{path}: {entry.msgid!r} is {shown}, in {where} it is {other}")
            else:
                result.empty.append(f"{path}: {entry.msgid}")
    return result


def django_catalogues(locale: str) -> list[Path]:
    """Django's own catalogues of a language: its texts need no second translation."""
    base = Path(django.__file__).parent
    return sorted(base.glob(f"conf/locale/{locale}/LC_MESSAGES/django.po")) + sorted(
        base.glob(f"contrib/*/locale/{locale}/LC_MESSAGES/django.po")
    )
