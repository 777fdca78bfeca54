"""A real database for the tests: real logins, real commits, and the baseline put back after each test."""

from __future__ import annotations

import fcntl
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
from django.db import connections
from psycopg2 import sql

from tests.environment import OWNER_PASSWORD, admin_url, database_name

TENANTS = ("990001", "990002")
SCHEMAS = ("public", *(f"t{code}" for code in TENANTS))

_BASELINE = """
CREATE SCHEMA baseline;
CREATE TABLE baseline.tables (name text PRIMARY KEY, columns text, rows bigint, xid bigint);
DO $$
DECLARE t record; n bigint;
BEGIN
    FOR t IN SELECT format('%I.%I', n.nspname, c.relname) AS name, c.oid,
                    (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
                      WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '') AS columns
               FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
              WHERE c.relkind = 'r' AND n.nspname = ANY (ARRAY[{schemas}]) AND c.relname <> 'django_migrations'
    LOOP
        EXECUTE format('CREATE TABLE baseline.%I AS SELECT %s FROM %s', t.name, t.columns, t.name);
        EXECUTE format('SELECT count(*) FROM %s', t.name) INTO n;
        INSERT INTO baseline.tables VALUES (t.name, t.columns, n, NULL);
    END LOOP;
    UPDATE baseline.tables SET xid = pg_current_xact_id()::text::bigint;
END $$;
CREATE FUNCTION baseline.restore() RETURNS integer LANGUAGE plpgsql AS $$
DECLARE t record; changed boolean; restored integer := 0;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR t IN SELECT * FROM baseline.tables LOOP
        EXECUTE format('SELECT count(*) <> %s OR coalesce(max(xmin::text::bigint) > %s, false) FROM %s',
                       t.rows, t.xid, t.name) INTO changed;
        IF changed THEN
            EXECUTE format('DELETE FROM %s', t.name);
            EXECUTE format('INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE SELECT * FROM baseline.%I',
                           t.name, t.columns, t.name);
            EXECUTE format('UPDATE baseline.tables SET xid = %s WHERE name = %L',
                           pg_current_xact_id()::text::bigint, t.name);
            restored := restored + 1;
        END IF;
    END LOOP;
    -- A suspended mall's login lost a right, which is no row: it goes by the registry's row, put back above.
    PERFORM public.registry_align_journal(r.schema_name) FROM public.registry_tenant r
      JOIN pg_class c ON c.oid = to_regclass(format('%I.journal_journalentry', r.schema_name))
     WHERE NOT has_table_privilege(r.schema_name, c.oid, 'INSERT');
    RETURN restored;
END $$;
REVOKE ALL ON FUNCTION baseline.restore() FROM PUBLIC;
"""


@contextmanager
def admin(database: str = "") -> Iterator[psycopg2.extensions.connection]:
    """A superuser's connection in autocommit."""
    connection = psycopg2.connect(admin_url(database or database_name()))
    connection.autocommit = True
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def roles_lock() -> Iterator[None]:
    """Roles belong to the whole cluster: test processes side by side must not create them at once."""
    # One lock a cluster and account: another account's file could not be opened.
    name = f"yz-test-roles-{os.getuid()}-{urlsplit(admin_url()).port}.lock"
    with (Path(tempfile.gettempdir()) / name).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def create_database() -> None:
    """Drops and creates the test database, owned by yz_owner, as `bin/up` does for the real one."""
    name = sql.Identifier(database_name())
    with admin("postgres") as connection, connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = 'yz_owner'")
        verb = "ALTER" if cursor.fetchone() else "CREATE"
        cursor.execute(f"{verb} ROLE yz_owner LOGIN CREATEROLE NOSUPERUSER PASSWORD %s", [OWNER_PASSWORD])
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        cursor.execute(sql.SQL("CREATE DATABASE {} OWNER yz_owner").format(name))
        cursor.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
        # Less than a test may take altogether, so that a statement that waits for ever names its test.
        cursor.execute(sql.SQL("ALTER DATABASE {} SET statement_timeout = '240s'").format(name))
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm; CREATE EXTENSION IF NOT EXISTS btree_gin")


def adopt_roles() -> None:
    """Roles left by another test database were created by its yz_owner, the same one: nothing to adopt but rights.

    A role made by the superuser would be out of yz_owner's reach; the admin option is given here.
    """
    with admin("postgres") as connection, connection.cursor() as cursor:
        cursor.execute(r"SELECT rolname FROM pg_roles WHERE rolname ~ '^(yz_(region|mall|relay|sweeper)|t[0-9]{6}.*)$'")
        for (role,) in cursor.fetchall():
            cursor.execute(sql.SQL("GRANT {} TO yz_owner WITH ADMIN OPTION").format(sql.Identifier(role)))


# Baselines on top of each other; the last one is what a test finds.
_layers: list[str] = []


def take_baseline() -> None:
    """Remembers every row of every room as it is now."""
    close_all()
    name = f"baseline{len(_layers) or ''}"
    schemas = ", ".join(f"'{schema}'" for schema in SCHEMAS)
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute(_BASELINE.replace("{schemas}", schemas).replace("baseline", name))
    _layers.append(name)


# Kept from test to test: a new one would read every table's definition anew before it looks for changes.
_restoring: list[psycopg2.extensions.connection] = []


def restore_baseline() -> None:
    """Puts back the rows of the tables that a test changed."""
    statement = f"SELECT {_layers[-1]}.restore()"
    if _restoring:
        try:
            _restoring[0].cursor().execute(statement)
        except psycopg2.OperationalError:  # a test has ended everybody's connections
            _restoring.pop().close()
        else:
            return
    connection = psycopg2.connect(admin_url(database_name()))
    connection.autocommit = True
    _restoring.append(connection)
    connection.cursor().execute(statement)


def drop_baseline() -> None:
    """Forgets the last baseline: from here on the one below counts, and its rows are back."""
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA {_layers.pop()} CASCADE")
    restore_baseline()


def close_all() -> None:
    """Closes this thread's connections, parked ones included."""
    for connection in connections.all():
        connection.close_kept()


def wait_until_settled(seconds: float = 20.0) -> None:
    """Waits until every transaction that began before now has ended.

    Snapshots see the whole cluster: a transaction that another test process has open beside this one holds the
    relay's cut-off back here too.
    """
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        marker = cursor.fetchone()[0]
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
            if cursor.fetchone()[0] > marker:
                return
            time.sleep(0.01)
    raise TimeoutError("a transaction has been open in this cluster all the while")
