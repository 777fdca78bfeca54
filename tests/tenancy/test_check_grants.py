"""`check_grants`: the rights in the database are those declared; one more or one less of any kind is found."""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.management import call_command
from django.db import connections

from kernel.clock import utc_now
from tenants.database.auditing import deviations
from tenants.database.context import region_as
from tenants.database.grants import Grant, declared_functions, declared_in_region, declared_in_tenant
from tenants.divisions.models import Division
from tenants.provisioning.services import create_tenant
from tests.database import admin, roles_lock
from tests.environment import database_name

A, B = "t990001", "t990002"
# A third tenant of this database alone: its login may be tampered with while other test databases use A's and B's.
CODE = f"98{zlib.crc32(database_name().encode()) % 10_000:04d}"
T = f"t{CODE}"

# What makes one deviation of each kind, what takes it back, and how the check names it.
TWINS: dict[str, tuple[str, str, str]] = {
    "table of another tenant": (
        f"GRANT SELECT ON {B}.journal_journalentry TO {A}",
        f"REVOKE SELECT ON {B}.journal_journalentry FROM {A}",
        f"extra: {A} has SELECT on relation {B}.journal_journalentry",
    ),
    "own append-only table": (
        f"GRANT DELETE ON {A}.journal_journalentry TO {A}",
        f"REVOKE DELETE ON {A}.journal_journalentry FROM {A}",
        f"extra: {A} has DELETE on relation {A}.journal_journalentry",
    ),
    "truncate": (
        f"GRANT TRUNCATE ON {A}.orders_order TO {A}",
        f"REVOKE TRUNCATE ON {A}.orders_order FROM {A}",
        f"extra: {A} has TRUNCATE on relation {A}.orders_order",
    ),
    "grant option": (
        f"GRANT SELECT ON {A}.orders_order TO {A} WITH GRANT OPTION",
        f"REVOKE GRANT OPTION FOR SELECT ON {A}.orders_order FROM {A}",
        f"extra: {A} has SELECT WITH GRANT OPTION on relation {A}.orders_order",
    ),
    "table for everybody": (
        f"GRANT SELECT ON {A}.orders_order TO PUBLIC",
        f"REVOKE SELECT ON {A}.orders_order FROM PUBLIC",
        f"extra: PUBLIC has SELECT on relation {A}.orders_order",
    ),
    "table of the region": (
        "GRANT SELECT ON public.accounts_user TO yz_mall",
        "REVOKE SELECT ON public.accounts_user FROM yz_mall",
        "extra: yz_mall has SELECT on relation public.accounts_user",
    ),
    "a tenant in the region": (
        f"GRANT SELECT ON public.registry_tenant TO {A}",
        f"REVOKE SELECT ON public.registry_tenant FROM {A}",
        f"extra: {A} has SELECT on relation public.registry_tenant",
    ),
    "template": (
        f"GRANT SELECT ON tenant_template.orders_order TO {A}",
        f"REVOKE SELECT ON tenant_template.orders_order FROM {A}",
        f"extra: {A} has SELECT on relation tenant_template.orders_order",
    ),
    "column": (
        "GRANT UPDATE (password) ON public.accounts_user TO yz_relay",
        "REVOKE UPDATE (password) ON public.accounts_user FROM yz_relay",
        "extra: yz_relay has UPDATE on column public.accounts_user.password",
    ),
    "column of another tenant": (
        f"GRANT SELECT (total_amount) ON {B}.orders_order TO {A}",
        f"REVOKE SELECT (total_amount) ON {B}.orders_order FROM {A}",
        f"extra: {A} has SELECT on column {B}.orders_order.total_amount",
    ),
    "sequence": (
        f"GRANT USAGE ON SEQUENCE {B}.orders_order_id_seq TO {A}",
        f"REVOKE USAGE ON SEQUENCE {B}.orders_order_id_seq FROM {A}",
        f"extra: {A} has USAGE on relation {B}.orders_order_id_seq",
    ),
    "view": (
        f"CREATE VIEW {A}.peek AS SELECT * FROM {B}.orders_order; GRANT SELECT ON {A}.peek TO {A}",
        f"DROP VIEW {A}.peek",
        f"extra: {A} has SELECT on relation {A}.peek",
    ),
    "schema usage": (
        f"GRANT USAGE ON SCHEMA {B} TO {A}",
        f"REVOKE USAGE ON SCHEMA {B} FROM {A}",
        f"extra: {A} has USAGE on schema {B}",
    ),
    "schema create": (
        f"GRANT CREATE ON SCHEMA {A} TO {A}",
        f"REVOKE CREATE ON SCHEMA {A} FROM {A}",
        f"extra: {A} has CREATE on schema {A}",
    ),
    "schema public for everybody": (
        "GRANT USAGE ON SCHEMA public TO PUBLIC",
        "REVOKE USAGE ON SCHEMA public FROM PUBLIC",
        "extra: PUBLIC has USAGE on schema public",
    ),
    "function": (
        f"GRANT EXECUTE ON FUNCTION public.accounts_mall_visitor(text, text) TO {A}",
        f"REVOKE EXECUTE ON FUNCTION public.accounts_mall_visitor(text, text) FROM {A}",
        f"extra: {A} has EXECUTE on function public.accounts_mall_visitor(text, text)",
    ),
    "new function": (
        "CREATE FUNCTION public.evil() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "DROP FUNCTION public.evil()",
        "extra: PUBLIC has EXECUTE on function public.evil()",
    ),
    "definer without a path": (
        "CREATE FUNCTION public.evil() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'; "
        "REVOKE ALL ON FUNCTION public.evil() FROM PUBLIC",
        "DROP FUNCTION public.evil()",
        "extra: every caller has its owner's rights",
    ),
    "system function": (
        f"GRANT EXECUTE ON FUNCTION pg_catalog.pg_read_file(text) TO {A}",
        f"REVOKE EXECUTE ON FUNCTION pg_catalog.pg_read_file(text) FROM {A}",
        f"extra: {A} has EXECUTE on function pg_read_file(text)",
    ),
    "system table": (
        f"GRANT SELECT ON pg_catalog.pg_authid TO {A}",
        f"REVOKE SELECT ON pg_catalog.pg_authid FROM {A}",
        f"extra: {A} has SELECT on relation pg_authid",
    ),
    "system column": (
        f"GRANT SELECT (rolpassword) ON pg_catalog.pg_authid TO {A}",
        f"REVOKE SELECT (rolpassword) ON pg_catalog.pg_authid FROM {A}",
        f"extra: {A} has SELECT on column pg_authid.rolpassword",
    ),
    "system schema": (
        f"GRANT CREATE ON SCHEMA pg_catalog TO {A}",
        f"REVOKE CREATE ON SCHEMA pg_catalog FROM {A}",
        f"extra: {A} has CREATE on schema pg_catalog",
    ),
    "type": (
        f"CREATE TYPE {B}.colour AS ENUM ('red'); GRANT USAGE ON TYPE {B}.colour TO {A}",
        f"DROP TYPE {B}.colour",
        f"extra: {A} has USAGE on type {B}.colour",
    ),
    "language": (
        f"GRANT USAGE ON LANGUAGE sql TO {A} WITH GRANT OPTION",
        f"REVOKE ALL ON LANGUAGE sql FROM {A}",
        f"extra: {A} has USAGE on language sql",
    ),
    "database create": (
        "GRANT CREATE ON DATABASE {database} TO " + A,
        "REVOKE CREATE ON DATABASE {database} FROM " + A,
        f"extra: {A} has CREATE on database",
    ),
    "temporary tables for everybody": (
        "GRANT TEMPORARY ON DATABASE {database} TO PUBLIC",
        "REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC",
        "extra: PUBLIC has TEMPORARY on database",
    ),
    "large object": (
        f"SELECT lo_create(990001990); GRANT SELECT ON LARGE OBJECT 990001990 TO {A}",
        "SELECT lo_unlink(990001990)",
        f"extra: {A} has SELECT on large object 990001990",
    ),
    "own large object": (
        f"SET ROLE {A}; SELECT lo_create(990001991); RESET ROLE",
        "SELECT lo_unlink(990001991)",
        f"extra: {A} has OWNERSHIP on object large object 990001991",
    ),
    "foreign data wrapper": (
        f"CREATE FOREIGN DATA WRAPPER peek; GRANT USAGE ON FOREIGN DATA WRAPPER peek TO {A}",
        "DROP FOREIGN DATA WRAPPER peek",
        f"extra: {A} has USAGE on foreign data wrapper peek",
    ),
    "foreign server": (
        "CREATE FOREIGN DATA WRAPPER peek; CREATE SERVER peek FOREIGN DATA WRAPPER peek; "
        f"GRANT USAGE ON FOREIGN SERVER peek TO {A}",
        "DROP FOREIGN DATA WRAPPER peek CASCADE",
        f"extra: {A} has USAGE on foreign server peek",
    ),
    "user mapping": (
        "CREATE FOREIGN DATA WRAPPER peek; CREATE SERVER peek FOREIGN DATA WRAPPER peek; "
        f"CREATE USER MAPPING FOR {A} SERVER peek",
        "DROP FOREIGN DATA WRAPPER peek CASCADE",
        f"extra: {A} has USAGE on user mapping peek",
    ),
    "ownership": (
        f"ALTER TABLE {A}.storefront_cart OWNER TO {A}",
        f"ALTER TABLE {A}.storefront_cart OWNER TO yz_owner; "
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {A}.storefront_cart TO {A}",
        f"extra: {A} has OWNERSHIP on object table {A}.storefront_cart",
    ),
    "default rights": (
        f"ALTER DEFAULT PRIVILEGES FOR ROLE yz_owner GRANT SELECT ON TABLES TO {A}",
        f"ALTER DEFAULT PRIVILEGES FOR ROLE yz_owner REVOKE SELECT ON TABLES FROM {A}",
        f"extra: {A} has SELECT on default tables of yz_owner",
    ),
    "functions yet to be made": (
        "ALTER DEFAULT PRIVILEGES FOR ROLE yz_owner GRANT EXECUTE ON FUNCTIONS TO PUBLIC",
        "ALTER DEFAULT PRIVILEGES FOR ROLE yz_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
        "extra: PUBLIC has EXECUTE on default functions of yz_owner",
    ),
    "parameter": (
        f"GRANT SET ON PARAMETER session_replication_role TO {T}",
        f"REVOKE SET ON PARAMETER session_replication_role FROM {T}",
        f"extra: {T} has SET on parameter session_replication_role",
    ),
    "tablespace": (
        f"GRANT CREATE ON TABLESPACE pg_default TO {T}",
        f"REVOKE CREATE ON TABLESPACE pg_default FROM {T}",
        f"extra: {T} has CREATE on tablespace pg_default",
    ),
    "membership": (
        f"GRANT {B} TO {T}",
        f"REVOKE {B} FROM {T}",
        f"extra: {T} has MEMBERSHIP on role {B}",
    ),
    "reading everything": (
        f"GRANT pg_read_all_data TO {T}",
        f"REVOKE pg_read_all_data FROM {T}",
        f"extra: {T} has MEMBERSHIP on role pg_read_all_data",
    ),
    "acting as the owner": (
        f"CREATE ROLE spy_of_{T} LOGIN; GRANT yz_owner TO spy_of_{T}",
        f"DROP ROLE spy_of_{T}",
        f"extra: spy_of_{T} has MEMBERSHIP on role yz_owner",
    ),
    "acting as a tenant": (
        f"CREATE ROLE spy_of_{T} LOGIN; GRANT {T} TO spy_of_{T}",
        f"DROP ROLE spy_of_{T}",
        f"extra: spy_of_{T} has MEMBERSHIP on role {T}",
    ),
    "right of a stranger": (
        f"CREATE ROLE spy_of_{T} LOGIN; GRANT SELECT ON {A}.orders_order TO spy_of_{T}",
        f"REVOKE SELECT ON {A}.orders_order FROM spy_of_{T}; DROP ROLE spy_of_{T}",
        f"extra: spy_of_{T} has SELECT on relation {A}.orders_order",
    ),
    "role making roles": (
        f"ALTER ROLE {T} CREATEROLE",
        f"ALTER ROLE {T} NOCREATEROLE",
        f"extra: {T} has CREATEROLE on cluster roles",
    ),
    "role passing row policies": (
        f"ALTER ROLE {T} BYPASSRLS",
        f"ALTER ROLE {T} NOBYPASSRLS",
        f"extra: {T} has BYPASSRLS on cluster roles",
    ),
    "superuser": (
        f"ALTER ROLE {T} SUPERUSER",
        f"ALTER ROLE {T} NOSUPERUSER",
        f"extra: {T} has SUPERUSER on cluster roles",
    ),
    "setting": (
        f"ALTER ROLE {T} IN DATABASE {{database}} SET search_path = {B}",
        f"ALTER ROLE {T} IN DATABASE {{database}} RESET search_path",
        f"extra: {T} has search_path={B} on database settings",
    ),
    "setting of everybody": (
        f"ALTER DATABASE {{database}} SET search_path = {B}",
        "ALTER DATABASE {database} RESET search_path",
        f"extra: PUBLIC has search_path={B} on database settings",
    ),
    "a right taken away": (
        f"REVOKE INSERT ON {A}.orders_order FROM {A}",
        f"GRANT INSERT ON {A}.orders_order TO {A}",
        f"missing: {A} has INSERT on relation {A}.orders_order",
    ),
    "a column right taken away": (
        "REVOKE SELECT (email) ON public.accounts_user FROM yz_relay",
        "GRANT SELECT (email) ON public.accounts_user TO yz_relay",
        "missing: yz_relay has SELECT on column public.accounts_user.email",
    ),
    "a schema taken away": (
        f"REVOKE USAGE ON SCHEMA {A} FROM yz_sweeper",
        f"GRANT USAGE ON SCHEMA {A} TO yz_sweeper",
        f"missing: yz_sweeper has USAGE on schema {A}",
    ),
    "a function taken away": (
        "REVOKE EXECUTE ON FUNCTION public.accounts_leave_mall(text, text) FROM yz_mall",
        "GRANT EXECUTE ON FUNCTION public.accounts_leave_mall(text, text) TO yz_mall",
        "missing: yz_mall has EXECUTE on function public.accounts_leave_mall(text, text)",
    ),
    "a table that is not there": (
        f"ALTER TABLE {A}.storefront_cart RENAME TO elsewhere",
        f"ALTER TABLE {A}.elsewhere RENAME TO storefront_cart",
        f"missing: {A} has its rights (there is no such table) on relation {A}.storefront_cart",
    ),
    "connecting taken away": (
        "REVOKE CONNECT ON DATABASE {database} FROM " + A,
        "GRANT CONNECT ON DATABASE {database} TO " + A,
        f"missing: {A} has CONNECT on database",
    ),
}


