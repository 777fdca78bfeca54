"""Bringing the rights of one schema in line with the declarations: what lacks is granted, what is too much revoked.

Granting what is there already would write every table's catalogue row again; so only the difference is run.
"""

from __future__ import annotations

from django.db import connections
from psycopg2 import sql
from psycopg2.sql import Composable

from tenants.database.context import REGION_ALIAS
from tenants.database.grants import TENANT, declared_in_tenant
from tenants.database.logins import RELAY, SWEEPER

# (table, login, privilege, column); the column is empty where the whole table is meant.
Right = tuple[str, str, str, str]
PUBLIC = "PUBLIC"

# By pg_depend, which has an index for it: pg_class has none on the schema, and holds every table of every tenant.
_FOUND = """
WITH tables AS (
    SELECT c.oid, c.relname, c.relacl, c.relowner FROM pg_depend d JOIN pg_class c ON c.oid = d.objid
     WHERE d.refclassid = 'pg_namespace'::regclass AND d.refobjid = %(schema)s::regnamespace
       AND d.classid = 'pg_class'::regclass AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
), held AS (
    SELECT t.relname, e.grantee, e.privilege_type, '' AS attname, t.relowner FROM tables t, aclexplode(t.relacl) e
    UNION ALL
    SELECT t.relname, e.grantee, e.privilege_type, a.attname, t.relowner
      FROM tables t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attacl IS NOT NULL AND NOT a.attisdropped,
           aclexplode(a.attacl) e
)
SELECT relname, CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END, privilege_type, attname
  FROM held WHERE grantee <> relowner
"""


def declared_rights(login: str) -> set[Right]:
    """What the applications declare, for the schema of `login`."""
    return {
        (grant.table, login if grant.login == TENANT else grant.login, privilege, column)
        for grant in declared_in_tenant()
        for privilege, column in grant.parsed()
    }


def bring_rights_in_line(schema: str) -> None:
    """Grants and revokes the difference. Belongs into the transaction that changed the schema."""
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(_FOUND, {"schema": schema})
        held = set(cursor.fetchall())
        declared = declared_rights(schema)
        statements: list[Composable] = [
            sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(
                sql.Identifier(schema), sql.SQL(", ").join(map(sql.Identifier, (schema, RELAY, SWEEPER)))
            )
        ]
        statements += [_change("REVOKE {} ON {} FROM {}", schema, right) for right in sorted(held - declared)]
        statements += [_change("GRANT {} ON {} TO {}", schema, right) for right in sorted(declared - held)]
        # A suspended or archived mall may not add to its journal, whatever is declared.
        statements.append(sql.SQL("SELECT public.registry_align_journal({})").format(sql.Literal(schema)))
        for statement in statements:
            cursor.execute(statement)


def _change(template: str, schema: str, right: Right) -> Composable:
    table, login, privilege, column = right
    what: Composable = sql.SQL(privilege)
    if column:
        what = sql.SQL("{} ({})").format(what, sql.Identifier(column))
    who = sql.SQL(PUBLIC) if login == PUBLIC else sql.Identifier(login)
    return sql.SQL(template).format(what, sql.Identifier(schema, table), who)
