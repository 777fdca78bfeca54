"""Finds Latin words that a reader of a Chinese page would see. For the page tests."""

import re
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path

ALLOWED_FILE = Path(__file__).with_name("latin_allowed.txt")
# Elements whose text nobody reads, or that hold codes by their nature.
SILENT = frozenset({"script", "style", "template", "code", "svg"})
READ_ALOUD = ("alt", "title", "aria-label", "placeholder", "aria-description")
BUTTONS = frozenset({"submit", "button", "reset"})
VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
TOKEN = re.compile(r"[A-Za-zÀ-ɏ0-9][A-Za-zÀ-ɏ0-9_@./:+\-]*")
LATIN = re.compile(r"[A-Za-zÀ-ɏ]")


@lru_cache(maxsize=1)
def allowed() -> tuple[frozenset[str], tuple[re.Pattern[str], ...]]:
    """Words (compared without case) and whole-token patterns (lines that start with `~`)."""
    words, patterns = set(), []
    for line in ALLOWED_FILE.read_text("utf-8").splitlines():
        line = line.split("#", 1)[0].strip()
        if line.startswith("~"):
            patterns.append(re.compile(line[1:].strip()))
        elif line:
            words.add(line.casefold())
    return frozenset(words), tuple(patterns)


def latin_words(html: str) -> list[str]:
    """Latin words in the visible text and spoken attributes of a page, outside the allow-list, in order."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    words, patterns = allowed()
    found = []
    for text in reader.texts:
        for match in TOKEN.finditer(text):
            token = match.group().strip("./:-+")
            if not LATIN.search(token) or token.casefold() in words:
                continue
            if any(pattern.fullmatch(token) for pattern in patterns):
                continue
            found.append(token)
    return found


class _Reader(HTMLParser):
    """Collects texts; an element marked translate="no" silences itself and all inside it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.open: list[tuple[str, bool]] = []

    @property
    def silent(self) -> bool:
        return bool(self.open) and self.open[-1][1]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        silent = self.silent or tag in SILENT or attributes.get("translate") == "no"
        if not silent:
            self.texts += [attributes[name] for name in READ_ALOUD if attributes.get(name)]
            if tag == "input" and attributes.get("type") in BUTTONS:
                self.texts.append(attributes.get("value", ""))
        if tag not in VOID:
            self.open.append((tag, silent))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        for position in range(len(self.open) - 1, -1, -1):
            if self.open[position][0] == tag:
                del self.open[position:]
                return

    def handle_data(self, data: str) -> None:
        if not self.silent and data.strip():
            self.texts.append(data)