@pytest.fixture(autouse=True)
def third(room: None) -> Iterator[None]:
    """Tenant T. Parameters, tablespaces and memberships are the cluster's: one test database at a time."""
    with roles_lock():
        with region_as("yz_region"):
            Division.objects.create(code=CODE, name="测试丁县", level="county", parent_id="650000")
        create_tenant(code=CODE, now=utc_now())
        yield
        for connection in connections.all():
            connection.close_kept()
        with admin() as connection, connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA {T} CASCADE")
            cursor.execute(f"DROP OWNED BY {T}")
            cursor.execute(f"DROP ROLE {T}")


@contextmanager
def made(statement: str, undo: str) -> Iterator[None]:
    """Runs `statement` as the superuser and takes it back. A right given back comes from yz_owner, as it did."""
    statement, undo = (text.replace("{database}", database_name()) for text in (statement, undo))
    with admin() as connection, connection.cursor() as cursor:
        for part in statement.split("; "):
            cursor.execute(part)
        try:
            yield
        finally:
            if undo.startswith("GRANT"):
                cursor.execute("SET ROLE yz_owner")
            for part in undo.split("; "):
                cursor.execute(part)


def test_every_right_is_as_declared() -> None:
    assert list(map(str, deviations())) == []


@pytest.mark.parametrize("name", TWINS)
def test_one_right_too_many_or_too_few_is_found(name: str) -> None:
    statement, undo, told = TWINS[name]
    with made(statement, undo):
        found = list(map(str, deviations()))
    assert [line for line in found if line.startswith(told)], found
    assert list(map(str, deviations())) == [], "the twin was not taken back"


