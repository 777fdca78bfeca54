"""Compares what the catalogue allows with what the apps declare, exactly, in both directions.

An extra right is a door nobody asked for, a missing one a failure that waits for its user. Reads the catalogue only and
changes nothing. What it cannot see: passwords, pg_hba.conf, and the other databases of the cluster.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from django.conf import settings

from tenants.database import catalogue
from tenants.database.context import region_as
from tenants.database.grants import TENANT, Grant, declared_functions, declared_in_region, declared_in_tenant
from tenants.database.logins import LOGIN_SETTINGS, POOLER, REGION_LOGINS, RELAY, SWEEPER

# A shut mall's login may not add to its journal, and so commits nothing (tenants.registry.shutting).
JOURNAL = "journal_journalentry"
WRITES_OF_THE_OPEN = {(TENANT, "INSERT")}
# What the pool may where there is one; without one, nothing of it is missing.
_POOL_SCHEMA = {("pooler", POOLER, "USAGE")}
_POOL_FUNCTION = {("pooler", "login(text)", POOLER, "EXECUTE")}
_POOL_DATABASE = {(POOLER, "CONNECT")}
_FLAGS = ("LOGIN", "SUPERUSER", "INHERIT", "CREATEROLE", "CREATEDB", "REPLICATION", "BYPASSRLS")
_OBJECT_TYPES = {"r": "tables", "S": "sequences", "f": "functions", "T": "types", "n": "schemas", "L": "large objects"}


@dataclass(frozen=True, slots=True, order=True)
class Deviation:
    """One right that is there and not declared ("extra"), or declared and not there ("missing")."""

    sense: Literal["extra", "missing"]
    kind: str
    name: str
    grantee: str
    right: str

    def __str__(self) -> str:
        return f"{self.sense}: {self.grantee} has {self.right} on {self.kind} {self.name}" + (
            "" if self.sense == "extra" else " by declaration, not in the database"
        )


def deviations() -> list[Deviation]:
    """Every deviation of this database, sorted; none when the rights are exactly those declared. As the owner."""
    from tenants.registry.models import Tenant
    from tenants.registry.rules import SHUT

    with region_as(settings.YZ_OWNER_ROLE):
        states = dict(Tenant.objects.order_by("schema_name").values_list("schema_name", "state"))
        tenants, shut = list(states), {schema for schema, state in states.items() if state in SHUT}
        logins = [*REGION_LOGINS, *tenants]
        found = [
            *_of_relations(tenants, shut),
            *_of_columns(tenants),
            *_of_schemas(tenants),
            *_of_functions(),
            *_of_database(logins),
            *_of_roles(logins),
            *_of_settings(logins),
            *_of_members(logins),
            *_of_defaults(),
            *(
                _extra("object", name, role, "OWNERSHIP")
                for role, name in catalogue.owned(owner=settings.YZ_OWNER_ROLE)
            ),
            *(_extra(kind, name, who, right) for kind, name, who, right in catalogue.undeclared()),
            *(_extra(kind, name, who, right) for kind, name, who, right in catalogue.beyond_given()),
        ]
    return sorted(set(found))


def _extra(kind: str, name: str, grantee: str, right: str) -> Deviation:
    return Deviation("extra", kind, name, grantee, right)


def _missing(kind: str, name: str, grantee: str, right: str) -> Deviation:
    return Deviation("missing", kind, name, grantee, right)


def _table_rights(grants: Iterable[Grant], *, columns: bool) -> dict[str, set[tuple[str, str, str]]]:
    """By table: (login, privilege, column); the column is empty for rights on the whole table."""
    found: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
    for grant in grants:
        for privilege, column in grant.parsed():
            if bool(column) == columns:
                found[grant.table].add((grant.login, privilege, column))
    return found


def _right(privilege: str, grantable: bool) -> str:
    return privilege + (" WITH GRANT OPTION" if grantable else "")


def _of_relations(tenants: list[str], shut: set[str]) -> Iterator[Deviation]:
    in_tenant = _table_rights(declared_in_tenant(), columns=False)
    in_region = _table_rights(declared_in_region(), columns=False)
    # A declared table that is not there misses all its rights; a view in its place is no table.
    tables = {grant.table for grant in declared_in_tenant()}
    without: dict[str, set[str]] = {table: set(tenants) for table in tables}
    region_without = {grant.table for grant in declared_in_region()}
    for group in catalogue.relations():
        declared = in_tenant if group.of_tenants else in_region if group.schemas == ("public",) else {}
        expected = {(login, right) for login, right, _ in declared.get(group.name, ())}
        if group.kind != "r":
            expected = set()
        elif group.of_tenants and group.name in without:
            without[group.name].difference_update(group.schemas)
        elif group.schemas == ("public",):
            region_without.discard(group.name)
        actual = {
            (TENANT if group.of_tenants and who == group.example else who, _right(privilege, grantable))
            for who, privilege, grantable in group.rights
        }
        for schema in group.schemas:
            here = expected - WRITES_OF_THE_OPEN if schema in shut and group.name == JOURNAL else expected
            name = f"{schema}.{group.name}"
            for who, right in actual - here:
                yield _extra("relation", name, schema if who == TENANT else who, right)
            for who, right in here - actual:
                yield _missing("relation", name, schema if who == TENANT else who, right)
    for table, schemas in without.items():
        for schema in schemas:
            yield _missing("relation", f"{schema}.{table}", schema, "its rights (there is no such table)")
    for table in region_without:
        yield _missing("relation", f"public.{table}", "every login", "its rights (there is no such table)")


def _of_columns(tenants: list[str]) -> Iterator[Deviation]:
    expected = {
        ("public", table, column, who, privilege)
        for table, rights in _table_rights(declared_in_region(), columns=True).items()
        for who, privilege, column in rights
    } | {
        (schema, table, column, schema if who == TENANT else who, privilege)
        for table, rights in _table_rights(declared_in_tenant(), columns=True).items()
        for who, privilege, column in rights
        for schema in tenants
    }
    actual = {
        (s, t, c, who, _right(privilege, grantable)) for s, t, c, who, privilege, grantable in catalogue.columns()
    }
    for schema, table, column, who, right in actual - expected:
        yield _extra("column", f"{schema}.{table}.{column}", who, right)
    for schema, table, column, who, right in expected - actual:
        yield _missing("column", f"{schema}.{table}.{column}", who, right)


def _of_schemas(tenants: list[str]) -> Iterator[Deviation]:
    expected = {("public", login, "USAGE") for login in REGION_LOGINS} | {
        (schema, login, "USAGE") for schema in tenants for login in (schema, RELAY, SWEEPER)
    }
    actual = {(schema, who, _right(privilege, grantable)) for schema, who, privilege, grantable in catalogue.schemas()}
    for schema, who, right in actual - expected - _POOL_SCHEMA:
        yield _extra("schema", schema, who, right)
    for schema, who, right in expected - actual:
        yield _missing("schema", schema, who, right)


def _of_functions() -> Iterator[Deviation]:
    expected = {("public", signature, login, "EXECUTE") for signature, login in declared_functions().items()}
    actual = {
        (schema, signature, who, _right(privilege, grantable))
        for schema, signature, who, privilege, grantable in catalogue.functions()
    }
    for schema, signature, who, right in actual - expected - _POOL_FUNCTION:
        yield _extra("function", f"{schema}.{signature}", who, right)
    for schema, signature, who, right in expected - actual:
        yield _missing("function", f"{schema}.{signature}", who, right)
    for name in catalogue.loose_functions():
        yield _extra("function", name, "every caller", "its owner's rights on a search path of the caller's choice")


def _of_database(logins: list[str]) -> Iterator[Deviation]:
    name = settings.DATABASES["default"]["NAME"]
    expected = {(login, "CONNECT") for login in logins}
    actual = {(who, _right(privilege, grantable)) for who, privilege, grantable in catalogue.database()}
    for who, right in actual - expected - _POOL_DATABASE:
        yield _extra("database", name, who, right)
    for who, right in expected - actual:
        yield _missing("database", name, who, right)


def _of_roles(logins: list[str]) -> Iterator[Deviation]:
    known = catalogue.roles(logins)
    for login in logins:
        if login not in known:
            yield _missing("cluster", "roles", login, "LOGIN")
            continue
        for flag, has in zip(_FLAGS, known[login], strict=True):
            if has and flag != "LOGIN":
                yield _extra("cluster", "roles", login, flag)
            elif not has and flag == "LOGIN":
                yield _missing("cluster", "roles", login, flag)


def _of_settings(logins: list[str]) -> Iterator[Deviation]:
    expected = {
        (login, False, name, value)
        for login in logins
        for name, value in {
            **LOGIN_SETTINGS,
            "search_path": "public" if login in REGION_LOGINS else login,
        }.items()
    }
    actual = {(who, here, name.lower(), value) for who, here, name, value in catalogue.role_settings(logins)}
    for who, here, name, value in actual - expected:
        yield _extra("database" if here else "cluster", "settings", who, f"{name}={value}")
    for who, _, name, value in expected - actual:
        yield _missing("cluster", "settings", who, f"{name}={value}")


def _of_members(logins: list[str]) -> Iterator[Deviation]:
    """No login is a member of anything; only the owner and superusers may administer or be one of them."""
    owner = settings.YZ_OWNER_ROLE
    for member, role, is_superuser, may_act in catalogue.members(logins=logins, owner=owner):
        if is_superuser or (member == owner and role != owner):
            continue
        # Who made the owner's role keeps its administration, without being able to act as it.
        if role == owner and not may_act and member not in logins:
            continue
        yield _extra("role", role, member, "MEMBERSHIP")


def _of_defaults() -> Iterator[Deviation]:
    closed = False
    for role, schema, object_type, who, right, own in catalogue.defaults():
        closed = closed or (role == settings.YZ_OWNER_ROLE and schema == "" and object_type == "f")
        if who is not None and not own:
            yield _extra("default", f"{_OBJECT_TYPES.get(object_type, object_type)} of {role}", who, right)
    if not closed:
        yield _extra("default", f"functions of {settings.YZ_OWNER_ROLE}", "PUBLIC", "EXECUTE")
