"""No index of a mall's tables that another one begins with: it costs a write of every row and finds nothing more."""

from __future__ import annotations

from tenants.provisioning.plans import TEMPLATE_SCHEMA
from tests.database import admin

# Whole b-trees with their columns, classes and order in one text each, so that "begins with" is one comparison.
_INDEXES = """
SELECT c.relname, i.relname, x.indisunique,
       (SELECT string_agg(concat_ws(':', k.col, x.indclass[k.place - 1], x.indoption[k.place - 1]), ',' ORDER BY place)
          FROM unnest(x.indkey::int[]) WITH ORDINALITY AS k(col, place) WHERE k.place <= x.indnkeyatts) || ','
  FROM pg_index x
  JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid JOIN pg_am a ON a.oid = i.relam
 WHERE c.relnamespace = %s::regnamespace AND x.indpred IS NULL AND x.indexprs IS NULL AND a.amname = 'btree'
"""
# A cart has a few rows for a few days.
LEFT = {"storefront_cartline_cart_id_4919de04"}


def test_no_index_is_the_beginning_of_another() -> None:
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute(_INDEXES, [TEMPLATE_SCHEMA])
        found = cursor.fetchall()
    assert len(found) > 40
    redundant = {
        name
        for table, name, is_unique, columns in found
        if not is_unique
        for other_table, other, other_unique, others in found
        if (table, other) != (other_table, name)
        and table == other_table
        and others.startswith(columns)
        and (others != columns or other_unique or other < name)
    }
    assert redundant == LEFT
