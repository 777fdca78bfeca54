"""What the database's own catalogue says of tenants: compared with the template, and thrown away after tests."""

from __future__ import annotations

from django.db import connections
from psycopg2 import sql

from tests.database import admin

_COLUMNS = """
SELECT c.relname, c.relkind::text, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity::text,
       pg_get_expr(d.adbin, d.adrelid)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
 WHERE n.nspname = %(schema)s AND c.relkind IN ('r', 'i') ORDER BY 1, 2, a.attnum
"""
_CONSTRAINTS = """
SELECT c.relname, k.contype::text, replace(pg_get_constraintdef(k.oid), %(schema)s || '.', '')
  FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = %(schema)s ORDER BY 1, 2, 3
"""
_LEFT = """
SELECT 'schema' FROM pg_namespace WHERE nspname = %(name)s
UNION ALL SELECT 'role' FROM pg_roles WHERE rolname = %(name)s
UNION ALL SELECT 'row' FROM registry_tenant WHERE code = %(code)s
UNION ALL SELECT 'host' FROM registry_domain WHERE domain LIKE %(host)s
"""


def catalogue(schema: str) -> list[list[tuple]]:
    """Every column, index and constraint of a schema, without its own name."""
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute(_COLUMNS, {"schema": schema})
        columns = cursor.fetchall()
        cursor.execute(_CONSTRAINTS, {"schema": schema})
        return [columns, cursor.fetchall()]


def names_left(code: str) -> list[str]:
    """What of a tenant there is: schema, role, row, host."""
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute(_LEFT, {"name": f"t{code}", "code": code, "host": f"{code.replace('_', '-')}.%"})
        return [what for (what,) in cursor.fetchall()]


def throw_away(*codes: str) -> None:
    """Removes schemas and logins as the superuser, whatever state they are in. Registry rows go with the baseline."""
    for connection in connections.all():
        connection.close_kept()
    with admin() as connection, connection.cursor() as cursor:
        for code in codes:
            name = sql.Identifier(f"t{code}")
            # A statement each: together they would need more locks than one transaction gets.
            cursor.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(name))
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [f"t{code}"])
            if cursor.fetchone():
                cursor.execute(sql.SQL("DROP OWNED BY {}").format(name))
                cursor.execute(sql.SQL("DROP ROLE {}").format(name))
