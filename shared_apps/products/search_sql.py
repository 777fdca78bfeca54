"""The statements of search, written by hand over the narrow rows of `OnSale`.

Parameters are passed by name; `%(ladder)s` are the delivery area's divisions, nearest first. Each statement holds
only the conditions that are asked for: the planner sees what the reader chose. The README says which is used when.
"""

from __future__ import annotations

from dataclasses import dataclass

# What a shelf shows of the row `o` on sale, with its supplier `s`.
_SHOWN = """
    {places}
    AND o.valid_from <= %(today)s AND (o.valid_to IS NULL OR o.valid_to >= %(today)s)
    AND s.standing = 'admitted' {suppliers}
"""
_HOLDS = "(o.places && %({ladder})s::integer[] AND NOT o.narrower && %({ladder})s::integer[])"
_TEXT = "AND p.haystack LIKE ALL (%(patterns)s::text[])"
_EXCLUDED = "AND o.supplier_id <> ALL(%(excluded)s::bigint[])"
_ADMITTED = "AND o.supplier_id = ANY(%(admitted)s::bigint[])"
_OFFERED = """
    FROM products_onsale o JOIN suppliers_supplier s ON s.id = o.supplier_id
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which conditions a statement has to hold: all that is left out costs nothing."""

    tokens: bool = False
    patterns: bool = False
    excluded: bool = False
    admitted: bool = False
    category: bool = False
    brands: bool = False
    supplier: bool = False
    price: bool = False
    labels: bool = False
    sme: bool = False
    # How many divisions are delivered to: an offer may then hold at several prices.
    areas: int = 1

    @property
    def filtered(self) -> bool:
        """Whether the reader has chosen anything beside the text."""
        return self.category or self.brands or self.supplier or self.price or self.labels or self.sme


def _shown(asked: Asked) -> str:
    suppliers = " ".join(part for part, wanted in ((_EXCLUDED, asked.excluded), (_ADMITTED, asked.admitted)) if wanted)
    holds = [_HOLDS.replace("{ladder}", name) for name in ladder_names(asked.areas)]
    places = holds[0] if asked.areas == 1 else f"({' OR '.join(holds)})"
    return _SHOWN.replace("{places}", places).replace("{suppliers}", suppliers)


def ladder_names(areas: int) -> list[str]:
    """The parameters that hold the ladder of each division delivered to."""
    return ["ladder", *(f"ladder_{n}" for n in range(2, areas + 1))]


