"""SQL injection inside a tenant's request: what every attack of the battery gets, with real logins.

Each attack is tried on both aliases of the request, and then on a twin: one login shared by all tenants, as stock
schema-per-tenant systems use. There it must succeed, or it would prove nothing here.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import StringIO
from typing import Any

import psycopg2
import pytest
from django.conf import settings
from django.db import connections
from psycopg2.extensions import connection as Connection

from kernel import events
from kernel.actor import SYSTEM
from kernel.clock import utc_now
from tenant_apps.journal.services import record
from tenants.database.auditing import deviations
from tenants.database.context import region_as, tenant_atomic, tenant_selected
from tenants.database.logins import MALL
from tests.database import admin
from tests.environment import database_name

A, B = "990001", "990002"
VICTIM = "t990002"
TABLE = f"{VICTIM}.journal_journalentry"
SECRET = "canary-of-990002"

if "tests.rooms_tried" not in events._declared:
    events.declare(events.EventType("tests.rooms_tried", 1, {"note": str}))


def _rows(connection: Connection, *statements: str) -> str:
    """Runs the statements in one session and returns all that came back, as text."""
    out: list[Any] = []
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
            if cursor.description:
                out.append(cursor.fetchall())
        out.append(list(connection.notices))
    return repr(out)


def _copy(connection: Connection) -> str:
    buffer = StringIO()
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY (SELECT facts FROM {TABLE}) TO STDOUT", buffer)
    return buffer.getvalue()


def _copy_out(connection: Connection, statement: str) -> str:
    buffer = StringIO()
    with connection.cursor() as cursor:
        cursor.copy_expert(statement, buffer)
    return buffer.getvalue()


def _sql(*statements: str) -> Callable[[Connection], str]:
    return lambda connection: _rows(connection, *statements)


READ = f"SELECT facts::text FROM {TABLE}"
READ_INTO = f"SELECT facts::text INTO t FROM {TABLE}"
STATISTICS = "SELECT schemaname, tablename, most_common_vals::text FROM pg_stats WHERE attname = 'object_id'"
BARE = "SELECT facts::text FROM journal_journalentry"

ATTACKS: dict[str, Callable[[Connection], str]] = {
    "qualified read": _sql(READ),
    "union": _sql(f"SELECT 'x' WHERE false UNION ALL {READ}"),
    "stacked statements": _sql(f"SELECT 1; {READ}"),
    "set role": _sql(f"SET ROLE {VICTIM}", READ),
    "reset role": _sql("RESET ROLE", READ),
    "set_config role": _sql(f"SELECT set_config('role', '{VICTIM}', false)", READ),
    "set_config search_path": _sql(f"SELECT set_config('search_path', '{VICTIM}', false)", BARE),
    "set local search_path": _sql(f"BEGIN; SET LOCAL search_path = {VICTIM}", BARE),
    "query_to_xml": _sql(f"SELECT query_to_xml('{READ}', true, false, '')::text"),
    "schema_to_xml": _sql(f"SELECT schema_to_xml('{VICTIM}', true, false, '')::text"),
    "do block": _sql(f"DO $$ DECLARE t text; BEGIN {READ_INTO}; RAISE NOTICE '%', t; END $$"),
    "copy": _copy,
    "prepared statement": _sql(f"PREPARE p AS {READ}", "EXECUTE p"),
    "catalogue walk": _sql(STATISTICS),
    # What other sessions ask at this moment is told to their own login only.
    "others' statements": _sql("SELECT query FROM pg_stat_activity"),
    "row returned by a lock": _sql(f"BEGIN; SELECT facts FROM {TABLE} FOR UPDATE"),
    "copy of the table": lambda connection: _copy_out(connection, f"COPY {TABLE} (facts) TO STDOUT"),
    "cursor": _sql(f"BEGIN; DECLARE c CURSOR FOR {READ}", "FETCH ALL FROM c"),
    "subquery in a cast error": _sql(f"SELECT CAST(({READ} LIMIT 1) AS integer)"),
}

# Attacks that make something instead of reading: (statements, what proves that it was made).
MAKING: dict[str, str] = {
    "temp table": "CREATE TEMP TABLE journal_journalentry (facts jsonb)",
    "function": "CREATE FUNCTION evil() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "function in public": "CREATE FUNCTION public.evil() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "table": "CREATE TABLE evil (x int)",
    "schema": "CREATE SCHEMA evil",
    "other tenant's lock": f"BEGIN; LOCK TABLE {TABLE} IN ACCESS SHARE MODE; COMMIT",
    "other tenant's numbers": f"SELECT nextval('{VICTIM}.journal_journalentry_id_seq')",
    "other tenant's rows changed": f"UPDATE {TABLE} SET event = 'x'",
    "other tenant's rows deleted": f"DELETE FROM {TABLE}",
    "other tenant's rows emptied": f"TRUNCATE {TABLE}",
    "other tenant's row": f"INSERT INTO {TABLE} (epoch, at, actor_name, organisation_name, event, event_version, "
    "object_type, object_id, facts) VALUES (1, now(), '', '', 'x', 1, 'x', 'x', '{}')",
}


# What reaches the server itself: (statement), refused to both doors; a superuser's login is the twin.
SERVER: dict[str, str] = {
    "reading a file": "SELECT pg_read_file('PG_VERSION')",
    "listing files": "SELECT pg_ls_dir('.')",
    "copying to a file": "COPY (SELECT 1) TO '/dev/null'",
    "copying from a file": "COPY journal_journalentry (event) FROM '/dev/null'",
    "running a program": "COPY (SELECT 1) TO PROGRAM 'cat >/dev/null'",
    "importing a large object": "SELECT lo_import('/dev/null')",
    "reading passwords": "SELECT rolpassword FROM pg_authid",
    "reloading the configuration": "SELECT pg_reload_conf()",
    "changing a setting of the server": "SET session_replication_role = replica",
    "making a role": "CREATE ROLE evil",
    "making an extension": "CREATE EXTENSION IF NOT EXISTS file_fdw",
    "ending another's session": "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'yz_owner'",
    "raising oneself": "ALTER ROLE t990001 CREATEROLE",
}


@pytest.fixture(autouse=True)
def _secret(room: None) -> None:
    with tenant_selected(B), tenant_atomic():
        for _ in range(20):
            record(
                actor=SYSTEM, event="tests.rooms_tried", object_type="x", object_id=SECRET, facts={"note": SECRET},
                now=utc_now(),
            )  # fmt: skip
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {TABLE}")
    # The last statement of B's own session, which stays parked beside A's.
    with tenant_selected(B), connections["tenant"].cursor() as cursor:
        cursor.execute(f"SELECT 'asked by {SECRET}'")


@contextmanager
def tenant_connection() -> Iterator[Connection]:
    """The raw connection that a request of tenant A has on alias `tenant`."""
    with tenant_selected(A):
        wrapper = connections["tenant"]
        wrapper.ensure_connection()
        yield wrapper.connection
        wrapper.close()


@contextmanager
def mall_connection() -> Iterator[Connection]:
    """The raw connection that a request of any tenant has on alias `default`."""
    with region_as(MALL):
        wrapper = connections["default"]
        wrapper.ensure_connection()
        yield wrapper.connection
        wrapper.close()


@contextmanager
def shared_login() -> Iterator[Connection]:
    """The twin: one login with rights in every tenant's schema, which merely looks at one of them."""
    database = settings.DATABASES["default"]
    with admin() as root, root.cursor() as cursor:
        cursor.execute("DROP ROLE IF EXISTS yz_twin")
        cursor.execute("CREATE ROLE yz_twin LOGIN PASSWORD 'twin' IN ROLE t990001, t990002")
        for schema in ("t990001", "t990002"):
            cursor.execute(f"GRANT ALL ON SCHEMA {schema} TO yz_twin")
            cursor.execute(f"GRANT ALL ON ALL TABLES IN SCHEMA {schema} TO yz_twin")
        cursor.execute(f"GRANT ALL ON DATABASE {database_name()} TO yz_twin")
        cursor.execute("GRANT ALL ON SCHEMA public TO yz_twin")
        cursor.execute(f"GRANT ALL ON ALL SEQUENCES IN SCHEMA {VICTIM} TO yz_twin")
        cursor.execute("ALTER ROLE yz_twin SET search_path = t990001")
        connection = psycopg2.connect(
            host=database["HOST"], port=database["PORT"], dbname=database_name(), user="yz_twin", password="twin"
        )
        connection.autocommit = True
        try:
            yield connection
        finally:
            connection.close()
            cursor.execute("DROP OWNED BY yz_twin CASCADE")
            cursor.execute("DROP ROLE yz_twin")


