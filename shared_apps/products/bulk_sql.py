"""Statements over a whole set of offers. Rows are passed as arrays, one a column: a third of what JSON costs to read.

Each is made for thousands of rows; which of them may be stored is `products.bulk`'s to say.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypedDict

from django.db import connections

from kernel.actor import Actor
from shared_apps.products.rules import PriceChange
from tenants.database.context import REGION_ALIAS

# One row a given row: its product and the supplier's open offer of it. Each OFFSET has them looked up one by one, by
# the index that names both: of a supplier that is just being filled the planner believes that there are no offers, and
# would go through all of them for each product; of a product, that all its offers are as quickly read.
JUDGE = """
SELECT p.id, p.state, o.id, o.state, o.price, o.reference_price, o.min_quantity, o.pack_quantity, o.stock_note,
       o.delivery_days, o.valid_from, o.valid_to, a.areas::text, o.pending_price, o.pending_reference_price,
       o.pending_areas::text
  FROM (SELECT u.code, u.n, %(supplier)s::bigint AS supplier
          FROM unnest(%(codes)s::text[]) WITH ORDINALITY AS u(code, n) OFFSET 0) g
  LEFT JOIN products_product p ON p.code = g.code
  LEFT JOIN LATERAL (
        SELECT * FROM products_offer
         WHERE product_id = p.id AND supplier_id = g.supplier AND state = ANY(%(states)s) OFFSET 0
       ) o ON true
  LEFT JOIN LATERAL (
        SELECT jsonb_agg(jsonb_build_array(division_code, freight::text, surcharge::text)) AS areas
          FROM products_offerarea WHERE offer_id = o.id
       ) a ON o.id IS NOT NULL
 ORDER BY g.n
"""
# In the order of ids, so that two calls cannot wait crosswise.
LOCK = "SELECT id FROM products_offer WHERE id = ANY(%(offers)s::bigint[]) ORDER BY id FOR UPDATE"
PRODUCTS = """
SELECT p.code, p.id FROM unnest(%(codes)s::text[]) AS u(code) JOIN products_product p ON p.code = u.code
"""
# In the order of products, for the same reason. An offer that somebody else has made meanwhile is left out.
_INSERT = """
INSERT INTO products_offer (product_id, supplier_id, price, reference_price, min_quantity, pack_quantity, stock_note,
                            delivery_days, valid_from, valid_to, state, state_reason, version, updated_at)
SELECT product_id, %(supplier)s, price, reference_price, min_quantity, pack_quantity, stock_note, delivery_days,
       COALESCE(valid_from, %(today)s::date), valid_to, %(state)s, '', 1, %(now)s
  FROM unnest(%(products)s::bigint[], %(prices)s::numeric[], %(reference_prices)s::numeric[],
              %(min_quantities)s::int[], %(pack_quantities)s::int[], %(stock_notes)s::text[],
              %(delivery_days)s::int[], %(valid_froms)s::date[], %(valid_tos)s::date[])
    AS g(product_id, price, reference_price, min_quantity, pack_quantity, stock_note, delivery_days, valid_from,
         valid_to)
 ORDER BY product_id
ON CONFLICT DO NOTHING RETURNING product_id, id
"""
_DELIVER = """
INSERT INTO products_offerarea (offer_id, division_code, freight, surcharge)
SELECT made.id, a.code, a.freight, a.surcharge
  FROM unnest(%(area_of)s::bigint[], %(area_codes)s::text[], %(freights)s::numeric[], %(surcharges)s::numeric[])
    AS a(product_id, code, freight, surcharge)
  JOIN unnest(%(made_products)s::bigint[], %(made_offers)s::bigint[]) AS made(product_id, id)
    ON made.product_id = a.product_id
"""
_UPDATE = """
UPDATE products_offer o
   SET price = g.price, reference_price = g.reference_price, min_quantity = g.min_quantity,
       pack_quantity = g.pack_quantity, stock_note = g.stock_note, delivery_days = g.delivery_days,
       valid_from = COALESCE(g.valid_from, o.valid_from), valid_to = g.valid_to,
       pending_since = CASE WHEN g.pending_price IS NULL THEN NULL ELSE %(now)s END,
       pending_price = g.pending_price, pending_reference_price = g.pending_reference_price,
       pending_areas = g.pending_areas::jsonb, version = o.version + 1, updated_at = %(now)s
  FROM unnest(%(offers)s::bigint[], %(prices)s::numeric[], %(reference_prices)s::numeric[],
              %(min_quantities)s::int[], %(pack_quantities)s::int[], %(stock_notes)s::text[],
              %(delivery_days)s::int[], %(valid_froms)s::date[], %(valid_tos)s::date[],
              %(pending_prices)s::numeric[], %(pending_reference_prices)s::numeric[], %(pending_areas)s::text[])
    AS g(offer_id, price, reference_price, min_quantity, pack_quantity, stock_note, delivery_days, valid_from,
         valid_to, pending_price, pending_reference_price, pending_areas)
 WHERE o.id = g.offer_id
"""
_NOTE = """
INSERT INTO products_offerprice (offer_id, change, before, after, changed_at, changed_by_id, changed_by_name,
                                 approved_by_name)
