"""The tokens that products are found by, and the price bands they are filtered by. Pure."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal

# Upper bounds in yuan of the price bands buyers filter by; the last band is open.
PRICE_BANDS: Mapping[str, tuple[Decimal, Decimal | None]] = {
    "0-50": (Decimal(0), Decimal(50)),
    "50-200": (Decimal(50), Decimal(200)),
    "200-1000": (Decimal(200), Decimal(1000)),
    "1000-5000": (Decimal(1000), Decimal(5000)),
    "5000-": (Decimal(5000), None),
}

# A run is Latin letters and digits, or any other letters (Chinese, Uyghur); blanks and signs end it.
_RUN = re.compile(r"[0-9a-z]+|[^\W_0-9a-z]+")
QUERY_LENGTH_MAX = 60
_QUERY_RUNS_MAX = 8


def normalised(text: str) -> str:
    """Full-width forms folded, small letters, single blanks."""
    return " ".join(unicodedata.normalize("NFKC", text).lower().split())


def runs(text: str) -> list[str]:
    """The unbroken runs of one script, in order: "A4复印纸 70克" -> a4, 复印纸, 70, 克."""
    return _RUN.findall(normalised(text))


def index_tokens(text: str) -> list[str]:
    """Every token a text can be found by: each run's letters and bigrams, Latin and digits also whole."""
    tokens: set[str] = set()
    for run in runs(text):
        tokens.update(run)
        tokens.update(run[at : at + 2] for at in range(len(run) - 1))
        if run.isascii():
            tokens.add(run)
    return sorted(tokens)


def sample_marks(text: str) -> list[str]:
    """Marks that each sixteenth, each 256th and each 4096th text has in common, by chance and for ever.

    A query that asks for one of them besides its own tokens reads a fair sample of what it would find.
    """
    digest = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
    return [f"~{digest[:length]}" for length in (1, 2, 3)]


def query_tokens(text: str) -> list[str]:
    """The tokens a text must have to hold every run of the query: single letters only for one-letter runs."""
    tokens: dict[str, None] = {}
    for run in runs(text)[:_QUERY_RUNS_MAX]:
        if len(run) == 1:
            tokens[run] = None
        tokens.update(dict.fromkeys(run[at : at + 2] for at in range(len(run) - 1)))
    return list(tokens)


def query_runs(text: str) -> list[str]:
    """The runs themselves: bigrams narrow the candidates, each run is then looked for as written."""
    return list(dict.fromkeys(runs(text)[:_QUERY_RUNS_MAX]))


def haystack(parts: Sequence[str]) -> str:
    """The text that runs are looked for in: the parts' runs, so that no run spans two parts."""
    return " ".join(" ".join(runs(part)) for part in parts if part)


def as_tsvector(tokens: Sequence[str]) -> str:
    """PostgreSQL's text form. Tokens are letters and digits, so quoting is enough."""
    return " ".join(f"'{token}'" for token in tokens)


def as_tsquery(tokens: Sequence[str]) -> str:
    return " & ".join(f"'{token}'" for token in tokens)