def _try(connection: Connection, attack: Callable[[Connection], str]) -> str:
    try:
        return attack(connection)
    except psycopg2.Error as error:
        return str(error)
    finally:
        # Not connection.rollback(): in autocommit it knows nothing of an attack's own BEGIN.
        with suppress(psycopg2.Error), connection.cursor() as cursor:
            cursor.execute("ROLLBACK")


@pytest.mark.parametrize("door", [tenant_connection, mall_connection], ids=["tenant", "default"])
@pytest.mark.parametrize("name", ATTACKS)
def test_nothing_of_another_tenant_is_read(door: Callable[[], Any], name: str) -> None:
    with door() as connection:
        assert SECRET not in _try(connection, ATTACKS[name])


def test_every_attack_works_on_a_shared_login() -> None:
    failed = []
    with shared_login() as connection:
        # A server built without libxml refuses the XML attacks to everybody: they prove something elsewhere only.
        no_xml = "unsupported XML feature" in _try(connection, ATTACKS["query_to_xml"])
        for name, attack in ATTACKS.items():
            if no_xml and name.endswith("_to_xml"):
                continue
            if SECRET not in _try(connection, attack):
                failed.append(name)
            with connection.cursor() as cursor:
                cursor.execute("RESET ROLE; RESET search_path")
    assert failed == []


