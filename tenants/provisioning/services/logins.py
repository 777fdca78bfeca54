"""Statements as the owner, and the logins of rooms."""

from __future__ import annotations

from django.db import connections
from psycopg2 import sql

from kernel.locks import advisory_lock_key, advisory_xact_lock
from tenants.database.context import REGION_ALIAS
from tenants.database.logins import LOGIN_SETTINGS, password_of

# PostgreSQL stretches a password 4,096 times, against guessing, when a login is made and again in each of its new
# connections (5 and 3 ms). Ours are 256 random bits: nobody guesses them, stretched or not.
_ITERATIONS = 1
# Rights on the database are one row of the catalogue for all logins: two at once fail with "tuple concurrently
# updated". The lock is taken last in a transaction, so that only its commit is waited for.
_DATABASE_ROW = advisory_lock_key("provisioning", "rights on the database")


def run(statement: sql.Composable | str) -> None:
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(statement)


def ensure_login(role: str, search_path: str) -> None:
    """Creates the login or brings its password and settings in line (roles outlive databases), and lets it connect."""
    put_login(role, search_path)
    let_connect(role)


def put_login(role: str, search_path: str) -> None:
    """The login with its password and settings, as yet without the right to connect."""
    name = sql.Identifier(role)
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        verb = sql.SQL("ALTER ROLE {} WITH {} {}") if cursor.fetchone() else sql.SQL("CREATE ROLE {} WITH {} {}")
        statements: list[sql.Composable] = [sql.SQL("SET LOCAL scram_iterations = {}").format(sql.Literal(_ITERATIONS))]
        statements += [verb.format(name, sql.SQL("LOGIN NOINHERIT PASSWORD"), sql.Literal(password_of(role)))]
        statements += [
            sql.SQL("ALTER ROLE {} SET {} = {}").format(name, sql.Identifier(key), sql.Literal(value))
            for key, value in {**LOGIN_SETTINGS, "search_path": search_path}.items()
        ]
        cursor.execute(sql.SQL("; ").join(statements))


def let_connect(role: str) -> None:
    """The last statement of a transaction that makes a login: see `_DATABASE_ROW`."""
    _on_database("GRANT CONNECT ON DATABASE {} TO {}", role)


def end_sessions(role: str) -> None:
    """Ends the login's sessions in this database: one that outlives its login sees nothing of its successor's schema.

    PostgreSQL lets those end sessions who have the login's rights; the owner has them for the rest of the transaction,
    which drops the login.
    """
    name = sql.Identifier(role)
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(sql.SQL("GRANT {} TO CURRENT_USER WITH INHERIT TRUE, SET FALSE").format(name))
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity "
            "WHERE usename = %s AND datname = current_database() AND pid <> pg_backend_pid()",
            [role],
        )


def drop_login(role: str) -> None:
    """Takes the login's last right and the login away; the last statement of a transaction, as `let_connect`.

    Roles belong to the whole server: one that another database of it still uses loses its rights here and stays.
    Raises DependentObjectsStillExist (as ProgrammingError) when this database still holds something of it.
    """
    _on_database("REVOKE ALL ON DATABASE {} FROM {}", role)
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(_ELSEWHERE, [role])
        (elsewhere,) = cursor.fetchone()
        if not elsewhere:
            cursor.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


_ELSEWHERE = """
SELECT EXISTS (
    SELECT FROM pg_shdepend d JOIN pg_roles r ON r.oid = d.refobjid
      JOIN pg_database here ON here.datname = current_database()
     WHERE r.rolname = %s AND d.refclassid = 'pg_authid'::regclass
       AND CASE d.dbid WHEN 0 THEN d.classid = 'pg_database'::regclass AND d.objid <> here.oid
                       ELSE d.dbid <> here.oid END
)
"""


def _on_database(statement: str, role: str) -> None:
    advisory_xact_lock(REGION_ALIAS, _DATABASE_ROW)
    database = sql.Identifier(connections[REGION_ALIAS].settings_dict["NAME"])
    run(sql.SQL(statement).format(database, sql.Identifier(role)))
