"""The library's reads, written by hand: each is one statement, limited to a shelf and a delivery area.

Parameters are passed by name. `area_1` to `area_3` are division codes nearest first; an offer's price in an area is
that of the nearest division it names, and an offer that names none of them is not delivered there.
"""

# The nearest area of an offer `o`. Three plain joins on the unique index, not one ordered lookup an offer: for a whole
# shelf the planner can hash them.
_AREA = """
  LEFT JOIN products_offerarea a1 ON a1.offer_id = o.id AND a1.division_code = %(area_1)s
  LEFT JOIN products_offerarea a2 ON a2.offer_id = o.id AND a2.division_code = %(area_2)s
  LEFT JOIN products_offerarea a3 ON a3.offer_id = o.id AND a3.division_code = %(area_3)s
"""
_FREIGHT = "coalesce(a1.freight, a2.freight, a3.freight)"
_SURCHARGE = "coalesce(a1.surcharge, a2.surcharge, a3.surcharge)"
_OFFERED = """
    o.state = 'listed' AND s.standing = 'admitted'
    AND o.valid_from <= %(today)s AND (o.valid_to IS NULL OR o.valid_to >= %(today)s)
"""
_ON_SALE = f"p.state = 'listed' AND {_OFFERED}"


def _filled(statement: str) -> str:
    """The parts that every statement shares, put into their places."""
    parts = {
        "{area}": _AREA,
        "{freight}": _FREIGHT,
        "{surcharge}": _SURCHARGE,
        "{on_sale}": _ON_SALE,
        "{offered}": _OFFERED,
    }
    for place, part in parts.items():
        statement = statement.replace(place, part)
    return statement


_OFFERS = """
SELECT o.id, o.version, p.id, p.code, p.version, p.title, p.brand, p.model, p.spec, p.unit, p.item_id,
       p.category_id, p.kind, p.vat_rate, o.price, o.reference_price, o.min_quantity, o.stock_note,
       o.delivery_days, s.id, s.uscc, s.name, s.organisation_id, s.standing, s.is_sme,
       ({on_sale}), {freight}, {surcharge}, p.labels, p.is_demo,
       (SELECT v.version FROM products_productpicture v WHERE v.product_id = p.id)
  FROM products_offer o
  JOIN products_product p ON p.id = o.product_id
  JOIN suppliers_supplier s ON s.id = o.supplier_id
  {area}
 WHERE {which}
"""
# A few offers by their ids: every submit and approval asks. One ordered lookup an offer; with three joins more, the
# planner tried so many orders that planning took ten times as long as reading.
_NEAREST = """
  LEFT JOIN LATERAL (
    SELECT a.freight, a.surcharge FROM products_offerarea a
     WHERE a.offer_id = o.id AND a.division_code IN (%(area_1)s, %(area_2)s, %(area_3)s)
     ORDER BY array_position(ARRAY[%(area_1)s, %(area_2)s, %(area_3)s], a.division_code::text) LIMIT 1
  ) nearest ON true
"""
OFFERS_BY_ID = _filled(
    _OFFERS.replace("{which}", "o.id = ANY(%(ids)s::bigint[])")
    .replace("{area}", _NEAREST)
    .replace("{freight}", "nearest.freight")
    .replace("{surcharge}", "nearest.surcharge")
)
# What a shelf shows of some products, cheapest first.
OFFERS_OF_PRODUCTS = _filled(
    _OFFERS.replace(
        "{which}",
        "p.id = ANY(%(ids)s::bigint[]) AND {freight} IS NOT NULL AND s.id <> ALL(%(excluded)s::bigint[]) "
        "AND {on_sale} ORDER BY o.price + {surcharge}, o.id",
    )
)

# What is bought most: walks the index on sales and stops when there is enough, in the columns of a page.
POPULAR = _filled("""
SELECT p.id, p.code, p.title, p.brand, p.model, p.unit, p.category_id,
       CASE WHEN sold.sme THEN p.labels || '["sme"]'::jsonb ELSE p.labels END, p.sales, sold.price, sold.offers,
       0, p.is_demo, v.version
  FROM products_product p
 CROSS JOIN LATERAL (
    SELECT min(o.price + {surcharge}) AS price, count(*) AS offers, bool_or(s.is_sme) AS sme
      FROM products_offer o
      JOIN suppliers_supplier s ON s.id = o.supplier_id
      {area}
     WHERE o.product_id = p.id AND s.id <> ALL(%(excluded)s::bigint[]) AND {surcharge} IS NOT NULL AND {on_sale}
 ) sold
  LEFT JOIN products_productpicture v ON v.product_id = p.id
 WHERE p.category_id = ANY(%(categories)s::text[]) AND sold.price IS NOT NULL
 ORDER BY p.sales DESC, p.id DESC LIMIT %(size)s
""")