@pytest.mark.parametrize("door", [tenant_connection, mall_connection], ids=["tenant", "default"])
@pytest.mark.parametrize("name", MAKING)
def test_nothing_is_made(door: Callable[[], Any], name: str) -> None:
    with door() as connection, connection.cursor() as cursor, pytest.raises(psycopg2.errors.InsufficientPrivilege):
        cursor.execute(MAKING[name])


def test_everything_can_be_made_by_a_shared_login() -> None:
    with shared_login() as connection, connection.cursor() as cursor:
        for name, statement in MAKING.items():
            cursor.execute(statement)
            assert cursor.statusmessage, name
        cursor.execute("DROP FUNCTION public.evil(); DROP SCHEMA evil")


@pytest.mark.parametrize("door", [tenant_connection, mall_connection], ids=["tenant", "default"])
@pytest.mark.parametrize("name", SERVER)
def test_the_server_itself_is_out_of_reach(door: Callable[[], Any], name: str) -> None:
    refused = (psycopg2.errors.InsufficientPrivilege, psycopg2.errors.UndefinedTable)
    with door() as connection, connection.cursor() as cursor:
        if name == "ending another's session":
            # Refused row by row; without a session of the owner there is none to refuse.
            other = psycopg2.connect(os.environ["DATABASE_URL"])
            with pytest.raises(refused), other:
                cursor.execute(SERVER[name])
            other.close()
            return
        with pytest.raises(refused):
            cursor.execute(SERVER[name])


def test_a_superuser_s_login_reaches_the_server() -> None:
    """The twin: what the list would do on a login with more rights."""
    with admin() as connection, connection.cursor() as cursor:
        for name in ("reading a file", "listing files", "copying to a file", "running a program", "reading passwords"):
            cursor.execute(SERVER[name])
            assert cursor.statusmessage, name


def test_a_login_that_moves_its_own_path_gains_nothing() -> None:
    """A role may change its own settings: the path moves, the rights do not; check_grants tells, and it is put back."""
    with tenant_connection() as connection, connection.cursor() as cursor:
        cursor.execute(f"ALTER ROLE t990001 IN DATABASE {database_name()} SET search_path = {VICTIM}")
    try:
        with tenant_connection() as connection:
            assert SECRET not in _try(connection, _sql(BARE))
        assert f"extra: t990001 has search_path={VICTIM} on database settings" in list(map(str, deviations()))
    finally:
        with admin() as connection, connection.cursor() as cursor:
            cursor.execute(f"ALTER ROLE t990001 IN DATABASE {database_name()} RESET search_path")


def test_session_authorization_is_refused_and_works_on_a_superuser_login() -> None:
    statements = (f"SET SESSION AUTHORIZATION {VICTIM}", READ)
    for door in (tenant_connection, mall_connection):
        with door() as connection:
            assert SECRET not in _try(connection, _sql(*statements))
    with admin() as connection:
        assert SECRET in _try(connection, _sql(*statements))


def test_large_objects_of_one_tenant_are_closed_to_another() -> None:
    with tenant_selected(B), connections["tenant"].cursor() as cursor:
        cursor.execute("SELECT lo_from_bytea(0, %s)", [SECRET.encode()])
        (oid,) = cursor.fetchone()
    read = _sql(f"SELECT encode(lo_get({oid}), 'escape')")
    for door in (tenant_connection, mall_connection):
        with door() as connection:
            assert SECRET not in _try(connection, read)
    with shared_login() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT lo_from_bytea(0, %s)", [SECRET.encode()])
        (own,) = cursor.fetchone()
        assert SECRET in _try(connection, _sql(f"SELECT encode(lo_get({own}), 'escape')"))
        cursor.execute("SELECT lo_unlink(%s)", [own])
    with tenant_selected(B), connections["tenant"].cursor() as cursor:
        cursor.execute("SELECT lo_unlink(%s)", [oid])


def test_the_region_s_people_and_fees_are_closed_to_a_mall() -> None:
    """yz_mall reads libraries, rules and calendar; of people, fees, facts and the relay it reads nothing."""
    closed = (
        "accounts_user",
        "accounts_membership",
        "accounts_mallsession",
        "accounts_handoff",
        "accounts_securityevent",
        "fees_usageevent",
        "inbox_inboxitem",
        "invoice_numbers_numberuse",
        "region_journal_regionjournalentry",
        "django_session",
        "journaling_relayreceipt",
    )
    with mall_connection() as connection:
        for table in closed:
            with connection.cursor() as cursor, pytest.raises(psycopg2.errors.InsufficientPrivilege):
                cursor.execute(f"SELECT * FROM public.{table}")