SELECT offer_id, %(change)s, before, after, %(now)s, %(by_id)s, %(by_name)s, ''
  FROM unnest(%(offers)s::bigint[], %(befores)s::numeric[], %(afters)s::numeric[]) AS g(offer_id, before, after)
"""
_CLEAR_AREAS = "DELETE FROM products_offerarea WHERE offer_id = ANY(%(offers)s::bigint[])"
_SET_AREAS = """
INSERT INTO products_offerarea (offer_id, division_code, freight, surcharge)
SELECT * FROM unnest(%(area_of)s::bigint[], %(area_codes)s::text[], %(freights)s::numeric[], %(surcharges)s::numeric[])
"""


class OfferRow(TypedDict):
    """One offer as JSON has it: amounts as texts, days as 2026-01-31, areas as [code, freight, surcharge]."""

    product_code: str
    price: str
    reference_price: str
    min_quantity: int
    pack_quantity: int
    stock_note: str
    delivery_days: int
    valid_from: str | None
    valid_to: str | None
    areas: list[list[str]]


@dataclass(frozen=True, slots=True)
class Change:
    """An offer's columns anew. Where dearer terms wait, `row` is what is asked for and `kept` is what stays on sale."""

    offer_id: int
    row: OfferRow
    # (price, market price) of what stays.
    kept: tuple[Decimal, Decimal] | None = None
    # Whether the areas asked for are others than those that stay.
    other_areas: bool = False


def array(values: Iterable[object]) -> str:
    """An array as PostgreSQL reads it, whatever stands in the values: parsed as one word, not as one a value."""
    return "{" + ",".join(["NULL" if value is None else _quoted(str(value)) for value in values]) + "}"


def _quoted(text: str) -> str:
    if "\\" in text or '"' in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def fetched(statement: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def _changed(statement: str, parameters: Mapping[str, Any]) -> int:
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.rowcount


def insert_offers(
    *, supplier_id: int, rows: Sequence[tuple[int, OfferRow]], state: str, now: datetime, today: date
) -> dict[int, int]:
    """Makes offers of (product, row), with their areas; returns their ids by product. Two statements."""
    given = {"supplier": supplier_id, "products": array(id for id, _row in rows), "state": state, "now": now}
    terms = _columns([row for _id, row in rows])
    made: dict[int, int] = dict(fetched(_INSERT, {**given, "today": today, **terms}))
    if made:
        _changed(_DELIVER, {**_areas(rows), "made_products": array(made), "made_offers": array(made.values())})
    return made


def change_offers(*, changes: Sequence[Change], now: datetime) -> int:
    """Writes the columns of offers that the caller has locked; returns how many there were. One statement."""
    columns = _columns([change.row for change in changes])
    asked = [change.kept is not None for change in changes]
    kept = [change.kept or (change.row["price"], change.row["reference_price"]) for change in changes]
    return _changed(
        _UPDATE,
        {
            **columns,
            "offers": array(change.offer_id for change in changes),
            "prices": array(price for price, _reference in kept),
            "reference_prices": array(reference for _price, reference in kept),
            "pending_prices": array(_if(waits, c.row["price"]) for waits, c in zip(asked, changes, strict=True)),
            "pending_reference_prices": array(
                _if(waits, c.row["reference_price"]) for waits, c in zip(asked, changes, strict=True)
            ),
            "pending_areas": array(_if(c.other_areas, json.dumps(c.row["areas"])) for c in changes),
            "now": now,
        },
    )


def _if(holds: bool, value: str) -> str | None:
    return value if holds else None


def note_lower_prices(*, actor: Actor, steps: Sequence[tuple[int, Decimal, str]], now: datetime) -> None:
    """Rows of the price history, of (offer, before, after). One statement."""
    offers, befores, afters = (array(values) for values in zip(*steps, strict=True))
    given = {"offers": offers, "befores": befores, "afters": afters, "change": PriceChange.LOWERED.value, "now": now}
    _changed(_NOTE, {**given, "by_id": actor.user_id, "by_name": actor.name})


def set_areas(*, rows: Sequence[tuple[int, OfferRow]]) -> None:
    """The delivery areas of (offer, row) anew. Two statements."""
    _changed(_CLEAR_AREAS, {"offers": array(id for id, _row in rows)})
    _changed(_SET_AREAS, _areas(rows))


def _columns(rows: Sequence[OfferRow]) -> dict[str, str]:
    return {
        "prices": array(row["price"] for row in rows),
        "reference_prices": array(row["reference_price"] for row in rows),
        "min_quantities": array(row["min_quantity"] for row in rows),
        "pack_quantities": array(row["pack_quantity"] for row in rows),
        "stock_notes": array(row["stock_note"] for row in rows),
        "delivery_days": array(row["delivery_days"] for row in rows),
        "valid_froms": array(row["valid_from"] for row in rows),
        "valid_tos": array(row["valid_to"] for row in rows),
    }


def _areas(rows: Iterable[tuple[int, OfferRow]]) -> dict[str, str]:
    flat = [(id, *area) for id, row in rows for area in row["areas"]]
    whose, codes, freights, surcharges = zip(*flat, strict=True) if flat else ((), (), (), ())
    return {
        "area_of": array(whose), "area_codes": array(codes), "freights": array(freights),
        "surcharges": array(surcharges),
    }  # fmt: skip
