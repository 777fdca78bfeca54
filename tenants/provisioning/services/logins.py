"""Statements as the owner, and the logins of rooms."""

from __future__ import annotations

from django.db import connections
from psycopg2 import sql

from tenants.database.context import REGION_ALIAS
from tenants.database.logins import LOGIN_SETTINGS, password_of


def run(statement: sql.Composable | str) -> None:
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(statement)


def ensure_login(role: str, search_path: str) -> None:
    """Creates the login or brings its password and settings in line (roles outlive databases)."""
    name = sql.Identifier(role)
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        verb = sql.SQL("ALTER ROLE {} WITH {} {}") if cursor.fetchone() else sql.SQL("CREATE ROLE {} WITH {} {}")
        cursor.execute(
            verb.format(
                name,
                sql.SQL("LOGIN NOINHERIT PASSWORD"),
                sql.Literal(password_of(role)),
            )
        )
        for key, value in {**LOGIN_SETTINGS, "search_path": search_path}.items():
            cursor.execute(sql.SQL("ALTER ROLE {} SET {} = {}").format(name, sql.Identifier(key), sql.Literal(value)))
        cursor.execute(
            sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(
                sql.Identifier(connections[REGION_ALIAS].settings_dict["NAME"]), name
            )
        )
