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
       p.category_id, p.kind, coalesce(o.vat_rate, p.vat_rate), o.price, o.reference_price, o.min_quantity,
       o.stock_note, o.delivery_days, s.id, s.uscc, s.name, s.organisation_id, s.standing, s.is_sme,
       ({on_sale}), {freight}, {surcharge}, p.labels, p.is_demo,
       (SELECT v.version FROM products_productpicture v WHERE v.product_id = p.id), s.size,
       (SELECT r.median FROM listings_pricereference r WHERE r.product_id = p.id), o.pack_quantity
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
        "AND (%(admitted)s::bigint[] IS NULL OR s.id = ANY(%(admitted)s::bigint[])) AND {on_sale} "
        "ORDER BY o.price + {surcharge}, o.id",
    )
)
