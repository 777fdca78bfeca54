"""Search over what one shelf shows in one delivery area: exact where it can be, by a fair sample where it is broad."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connections
from django.utils.translation import gettext as _

from kernel.clock import local_date, utc_now
from kernel.problems import InvalidInput
from shared_apps.classification.selectors import catalogue
from shared_apps.products import search_sql
from shared_apps.products.read_models import (
    FacetChoice,
    Facets,
    ProductItem,
    SearchPage,
    SearchQuery,
    ShelfView,
    loads_labels,
    picture_address,
)
from shared_apps.products.rules import (
    PRICE_BANDS,
    QUERY_LENGTH_MAX,
    Label,
    area_ladder,
    as_tsquery,
    haystack,
    query_runs,
    query_tokens,
    runs,
)
from shared_apps.products.search_sql import Asked
from tenants.database.context import REGION_ALIAS

SIZE_MAX = 60
FACET_CHOICES_MAX = 12
# Up to so many products with the text are read whole; of more, a sample is counted.
WHOLE_MAX = 10_000
# Of a broad search whose filters leave fewer than this, what is left is collected instead of walked to.
COLLECTED_MAX = 1_000
# So many products are a sample large enough to count in.
SAMPLE_MAX = 5_000
# (one of so many, letters of the mark): the sample taken is the first that is likely to fit.
_SAMPLES = ((16, 1), (256, 2), (4096, 3))
# Any mark will do.
_MARK = "5a3"
_SIZE_KEPT_SECONDS = 300.0
_CURSORS = {
    "relevance": re.compile(r"([0-3])\.([0-9]{1,18})\.([0-9]{1,18})"),
    "sales": re.compile(r"([0-9]{1,18})\.([0-9]{1,18})"),
    "price": re.compile(r"([0-9]{1,16}\.[0-9]{2})\.([0-9]{1,18})"),
    "price_down": re.compile(r"([0-9]{1,16}\.[0-9]{2})\.([0-9]{1,18})"),
}
# kind, value, amount, price, score, sales
Row = tuple[str, str, int, Decimal, int, int]
_library_size: tuple[float, int] | None = None


def search(*, query: SearchQuery, shelf: ShelfView, on: date | None = None, with_facets: bool = True) -> SearchPage:
    """Products that hold every run of the text and are on sale on the shelf in its area.

    The page is exact; total and facets are too up to `WHOLE_MAX` products with the text, beyond that they are
    estimates of a sample and `total_is_about`. Each facet counts under all the other filters. A text of signs only
    finds nothing. Two statements, up to six for a broad text. Raises InvalidInput for a sort, price band or cursor
    that is not one, and for an area that is not the shelf's.
    """
    areas, shelf = shelf.areas, _in_area(query, shelf)
    parameters = parameters_of(query, shelf, on or local_date(utc_now()))
    with_text = bool(parameters["patterns"])
    if (query.text.strip() and not with_text) or not shelf.categories or shelf.admitted_suppliers == frozenset():
        return SearchPage((), Facets(), "", 0)
    asked = asked_of(query, shelf)
    with connections[REGION_ALIAS].cursor() as cursor:
        found = _found(cursor, query, asked, parameters, with_facets)
        size = parameters["size"] - 1
        items = _items(cursor, asked, parameters, found.keys[:size])
    total, facets = _facets(found, query, areas) if with_facets else (0, Facets())
    return SearchPage(
        items,
        facets,
        _cursor(query.sort, found.keys[size - 1]) if len(found.keys) > size else "",
        total,
        total_is_about=found.share > 1 and found.exact_total is None,
        facets_are_about=found.share > 1,
    )


def _in_area(query: SearchQuery, shelf: ShelfView) -> ShelfView:
    """The shelf as it is for the area that was chosen. Raises InvalidInput."""
    if not query.area:
        return shelf
    if query.area not in shelf.areas:
        raise InvalidInput(errors={"area": [_("Nothing is delivered to this division.")]})
    return replace(shelf, area=query.area, more_areas=())


def popular(*, shelf: ShelfView, count: int = 8, on: date | None = None) -> tuple[ProductItem, ...]:
    """What is bought most on the shelf: walks the index on sales and stops. Two statements."""
    query = SearchQuery(sort="sales", size=count)
    parameters = parameters_of(query, shelf, on or local_date(utc_now()))
    asked = asked_of(query, shelf)
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(search_sql.walk_statement(asked, sort="sales", continued=False), parameters)
        return _items(cursor, asked, parameters, cursor.fetchall()[:count])


def forget_library_size() -> None:
    """Between tests and benchmarks."""
    global _library_size
    _library_size = None


# -- whole or sampled -------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Found:
    """Keys of the page and one more, and the counts of all products (`share` 1) or of one in `share`."""

    keys: list[Row]
    counts: list[Row]
    share: int = 1
    exact_total: int | None = None


def _found(cursor: Any, query: SearchQuery, asked: Asked, parameters: dict[str, Any], with_facets: bool) -> _Found:
    share = _share(cursor, parameters) if _size_of_library(cursor) > WHOLE_MAX else 1
    if share == 1:
        statement = search_sql.whole_statement(
            asked, sort=query.sort, continued=parameters["continued"], with_facets=with_facets
        )
        cursor.execute(statement, parameters)
        keys, counts = _parted(cursor.fetchall())
        if _amount(counts, "found") <= WHOLE_MAX:
            return _Found(keys, counts)
        share = max(_share(cursor, parameters), _SAMPLES[0][0])
    return _broad(cursor, query, asked, parameters, share, with_facets)


def _size_of_library(cursor: Any) -> int:
    """About how many products there are, as the database last counted them."""
    global _library_size
    if _library_size is None or time.monotonic() - _library_size[0] > _SIZE_KEPT_SECONDS:
        cursor.execute(search_sql.SIZE_OF_LIBRARY)
        _library_size = (time.monotonic(), int(cursor.fetchone()[0]))
    return _library_size[1]


def _share(cursor: Any, parameters: dict[str, Any]) -> int:
    """1 for a text to be read whole, else of how many products one is to be looked at. Asks each 256th product."""
    probe, letters = _SAMPLES[1]
    cursor.execute(search_sql.SAMPLED, {"tokens": _sampled(parameters, letters)})
    estimate = int(cursor.fetchone()[0]) * probe
    if estimate <= WHOLE_MAX * 3 // 4:
        return 1
    return next((share for share, _letters in _SAMPLES if estimate <= SAMPLE_MAX * share), _SAMPLES[-1][0])


def _sampled(parameters: dict[str, Any], letters: int) -> str:
    return as_tsquery([*parameters["token_list"], "~" + _MARK[:letters]])


def _broad(
    cursor: Any, query: SearchQuery, asked: Asked, parameters: dict[str, Any], share: int, with_facets: bool
) -> _Found:
    """Facets of a sample, and the page by walking an index, or collected where the filters leave little."""
    counts: list[Row] = []
    if with_facets or asked.filtered:
        given = {**parameters, "tokens": _sampled(parameters, dict(_SAMPLES)[share])}
        cursor.execute(search_sql.counts_statement(replace(asked, tokens=True)), given)
        counts = cursor.fetchall()
        if _amount(counts, "total") * share < COLLECTED_MAX:
            statement = search_sql.collect_statement(asked, sort=query.sort, continued=parameters["continued"])
            cursor.execute(statement, parameters)
            keys, exact = _parted(cursor.fetchall())
            return _Found(keys, counts, share, _amount(exact, "total"))
    return _Found(_walked(cursor, query, asked, parameters), counts, share)


def _walked(cursor: Any, query: SearchQuery, asked: Asked, parameters: dict[str, Any]) -> list[Row]:
    """By relevance the categories that the text names come first, each part in the order of sales."""
    if query.sort != "relevance":
        statement = search_sql.walk_statement(asked, sort=query.sort, continued=parameters["continued"])
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
    found: list[Row] = []
    shown, named = set(parameters["categories"]), set(parameters["matched"])
    if query.category:
        shown &= {query.category}
    score = parameters["after_1"]
    for level, part in ((2, shown & named), (0, shown - named)):
        size = parameters["size"] - len(found)
        if not part or size <= 0 or (score is not None and level > score):
            continue
        statement = search_sql.walk_statement(
            asked, sort="relevance", continued=score is not None and score < level + 2
        )
        cursor.execute(statement, {**parameters, "level": level, "level_categories": sorted(part), "size": size})
        found += cursor.fetchall()
    return found


def _parted(rows: list[Row]) -> tuple[list[Row], list[Row]]:
    """(keys of the page, counts)."""
    return [row for row in rows if row[0] == "item"], [row for row in rows if row[0] != "item"]


# -- parameters -----------------------------------------------------------------------------------------------------
def asked_of(query: SearchQuery, shelf: ShelfView) -> Asked:
    """Which conditions the query and the shelf put."""
    labels = set(query.labels)
    return Asked(
        tokens=bool(query_tokens(query.text)),
        # One bigram is exact; where there are more, or a run of more than two, its letters must stand together.
        patterns=any(len(run) > 2 for run in query_runs(query.text)),
        excluded=bool(shelf.excluded_suppliers),
        admitted=shelf.admitted_suppliers is not None,
        category=bool(query.category),
        brands=bool(query.brands),
        supplier=query.supplier_id is not None,
        price=bool(query.price_band),
        labels=bool(labels - {Label.SME.value}),
        sme=Label.SME.value in labels,
        areas=len(shelf.areas),
    )


def parameters_of(query: SearchQuery, shelf: ShelfView, today: date) -> dict[str, Any]:
    """What the statements are given. Raises InvalidInput."""
    errors: dict[str, list[str]] = {}
    if len(query.text) > QUERY_LENGTH_MAX:
        errors["q"] = [_("Search for at most %(most)s characters.") % {"most": QUERY_LENGTH_MAX}]
    if query.sort not in search_sql.SORTS:
        errors["sort"] = [_("This order is not known.")]
    if query.price_band and query.price_band not in PRICE_BANDS:
        errors["price"] = [_("This price range is not known.")]
    after = _CURSORS[query.sort].fullmatch(query.after) if query.after and "sort" not in errors else None
    if query.after and after is None:
        errors["after"] = [_("Start again from the first page.")]
    if errors:
        raise InvalidInput(errors=errors)
    low, high = PRICE_BANDS.get(query.price_band, (None, None))
    tokens = query_tokens(query.text)
    return {
        "text": haystack([query.text]),
        "token_list": tokens,
        "tokens": as_tsquery(tokens),
        # Runs hold neither % nor _: nothing to escape.
        "patterns": [f"%{run}%" for run in query_runs(query.text)],
        "matched": named_categories(query.text),
        "categories": sorted(shelf.categories),
        "excluded": sorted(shelf.excluded_suppliers),
        "admitted": sorted(shelf.admitted_suppliers or ()),
        **{
            name: [int(code) for code in area_ladder(area)]
            for name, area in zip(search_sql.ladder_names(len(shelf.areas)), shelf.areas, strict=True)
        },
        "today": today,
        "category": query.category,
        "brands": sorted(set(query.brands)),
        "supplier": query.supplier_id,
        "low": low,
        "high": high,
        "labels": json.dumps(sorted(set(query.labels) - {Label.SME.value})),
        "bands": list(PRICE_BANDS),
        "lows": [band[0] for band in PRICE_BANDS.values()],
        "highs": [band[1] for band in PRICE_BANDS.values()],
        "choices": FACET_CHOICES_MAX,
        "continued": after is not None,
        **{f"after_{n}": Decimal(after[n]) if after and n <= len(after.groups()) else None for n in (1, 2, 3)},
        "level": 0,
        "size": max(1, min(query.size, SIZE_MAX)) + 1,
        "most": WHOLE_MAX + 1,
    }


def named_categories(text: str) -> list[str]:
    """The shop categories whose name, or another word for it, holds a run of the text or is held by one."""
    asked = [run for run in query_runs(text) if len(run) > 1]
    if not asked:
        return []
    return [
        category.code
        for category in catalogue()
        if any(run in word or word in run for run in asked for word in runs(f"{category.name} {category.aliases}"))
    ]


# -- results --------------------------------------------------------------------------------------------------------
def _amount(rows: Iterable[Row], kind: str) -> int:
    return next((row[2] for row in rows if row[0] == kind), 0)


def _cursor(sort: str, row: Row) -> str:
    _kind, product_id, _amount, price, score, sales = row[:6]
    if sort == "relevance":
        return f"{score}.{sales}.{product_id}"
    return f"{sales}.{product_id}" if sort == "sales" else f"{price}.{product_id}"


def _items(cursor: Any, asked: Asked, parameters: dict[str, Any], keys: Sequence[Row]) -> tuple[ProductItem, ...]:
    """The products of the keys, in their order. One statement, none without keys."""
    if not keys:
        return ()
    cursor.execute(search_sql.details_statement(asked), {**parameters, "ids": [int(key[1]) for key in keys]})
    details = {row[0]: row for row in cursor.fetchall()}
    return tuple(_item(key, details[int(key[1])]) for key in keys if int(key[1]) in details)


def _item(key: Row, row: tuple[Any, ...]) -> ProductItem:
    product_id, code, title, brand, model, unit, category, labels, offers, is_demo, version = row
    return ProductItem(
        product_id=product_id,
        code=code,
        title=title,
        brand=brand,
        model=model,
        unit=unit,
        category_code=category,
        labels=loads_labels(labels),
        sales=key[5],
        price=key[3],
        offers=offers,
        picture_url=picture_address(code=code, version=version),
        is_demo=is_demo,
    )


def _facets(found: _Found, query: SearchQuery, areas: Sequence[str]) -> tuple[int, Facets]:
    counts: dict[str, dict[str, int]] = {}
    supplier_names: dict[str, str] = {}
    for kind, value, count, *_rest in found.counts:
        if kind == "supplier":
            value, _blank, name = value.partition(" ")
            supplier_names[value] = name
        counts.setdefault(kind, {})[value] = count if found.share == 1 else about(count * found.share)
    categories = {category.code: category.name for category in catalogue()}
    supplier = {str(query.supplier_id)} if query.supplier_id else set()
    total = counts["total"][""] if found.exact_total is None else found.exact_total
    return total, Facets(
        categories=_choices(counts.get("category", {}), {query.category}, categories.get, list(categories)),
        brands=_choices(counts.get("brand", {}), set(query.brands), None),
        suppliers=_choices(counts.get("supplier", {}), supplier, supplier_names.get),
        price_bands=_choices(counts.get("price", {}), {query.price_band}, None, list(PRICE_BANDS)),
        labels=_choices(counts.get("label", {}), set(query.labels), None),
        areas=_areas(counts.get("area", {}), query.area, areas, total),
    )


def _areas(counts: dict[str, int], chosen: str, areas: Sequence[str], total: int) -> tuple[FacetChoice, ...]:
    """The areas by their places in the statement; nothing to choose where there is one."""
    if chosen and len(areas) > 1:
        return (FacetChoice(chosen, chosen, total, selected=True),)
    found = ((area, counts.get(str(place), 0)) for place, area in enumerate(areas, start=1))
    return tuple(FacetChoice(area, area, count, selected=False) for area, count in found if count)


def about(count: int) -> int:
    """An estimate with two digits that mean something: 163,840 is shown as 160,000."""
    unit = 10 ** max(0, len(str(count)) - 2)
    return (count + unit // 2) // unit * unit


def _choices(
    counts: dict[str, int],
    selected: set[str],
    label: Callable[[str], str | None] | None,
    order: list[str] | None = None,
) -> tuple[FacetChoice, ...]:
    """Choices with something behind them, and those the reader has chosen; fixed order or the fullest first."""
    counts = {**{value: 0 for value in selected if value}, **counts}
    rank = {value: at for at, value in enumerate(order or ())}
    values = sorted(counts, key=lambda value: (rank.get(value, 0), -counts[value] if not order else 0, value))
    kept = [value for at, value in enumerate(values) if at < FACET_CHOICES_MAX or value in selected or order]
    return tuple(
        FacetChoice(value, (label(value) if label else None) or value, counts[value], value in selected)
        for value in kept
    )
