"""What a schema holds, in one hash: to prove that a tenant saw nothing of another's trade."""

from __future__ import annotations

import hashlib

from psycopg2 import sql

from tests.database import admin


def schema_checksum(schema: str) -> str:
    """SHA-256 over every row of every table of the schema, in a fixed order."""
    digest = hashlib.sha256()
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", [schema])
        for (table,) in cursor.fetchall():
            cursor.execute(
                sql.SQL("SELECT coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {} t").format(
                    sql.Identifier(schema, table)
                )
            )
            digest.update(f"{table}={cursor.fetchone()[0]};".encode())
    return digest.hexdigest()