# Best match: the text is (part of) the category's name or its other words, then: it stands there as written.
_SCORE = """
    CASE WHEN p.category_id = ANY(%(matched)s::text[]) THEN 2 ELSE 0 END
    + CASE WHEN %(text)s <> '' AND position(%(text)s IN p.haystack) > 0 THEN 1 ELSE 0 END
"""
# What is sampled or collected whole: candidates by tokens, each run of the query checked as written, then the offers
# that the shelf shows in the area. The reader's own filters become flags, so that each facet counts under all the
# other filters and one text serves page and facets alike.
_HITS = """
WITH found AS MATERIALIZED (
    SELECT p.id, p.category_id, p.brand, p.labels, {score} AS score
      FROM products_product p
     WHERE p.state = 'listed' AND p.category_id = ANY(%(categories)s::text[]) {text}
     LIMIT %(most)s
), hit AS (
    SELECT f.id, f.category_id, f.brand, f.labels, f.score, max(o.sales) AS sales, bool_or(s.is_sme) AS sme,
           {sellers} AS sellers, min(o.price) AS any_price, {own_price} AS own_price {of_areas}
      FROM found f
      JOIN products_onsale o ON o.product_id = f.id
      JOIN suppliers_supplier s ON s.id = o.supplier_id
     WHERE {shown}
     GROUP BY f.id, f.category_id, f.brand, f.labels, f.score
), flagged AS MATERIALIZED (
    SELECT id, category_id, brand, score, sales, sellers, coalesce(own_price, any_price) AS price,
           CASE WHEN sme THEN labels || '["sme"]'::jsonb ELSE labels END AS labels,
           own_price IS NOT NULL AS in_supplier,
           {in_category} AS in_category, {in_brand} AS in_brand, {in_price} AS in_price, {in_labels} AS in_labels
           {kept}
      FROM hit
)
"""
_ALL = "in_category AND in_brand AND in_supplier AND in_price AND in_labels"
_COUNTS = """
SELECT 'found' AS kind, '' AS value, count(*) AS amount, NULL::numeric AS price, 0 AS score, 0::bigint AS sales
  FROM found
UNION ALL
SELECT 'total', '', count(*), NULL, 0, 0 FROM flagged WHERE {all}
UNION ALL
SELECT 'category', category_id, count(*), NULL, 0, 0 FROM flagged
 WHERE in_brand AND in_supplier AND in_price AND in_labels GROUP BY category_id
UNION ALL
(SELECT 'brand', brand, count(*), NULL, 0, 0 FROM flagged
  WHERE in_category AND in_supplier AND in_price AND in_labels
  GROUP BY brand ORDER BY count(*) DESC, brand COLLATE "C" LIMIT %(choices)s)
UNION ALL
{chosen_brands}
SELECT 'supplier', c.seller || ' ' || n.name, c.amount, NULL, 0, 0
  FROM (SELECT seller, count(*) AS amount FROM {sold}
         GROUP BY seller ORDER BY count(*) DESC, seller::text COLLATE "C" LIMIT %(choices)s) c
  JOIN suppliers_supplier n ON n.id = c.seller
UNION ALL
{chosen_supplier}
{area_counts}
SELECT 'label', label, count(*), NULL, 0, 0 FROM flagged, jsonb_array_elements_text(labels) label
 WHERE in_category AND in_brand AND in_supplier AND in_price GROUP BY label
UNION ALL
SELECT 'price', band, count(*), NULL, 0, 0 FROM flagged
  JOIN unnest(%(bands)s::text[], %(lows)s::numeric[], %(highs)s::numeric[]) AS bands(band, low, high)
    ON price >= low AND (high IS NULL OR price < high)
 WHERE in_category AND in_brand AND in_supplier AND in_labels GROUP BY band
""".replace("{all}", _ALL)
_SOLD = "flagged, unnest(sellers) seller WHERE in_category AND in_brand AND in_labels"
# In a price band each supplier counts by its own lowest price.
_SOLD_AT = """
(SELECT seller FROM flagged, unnest(sellers, seller_prices) AS sold(seller, price)
  WHERE in_category AND in_brand AND in_labels GROUP BY flagged.id, seller HAVING {in_band}) sold
"""
# What the reader has chosen is counted even where it is not among the fullest.
_CHOSEN_BRANDS = """
SELECT 'brand', brand, count(*), NULL, 0, 0 FROM flagged
 WHERE in_category AND in_supplier AND in_price AND in_labels AND brand = ANY(%(brands)s::text[]) GROUP BY brand
UNION ALL
"""
_CHOSEN_SUPPLIER = """
SELECT 'supplier', n.id || ' ' || n.name, (SELECT count(*) FROM flagged  WHERE {all}), NULL, 0, 0
  FROM suppliers_supplier n WHERE n.id = %(supplier)s
UNION ALL
""".replace("{all}", _ALL)
# Of several delivery areas each counts under all the filters at its own prices.
_AREA_COUNTS = """
SELECT 'area', held.place::text, count(*), NULL, 0, 0
  FROM flagged, unnest(area_prices, area_sme) WITH ORDINALITY AS held(price, sme, place)
 WHERE in_category AND in_brand AND in_labels AND held.price IS NOT NULL {conditions}
 GROUP BY held.place
UNION ALL
"""
_PAGE_OF_HITS = """
(SELECT 'item' AS kind, id::text AS value, 0 AS amount, price, score, sales FROM flagged f
  WHERE {all} {beyond} ORDER BY {order} LIMIT %(size)s)
""".replace("{all}", _ALL)

