"""Search over what one shelf shows in one delivery area: a page and its facets in two statements."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connections
from django.utils.translation import gettext as _

from kernel.clock import local_date, utc_now
from kernel.problems import InvalidInput
from shared_apps.classification.selectors import catalogue
from shared_apps.products import sql
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
    area_parameters,
    as_tsquery,
    haystack,
    query_runs,
    query_tokens,
)
from tenants.database.context import REGION_ALIAS

SIZE_MAX = 60
FACET_CHOICES_MAX = 12
_CURSORS = {
    "relevance": re.compile(r"([0-3])\.([0-9]{1,18})\.([0-9]{1,18})"),
    "sales": re.compile(r"([0-9]{1,18})\.([0-9]{1,18})"),
    "price": re.compile(r"([0-9]{1,16}\.[0-9]{2})\.([0-9]{1,18})"),
    "price_down": re.compile(r"([0-9]{1,16}\.[0-9]{2})\.([0-9]{1,18})"),
}


def search(*, query: SearchQuery, shelf: ShelfView, on: date | None = None) -> SearchPage:
    """Products that hold every run of the text and are on sale on the shelf in its area.

    Two statements: the page, and total with facets; each facet counts under all the other filters. A text of signs
    only finds nothing. Raises InvalidInput for a sort, price band or cursor that is not one.
    """
    parameters = _parameters(query, shelf, on or local_date(utc_now()))
    with_text = bool(parameters["patterns"])
    if (query.text.strip() and not with_text) or not shelf.categories:
        return SearchPage((), Facets(), "", 0)
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(sql.page_statement(sort=query.sort, with_text=with_text), parameters)
        rows = cursor.fetchall()
        cursor.execute(sql.facets_statement(with_text=with_text), parameters)
        counted = cursor.fetchall()
    size = parameters["size"] - 1
    total, facets = _facets(counted, query)
    cursor_text = _cursor(query.sort, rows[size - 1]) if len(rows) > size else ""
    return SearchPage(tuple(_item(row) for row in rows[:size]), facets, cursor_text, total)


def popular(*, shelf: ShelfView, count: int = 8, on: date | None = None) -> tuple[ProductItem, ...]:
    """What is bought most on the shelf. One statement."""
    parameters: dict[str, Any] = {
        "categories": sorted(shelf.categories),
        "excluded": sorted(shelf.excluded_suppliers),
        **area_parameters(shelf.area),
        "today": on or local_date(utc_now()),
        "size": count,
    }
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(sql.POPULAR, parameters)
        return tuple(_item(row) for row in cursor.fetchall())


def _parameters(query: SearchQuery, shelf: ShelfView, today: date) -> dict[str, Any]:
    errors: dict[str, list[str]] = {}
    if len(query.text) > QUERY_LENGTH_MAX:
        errors["q"] = [_("Search for at most %(most)s characters.") % {"most": QUERY_LENGTH_MAX}]
    if query.sort not in sql.SORTS:
        errors["sort"] = [_("This order is not known.")]
    if query.price_band and query.price_band not in PRICE_BANDS:
        errors["price"] = [_("This price range is not known.")]
    after = _CURSORS[query.sort].fullmatch(query.after) if query.after and "sort" not in errors else None
    if query.after and after is None:
        errors["after"] = [_("Start again from the first page.")]
    if errors:
        raise InvalidInput(errors=errors)
    low, high = PRICE_BANDS.get(query.price_band, (None, None))
    return {
        "text": haystack([query.text]),
        "tokens": as_tsquery(query_tokens(query.text)),
        # Runs hold neither % nor _: nothing to escape.
        "patterns": [f"%{run}%" for run in query_runs(query.text)],
        "categories": sorted(shelf.categories),
        "excluded": sorted(shelf.excluded_suppliers),
        **area_parameters(shelf.area),
        "today": today,
        "category": query.category,
        "brands": sorted(set(query.brands)),
        "supplier": query.supplier_id,
        "low": low,
        "high": high,
        "labels": json.dumps(sorted(set(query.labels))),
        "bands": list(PRICE_BANDS),
        "lows": [band[0] for band in PRICE_BANDS.values()],
        "highs": [band[1] for band in PRICE_BANDS.values()],
        "continued": after is not None,
        **{f"after_{n}": Decimal(after[n]) if after and n <= len(after.groups()) else None for n in (1, 2, 3)},
        "size": max(1, min(query.size, SIZE_MAX)) + 1,
    }


def _cursor(sort: str, row: tuple[Any, ...]) -> str:
    product_id, sales, price, score = row[0], row[8], row[9], row[11]
    if sort == "relevance":
        return f"{score}.{sales}.{product_id}"
    return f"{sales}.{product_id}" if sort == "sales" else f"{price}.{product_id}"


def _item(row: tuple[Any, ...]) -> ProductItem:
    (product_id, code, title, brand, model, unit, category, labels, sales, price, offers, _score, is_demo, version) = (
        row
    )
    return ProductItem(
        product_id=product_id,
        code=code,
        title=title,
        brand=brand,
        model=model,
        unit=unit,
        category_code=category,
        labels=loads_labels(labels),
        sales=sales,
        price=price,
        offers=offers,
        picture_url=picture_address(code=code, version=version),
        is_demo=is_demo,
    )


def _facets(rows: Iterable[tuple[str, str, int]], query: SearchQuery) -> tuple[int, Facets]:
    counts: dict[str, dict[str, int]] = {}
    supplier_names: dict[str, str] = {}
    for kind, value, count in rows:
        if kind == "name":
            key, _blank, name = value.partition(" ")
            supplier_names[key] = name
        else:
            counts.setdefault(kind, {})[value] = count
    categories = {category.code: category.name for category in catalogue()}
    supplier = {str(query.supplier_id)} if query.supplier_id else set()
    return counts["total"][""], Facets(
        categories=_choices(counts.get("category", {}), {query.category}, categories.get, list(categories)),
        brands=_choices(counts.get("brand", {}), set(query.brands), None),
        suppliers=_choices(counts.get("supplier", {}), supplier, supplier_names.get),
        price_bands=_choices(counts.get("price", {}), {query.price_band}, None, list(PRICE_BANDS)),
        labels=_choices(counts.get("label", {}), set(query.labels), None),
    )


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
