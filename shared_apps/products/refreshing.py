"""Keeping what search reads in step with products and offers, in the transaction that changes them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import connections

from kernel.clock import local_date
from shared_apps.products.models import SearchWord
from shared_apps.products.rules.words import WORD_LENGTH_MAX, initials, syllables
from tenants.database.context import REGION_ALIAS

# The products stay locked until the change is committed: of two changes of one product the second reads what the
# first has written, and neither leaves a row behind. In the order of ids, so that two calls cannot wait crosswise.
_LOCK = "SELECT 1 FROM products_product WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id FOR NO KEY UPDATE"
_CLEAR = "DELETE FROM products_onsale WHERE product_id = ANY(%(ids)s::bigint[])"
_FILL = """
WITH area AS (
    SELECT a.offer_id, a.division_code::integer AS place, a.surcharge,
           CASE WHEN a.division_code = '650000' THEN 0 WHEN a.division_code LIKE '%%0000' THEN 1
                WHEN a.division_code LIKE '%%00' THEN 2 ELSE 3 END AS level
      FROM products_offerarea a JOIN products_offer o ON o.id = a.offer_id
     WHERE {which}
), priced AS (
    SELECT offer_id, level, surcharge, array_agg(place ORDER BY place) AS places FROM area GROUP BY 1, 2, 3
)
INSERT INTO products_onsale (product_id, offer_id, level, price, places, narrower, supplier_id, category_id, sales,
                             valid_from, valid_to)
SELECT p.id, o.id, a.level, o.price + a.surcharge, a.places,
       ARRAY(SELECT n.division_code::integer FROM products_offerarea n
              WHERE n.offer_id = o.id
                AND CASE WHEN n.division_code = '650000' THEN 0 WHEN n.division_code LIKE '%%0000' THEN 1
                         WHEN n.division_code LIKE '%%00' THEN 2 ELSE 3 END > a.level
              ORDER BY 1),
       o.supplier_id, p.category_id, p.sales, o.valid_from, o.valid_to
  FROM products_offer o
  JOIN products_product p ON p.id = o.product_id
  JOIN priced a ON a.offer_id = o.id
 WHERE {which} AND o.state = 'listed' AND p.state = 'listed' AND (o.valid_to IS NULL OR o.valid_to >= %(today)s)
"""
_REFRESH = _FILL.replace("{which}", "o.product_id = ANY(%(ids)s::bigint[])")

# Names and brands the library had not seen before: rarely any.
_UNKNOWN = """
SELECT DISTINCT w.word FROM products_product p, unnest(ARRAY[p.name, p.brand]) AS w(word)
 WHERE p.id = ANY(%(ids)s::bigint[]) AND p.state = 'listed' AND length(w.word) BETWEEN 1 AND %(longest)s
   AND NOT EXISTS (SELECT 1 FROM products_searchword s WHERE s.word = w.word)
 ORDER BY w.word
"""


def refresh_products(*, product_ids: Collection[int], now: datetime) -> None:
    """What search shows of these products, made anew, and their words. Four statements, however many products.

    Call it inside the transaction of every change of a product (title, category, labels, state) or of its offers
    (state, price, areas, days), once with all ids, after the change is written. A supplier's standing needs no call.
    """
    ids = sorted(set(product_ids))
    if not ids:
        return
    parameters: dict[str, Any] = {"ids": ids, "today": local_date(now)}
    with connections[REGION_ALIAS].cursor() as cursor:
        for statement in (_LOCK, _CLEAR, _REFRESH):
            cursor.execute(statement, parameters)
        cursor.execute(_UNKNOWN, {"ids": ids, "longest": WORD_LENGTH_MAX})
        unknown = [row[0] for row in cursor.fetchall()]
    learn(words=unknown)


# Neither changes what is shown: rows of days gone by are skipped when read, and sales only order the list.
_ENDED = "DELETE FROM products_onsale WHERE valid_to < %(today)s"
_SOLD = """
UPDATE products_onsale o SET sales = p.sales FROM products_product p WHERE p.id = o.product_id AND p.sales <> o.sales
"""
_UNLEARNT = """
SELECT DISTINCT w.word FROM products_product p, unnest(ARRAY[p.name, p.brand]) AS w(word)
 WHERE p.state = 'listed' AND length(w.word) BETWEEN 1 AND %(longest)s
   AND NOT EXISTS (SELECT 1 FROM products_searchword s WHERE s.word = w.word)
 ORDER BY w.word
"""


# An invented product keeps its invented sales until more than that is sold.
_SALES = """
UPDATE products_product p SET sales = CASE WHEN p.is_demo THEN greatest(p.sales, s.sold) ELSE s.sold END
  FROM unnest(%(ids)s::bigint[], %(sold)s::bigint[]) AS s(id, sold)
 WHERE p.id = s.id AND p.sales <> CASE WHEN p.is_demo THEN greatest(p.sales, s.sold) ELSE s.sold END
"""
_UNSOLD = "UPDATE products_product SET sales = 0 WHERE sales <> 0 AND NOT is_demo AND id <> ALL(%(ids)s::bigint[])"


def set_sales(*, sold: Mapping[int, int]) -> None:
    """Pieces sold of each product; of those left out none were. Inside the caller's transaction, two statements.

    Figures worked out from the malls' journals, so no journal row of their own. Search follows with `tidy_search`.
    """
    values = {"ids": list(sold), "sold": list(sold.values())}
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(_SALES, values)
        cursor.execute(_UNSOLD, values)


def tidy_search(*, now: datetime) -> None:
    """The daily round: rows of offers that ended go, sales are taken over, words not learnt yet are."""
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(_ENDED, {"today": local_date(now)})
        cursor.execute(_SOLD)
        cursor.execute(_UNLEARNT, {"longest": WORD_LENGTH_MAX})
        unknown = [row[0] for row in cursor.fetchall()]
    learn(words=unknown)


def learn(*, words: Collection[str]) -> None:
    """Adds words to what may be meant by a misspelt or spoken one; those that are there are left. One statement."""
    if words:
        SearchWord.objects.bulk_create(
            [SearchWord(word=word, pinyin=" ".join(syllables(word)), initials=initials(word)) for word in words],
            ignore_conflicts=True,
        )