# The cursor's comparison and the order are two halves of one fact. Of the columns of `f`.
_ORDERS = {
    "relevance": (
        "(f.score, f.sales, f.id) < (%(after_1)s, %(after_2)s, %(after_3)s)",
        "score DESC, sales DESC, id DESC",
    ),
    "sales": ("(f.sales, f.id) < (%(after_1)s, %(after_2)s)", "sales DESC, id DESC"),
    "price": ("(f.price, f.id) > (%(after_1)s, %(after_2)s)", "price, id"),
    "price_down": ("(f.price, f.id) < (%(after_1)s, %(after_2)s)", "price DESC, id DESC"),
}
SORTS = tuple(_ORDERS)


def _hits(asked: Asked) -> str:
    text = " ".join(
        part
        for part, wanted in (
            ("AND p.tokens @@ %(tokens)s::tsquery", asked.tokens),
            (_TEXT, asked.patterns),
        )
        if wanted
    )
    labels = ["labels @> %(labels)s::jsonb"] if asked.labels else []
    labels += ["sme"] if asked.sme else []
    parts = {
        "{score}": _SCORE,
        "{text}": text,
        "{shown}": _shown(asked),
        "{sellers}": _sellers(asked),
        "{own_price}": "min(o.price) FILTER (WHERE o.supplier_id = %(supplier)s)" if asked.supplier else "min(o.price)",
        "{of_areas}": _of_areas(asked) if asked.areas > 1 else "",
        "{kept}": (", area_prices, area_sme" if asked.areas > 1 else "") + (", seller_prices" if asked.price else ""),
        "{in_category}": "category_id = %(category)s" if asked.category else "true",
        "{in_brand}": "brand = ANY(%(brands)s::text[])" if asked.brands else "true",
        "{in_price}": _in_band("coalesce(own_price, any_price)") if asked.price else "true",
        "{in_labels}": " AND ".join(labels) or "true",
    }
    return _filled(_HITS, parts)


def _sellers(asked: Asked) -> str:
    """Who sells a product, with the prices where those decide; of several areas a seller's offer has several rows."""
    if asked.price:
        return "array_agg(o.price) AS seller_prices, array_agg(o.supplier_id)"
    return f"array_agg({'DISTINCT ' if asked.areas > 1 else ''}o.supplier_id)"


def _of_areas(asked: Asked) -> str:
    """The price in each delivery area, of the chosen supplier where there is one, and whether a small firm sells."""
    own = "o.supplier_id = %(supplier)s AND " if asked.supplier else ""
    holds = [_HOLDS.replace("{ladder}", name) for name in ladder_names(asked.areas)]
    prices = ", ".join(f"min(o.price) FILTER (WHERE {own}{held})" for held in holds)
    small = ", ".join(f"coalesce(bool_or(s.is_sme) FILTER (WHERE {held}), false)" for held in holds)
    return f", ARRAY[{prices}] AS area_prices, ARRAY[{small}] AS area_sme"


def _in_band(price: str) -> str:
    return f"({price} >= %(low)s AND (%(high)s::numeric IS NULL OR {price} < %(high)s))"


def _filled(statement: str, parts: dict[str, str]) -> str:
    for place, part in parts.items():
        statement = statement.replace(place, part)
    return statement


def counts_statement(asked: Asked) -> str:
    """Total and facets of the candidates, at most `most` of them."""
    return _hits(asked) + _counts(asked)


def _counts(asked: Asked) -> str:
    parts = {
        "{sold}": _SOLD_AT.replace("{in_band}", _in_band("min(sold.price)")) if asked.price else _SOLD,
        "{chosen_brands}": _CHOSEN_BRANDS if asked.brands else "",
        "{chosen_supplier}": _CHOSEN_SUPPLIER if asked.supplier else "",
        "{area_counts}": _area_counts(asked) if asked.areas > 1 else "",
    }
    return _filled(_COUNTS, parts)


