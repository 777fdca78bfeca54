"""Did you mean: other words of the library for a text that nothing holds, each with what it would find."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.db import connections

from kernel.clock import local_date, utc_now
from shared_apps.classification.selectors import catalogue
from shared_apps.products import search_sql
from shared_apps.products.read_models import SearchPage, SearchQuery, ShelfView, Suggestion
from shared_apps.products.rules import as_tsquery, normalised, query_runs, query_tokens
from shared_apps.products.rules.words import meant, syllables
from shared_apps.products.searching import asked_of, parameters_of, search
from tenants.database.context import REGION_ALIAS

# Words of the library that are compared with a run, the candidates whose hits are counted, what is shown of them, and
# how far hits are counted.
COMPARED_MAX, TRIED_MAX, SHOWN_MAX, COUNTED_MAX = 300, 8, 4, 100

_WORDS = """
SELECT word FROM products_searchword
 WHERE initials LIKE %(initials)s OR replace(pinyin, ' ', '') LIKE %(sound)s OR word LIKE ANY (%(parts)s::text[])
 ORDER BY length(word), word LIMIT %(most)s
"""


def find(*, query: SearchQuery, shelf: ShelfView, on: date | None = None) -> SearchPage:
    """`search`, and where nothing holds the text what may have been meant.

    Of letters alone (initials or pinyin) the first suggestion is shown at once and named in `shown_for`. Two more
    statements where nothing was found, and a second search for letters.
    """
    page = search(query=query, shelf=shelf, on=on)
    if page.items or query.after or not query_runs(query.text):
        return page
    found = suggestions(query=query, shelf=shelf, on=on)
    if not found:
        return page
    spelled = normalised(query.text).replace(" ", "")
    if spelled.isascii() and spelled.isalpha():
        page = replace(search(query=replace(query, text=found[0].text), shelf=shelf, on=on), shown_for=found[0].text)
        found = found[1:]
    return replace(page, suggestions=found)


def suggestions(*, query: SearchQuery, shelf: ShelfView, on: date | None = None) -> tuple[Suggestion, ...]:
    """Texts near to the query's that find something on the shelf, the likeliest first."""
    texts = _candidates(query.text)
    if not texts or not shelf.categories:
        return ()
    asked = replace(asked_of(SearchQuery(), shelf), tokens=True, patterns=True)
    parameters = {
        **parameters_of(SearchQuery(), shelf, on or local_date(utc_now())),
        "most": COUNTED_MAX,
        "token_lists": [as_tsquery(query_tokens(text)) for text in texts],
        "pattern_lists": ["|".join(f"%{run}%" for run in query_runs(text)) for text in texts],
    }
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(search_sql.hits_statement(asked), parameters)
        hits = dict(cursor.fetchall())
    shown = [Suggestion(text, hits[place]) for place, text in enumerate(texts, start=1) if hits.get(place)]
    return tuple(shown[:SHOWN_MAX])


def _candidates(text: str) -> list[str]:
    """The text with one of its runs exchanged for a word that is close to it. One statement a run, three at most."""
    found: dict[str, None] = {}
    written = normalised(text)
    for run in [run for run in query_runs(text) if len(run) > 1][:3]:
        for part in meant(run, _words_like(run))[:TRIED_MAX]:
            found[written.replace(run, part)] = None
    return list(found)[:TRIED_MAX]


def _words_like(run: str) -> list[str]:
    """Words that sound like the run, begin with its letters, or share a part with it; categories' words always."""
    pieces = list(run) if len(run) == 2 else [run[at : at + 2] for at in range(len(run) - 1)]
    parameters: dict[str, Any] = {
        "initials": f"%{run}%" if run.isascii() else "",
        "sound": f"%{run if run.isascii() else ''.join(syllables(run))}%",
        "parts": [f"%{piece}%" for piece in pieces],
        "most": COMPARED_MAX,
    }
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(_WORDS, parameters)
        words = [row[0] for row in cursor.fetchall()]
    return [*(word for one in catalogue() for word in (one.name, *one.aliases.split())), *words]
