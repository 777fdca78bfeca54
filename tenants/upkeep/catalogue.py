"""What tables and sequences a schema has, as the database says."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connections
from psycopg2 import sql

from tenants.database.context import REGION_ALIAS
from tenants.upkeep.dumpfile import Sequence

_TABLES = """
SELECT c.relname,
       array_agg(a.attname::text ORDER BY a.attnum) FILTER (WHERE a.attgenerated = ''),
       coalesce((SELECT array_agg(k.attname::text ORDER BY array_position(i.indkey::int2[], k.attnum))
                   FROM pg_index i JOIN pg_attribute k ON k.attrelid = c.oid AND k.attnum = ANY (i.indkey)
                  WHERE i.indrelid = c.oid AND i.indisprimary), '{}')
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE n.nspname = %s AND c.relkind = 'r' GROUP BY c.oid, c.relname ORDER BY c.relname
"""
_SEQUENCES = """
SELECT t.relname, a.attname, s.relname
  FROM pg_class s JOIN pg_namespace n ON n.oid = s.relnamespace
  JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.oid AND d.deptype IN ('a', 'i')
   AND d.refclassid = 'pg_class'::regclass
  JOIN pg_class t ON t.oid = d.refobjid JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
 WHERE n.nspname = %s AND s.relkind = 'S' ORDER BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class TableShape:
    """A table's stored columns, and those of its primary key."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]


def tables_of(schema: str) -> list[TableShape]:
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(_TABLES, [schema])
        return [TableShape(name, tuple(columns or ()), tuple(key)) for name, columns, key in cursor.fetchall()]


def sequences_of(schema: str) -> list[Sequence]:
    """Where every numbered column stands. Sequences know no snapshot: never behind what the snapshot shows."""
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(_SEQUENCES, [schema])
        found = cursor.fetchall()
        if not found:
            return []
        cursor.execute(
            sql.SQL(" UNION ALL ").join(
                sql.SQL("SELECT {}, {}, last_value, is_called FROM {}").format(
                    sql.Literal(table), sql.Literal(column), sql.Identifier(schema, sequence)
                )
                for table, column, sequence in found
            )
        )
        return [Sequence(table, column, int(last), bool(called)) for table, column, last, called in cursor.fetchall()]