def _area_counts(asked: Asked) -> str:
    conditions = [f"AND {_in_band('held.price')}"] if asked.price else []
    conditions += ["AND held.sme"] if asked.sme else []
    return _filled(_AREA_COUNTS, {"{conditions}": " ".join(conditions)})


def whole_statement(asked: Asked, *, sort: str, continued: bool, with_facets: bool = True) -> str:
    """The page and, unless left out, total and facets, of candidates that are read all."""
    beyond, order = _ORDERS[sort]
    page = _filled(_PAGE_OF_HITS, {"{beyond}": f"AND {beyond}" if continued else "", "{order}": order})
    if with_facets:
        return f"{_hits(asked)}{_counts(asked)} UNION ALL {page}"
    found = "SELECT 'found', '', count(*), NULL::numeric, 0, 0::bigint FROM found UNION ALL"
    return f"{_hits(asked)} {found} {page}"


# One page by walking an index: each product stands at the row of the cheapest offer that the shelf shows, so a row is
# looked at once and thrown away or kept. What the reader chose is a condition of its own here.
_WALK = """
SELECT 'item' AS kind, o.product_id::text AS value, 0 AS amount, o.price, {score} AS score, o.sales, o.product_id AS id
{offered}
  JOIN products_product p ON p.id = o.product_id
 WHERE {shown} AND o.category_id = ANY(%(categories)s::text[]) AND p.state = 'listed' {conditions}
   AND (o.offer_id, o.level, o.price) = (
       SELECT o.offer_id, o.level, o.price {cheapest_offered}
        WHERE o.product_id = p.id AND {shown} {of_supplier} ORDER BY o.price, o.offer_id, o.level LIMIT 1)
"""
_ANY_SME = """AND EXISTS (SELECT 1 {offered} WHERE o.product_id = p.id AND s.is_sme AND {shown})"""
_WALK_ORDERS = {
    "relevance": ("(o.sales, o.product_id) < (%(after_2)s, %(after_3)s)", "o.sales DESC, o.product_id DESC"),
    "sales": ("(o.sales, o.product_id) < (%(after_1)s, %(after_2)s)", "o.sales DESC, o.product_id DESC"),
    "price": ("(o.price, o.product_id) > (%(after_1)s, %(after_2)s)", "o.price, o.product_id"),
    "price_down": ("(o.price, o.product_id) < (%(after_1)s, %(after_2)s)", "o.price DESC, o.product_id DESC"),
}


# On a walk the planner must not guess how many products hold the text: of a word that its sample of the table has
# missed it believes that none does, and reads the whole table. Of a CASE it expects every second row, and walks.
_TEXT_ON_A_WALK = "AND CASE WHEN p.haystack LIKE ALL (%(patterns)s::text[]) THEN true END"


def _walk(asked: Asked, *, text: str = _TEXT_ON_A_WALK, more: str = "") -> str:
    conditions = {
        text: asked.tokens,
        "AND o.category_id = %(category)s": asked.category,
        "AND p.brand = ANY(%(brands)s::text[])": asked.brands,
        "AND o.supplier_id = %(supplier)s": asked.supplier,
        f"AND {_in_band('o.price')}": asked.price,
        "AND p.labels @> %(labels)s::jsonb": asked.labels,
        _ANY_SME: asked.sme,
    }
    parts = {
        "{score}": "%(level)s",
        "{conditions}": " ".join(part for part, wanted in conditions.items() if wanted) + more,
        "{of_supplier}": "AND o.supplier_id = %(supplier)s" if asked.supplier else "",
        "{offered}": _OFFERED,
        "{cheapest_offered}": _OFFERED,
        "{shown}": _shown(asked),
    }
    return _filled(_WALK, parts)