# Candidates by tokens, each run of the query checked as written, then the offers that the shelf shows in the area.
# The shelf's categories and suppliers limit everything; the reader's own filters become flags, so that each facet
# counts under all the other filters and one text serves page and facets alike.
# One pass from candidates to offers and one grouping: joining the groups back made the planner, which cannot guess how
# many products hold a text, aggregate once a product.
_HITS = _filled(
    """
WITH found AS MATERIALIZED (
    SELECT p.id, p.category_id, p.brand, p.labels, p.sales,
           CASE WHEN %(text)s = '' THEN 0 WHEN position(%(text)s IN p.haystack) = 1 THEN 3
                WHEN position(%(text)s IN p.haystack) > 0 THEN 2 ELSE 1 END AS score
      FROM products_product p
     WHERE p.state = 'listed' AND p.category_id = ANY(%(categories)s::text[]) {tokens}
       AND p.haystack LIKE ALL (%(patterns)s::text[])
), hit AS (
    SELECT f.id, f.category_id, f.brand, f.labels, f.sales, f.score, count(*) AS offers, bool_or(s.is_sme) AS sme,
           array_agg(o.supplier_id) AS sellers, min(o.price + {surcharge}) AS any_price,
           min(o.price + {surcharge}) FILTER (WHERE %(supplier)s IS NULL OR o.supplier_id = %(supplier)s) AS own_price
      FROM found f
      JOIN products_offer o ON o.product_id = f.id
      JOIN suppliers_supplier s ON s.id = o.supplier_id
      {area}
     WHERE s.id <> ALL(%(excluded)s::bigint[]) AND {surcharge} IS NOT NULL AND {offered}
     GROUP BY f.id, f.category_id, f.brand, f.labels, f.sales, f.score
), priced AS (
    SELECT hit.*, coalesce(own_price, any_price) AS price,
           CASE WHEN sme THEN labels || '["sme"]'::jsonb ELSE labels END AS shown_labels
      FROM hit
), flagged AS MATERIALIZED (
    SELECT priced.*, own_price IS NOT NULL AS in_supplier,
           (%(category)s = '' OR category_id = %(category)s) AS in_category,
           (%(brands)s::text[] = '{}' OR brand = ANY(%(brands)s::text[])) AS in_brand,
           (%(low)s IS NULL OR (price >= %(low)s AND (%(high)s IS NULL OR price < %(high)s))) AS in_price,
           shown_labels @> %(labels)s::jsonb AS in_labels
      FROM priced
)
"""
)
_ALL = "in_category AND in_brand AND in_supplier AND in_price AND in_labels"

_FACETS = """
{hits}
SELECT 'total', '', count(*) FROM flagged WHERE {all}
UNION ALL
SELECT 'category', category_id, count(*) FROM flagged
 WHERE in_brand AND in_supplier AND in_price AND in_labels GROUP BY category_id
UNION ALL
SELECT 'brand', brand, count(*) FROM flagged
 WHERE in_category AND in_supplier AND in_price AND in_labels GROUP BY brand
UNION ALL
SELECT 'supplier', seller::text, count(*) FROM flagged, unnest(sellers) seller
 WHERE in_category AND in_brand AND in_price AND in_labels GROUP BY seller
UNION ALL
SELECT 'label', label, count(*) FROM flagged, jsonb_array_elements_text(shown_labels) label
 WHERE in_category AND in_brand AND in_supplier AND in_price GROUP BY label
UNION ALL
SELECT 'price', band, count(*) FROM flagged
  JOIN unnest(%(bands)s::text[], %(lows)s::numeric[], %(highs)s::numeric[]) AS bands(band, low, high)
    ON price >= low AND (high IS NULL OR price < high)
 WHERE in_category AND in_brand AND in_supplier AND in_labels GROUP BY band
UNION ALL
SELECT 'name', id::text || ' ' || name, 0 FROM suppliers_supplier WHERE id IN (SELECT unnest(sellers) FROM flagged)
""".replace("{hits}", _HITS).replace("{all}", _ALL)

_PAGE = """
{hits}
SELECT f.id, p.code, p.title, p.brand, p.model, p.unit, f.category_id, f.shown_labels, f.sales, f.price, f.offers,
       f.score, p.is_demo, v.version
  FROM (SELECT * FROM flagged f WHERE {all} AND (NOT %(continued)s OR {beyond}) ORDER BY {order} LIMIT %(size)s) f
  JOIN products_product p ON p.id = f.id
  LEFT JOIN products_productpicture v ON v.product_id = p.id
 ORDER BY {order}
""".replace("{hits}", _HITS).replace("{all}", _ALL)

# The cursor's comparison and the order are two halves of one fact.
_ORDERS = {
    "relevance": (
        "(f.score, f.sales, f.id) < (%(after_1)s, %(after_2)s, %(after_3)s)",
        "f.score DESC, f.sales DESC, f.id DESC",
    ),
    "sales": ("(f.sales, f.id) < (%(after_1)s, %(after_2)s)", "f.sales DESC, f.id DESC"),
    "price": ("(f.price, f.id) > (%(after_1)s, %(after_2)s)", "f.price, f.id"),
    "price_down": ("(f.price, f.id) < (%(after_1)s, %(after_2)s)", "f.price DESC, f.id DESC"),
}
SORTS = tuple(_ORDERS)


def facets_statement(*, with_text: bool) -> str:
    """Total and facets of a search. Without text the token index is left out of the plan."""
    return _with_tokens(_FACETS, with_text)


def page_statement(*, sort: str, with_text: bool) -> str:
    """One page of a search in one of `SORTS`."""
    beyond, order = _ORDERS[sort]
    return _with_tokens(_PAGE, with_text).replace("{beyond}", beyond).replace("{order}", order)


def _with_tokens(statement: str, with_text: bool) -> str:
    return statement.replace("{tokens}", "AND p.tokens @@ %(tokens)s::tsquery" if with_text else "")