def test_a_schema_that_no_tenant_owns_is_found() -> None:
    with (
        made("CREATE SCHEMA t990077; GRANT USAGE ON SCHEMA t990077 TO yz_relay", "DROP SCHEMA t990077"),
    ):
        assert list(map(str, deviations())) == ["extra: yz_relay has USAGE on schema t990077"]


def test_the_command_lists_what_it_finds_and_says_so_by_its_exit_status(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("check_grants")
    assert "every right is as declared" in capsys.readouterr().out
    with made(TWINS["column"][0], TWINS["column"][1]), pytest.raises(SystemExit) as stopped:
        call_command("check_grants")
    assert stopped.value.code == 1
    told = capsys.readouterr().err.splitlines()
    assert told[0] == TWINS["column"][2]
    assert told[1].startswith("1 deviations in ")


def test_declarations_are_read_as_they_are_written() -> None:
    assert Grant("t", "INSERT, SELECT (id, name)", "x").parsed() == {
        ("INSERT", ""),
        ("SELECT", "id"),
        ("SELECT", "name"),
    }
    for grant in [*declared_in_tenant(), *declared_in_region()]:
        assert {privilege for privilege, _ in grant.parsed()} <= {"SELECT", "INSERT", "UPDATE", "DELETE"}
        written = ", ".join(
            f"{privilege} ({column})" if column else privilege for privilege, column in sorted(grant.parsed())
        )
        assert Grant("t", written, "x").parsed() == grant.parsed()
    assert declared_functions()


def test_the_check_asks_a_handful_of_statements_whatever_the_number_of_tenants() -> None:
    from tests.factories.statements import counted

    deviations()
    with counted() as statements:
        started = time.monotonic()
        deviations()
    assert len(statements) <= 20, len(statements)
    assert time.monotonic() - started < 5