def walk_statement(asked: Asked, *, sort: str, continued: bool) -> str:
    """A page of a broad search: of the categories of `%(level_categories)s` when sorted by relevance."""
    beyond, order = _WALK_ORDERS[sort]
    more = " AND o.category_id = ANY(%(level_categories)s::text[])" if sort == "relevance" else ""
    if continued:
        more += f" AND {beyond}"
    return f"{_walk(asked, more=more)} ORDER BY {order} LIMIT %(size)s"


_COLLECTED = """
WITH every AS MATERIALIZED ({walk})
SELECT 'total' AS kind, '' AS value, count(*) AS amount, NULL::numeric AS price, 0 AS score, 0::bigint AS sales
  FROM every
UNION ALL
(SELECT kind, value, amount, price, score, sales FROM every f {beyond} ORDER BY {order} LIMIT %(size)s)
"""


def collect_statement(asked: Asked, *, sort: str, continued: bool) -> str:
    """A page of a broad text whose filters leave little: everything that is left is collected, counted and sorted."""
    beyond, order = _ORDERS[sort]
    tokens = " AND p.tokens @@ %(tokens)s::tsquery" if asked.tokens else ""
    walk = _walk(asked, text=_TEXT, more=tokens).replace("%(level)s AS score", f"{_SCORE.strip()} AS score")
    return _filled(_COLLECTED, {"{walk}": walk, "{beyond}": f"WHERE {beyond}" if continued else "", "{order}": order})


# How many products hold the text, from each 256th.
SAMPLED = "SELECT count(*) FROM products_product p WHERE p.tokens @@ %(tokens)s::tsquery"
SIZE_OF_LIBRARY = "SELECT reltuples FROM pg_class WHERE oid = 'products_product'::regclass"

_DETAILS = """
SELECT p.id, p.code, p.title, p.brand, p.model, p.unit, p.category_id,
       CASE WHEN sold.sme THEN p.labels || '["sme"]'::jsonb ELSE p.labels END, sold.offers, p.is_demo, v.version
  FROM products_product p
 CROSS JOIN LATERAL (
    SELECT count({each} o.offer_id) AS offers, bool_or(s.is_sme) AS sme {offered} WHERE o.product_id = p.id AND {shown}
 ) sold
  LEFT JOIN products_productpicture v ON v.product_id = p.id
 WHERE p.id = ANY(%(ids)s::bigint[])
"""


def details_statement(asked: Asked) -> str:
    """What a page shows of its products."""
    each = "DISTINCT" if asked.areas > 1 else ""
    return _filled(_DETAILS, {"{offered}": _OFFERED, "{shown}": _shown(asked), "{each}": each})


# How many products of the shelf hold each of some texts, counted up to a bound.
_HITS_OF_TEXTS = """
SELECT t.place, (
    SELECT count(*) FROM (
        SELECT 1 FROM products_product p
         WHERE p.state = 'listed' AND p.category_id = ANY(%(categories)s::text[]) AND p.tokens @@ t.tokens::tsquery
           AND p.haystack LIKE ALL (string_to_array(t.patterns, '|'))
           AND EXISTS (SELECT 1 {offered} WHERE o.product_id = p.id AND {shown})
         LIMIT %(most)s
    ) found)
  FROM unnest(%(token_lists)s::text[], %(pattern_lists)s::text[]) WITH ORDINALITY AS t(tokens, patterns, place)
"""


def hits_statement(asked: Asked) -> str:
    """Hits of several texts at once, by their place in the lists, from 1."""
    return _filled(_HITS_OF_TEXTS, {"{offered}": _OFFERED, "{shown}": _shown(asked)})


# The product sold most of each category, for its picture: one short walk a category.
EXAMPLES = """
SELECT c.code, example.code, example.version
  FROM unnest(%(categories)s::text[]) AS c(code)
 CROSS JOIN LATERAL (
    SELECT p.code, v.version
      FROM products_onsale o
      JOIN products_product p ON p.id = o.product_id
      JOIN products_productpicture v ON v.product_id = p.id
     WHERE o.category_id = c.code AND p.state = 'listed'
     ORDER BY o.sales DESC, o.product_id DESC LIMIT 1
 ) example
"""
