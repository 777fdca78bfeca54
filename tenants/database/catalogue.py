"""What PostgreSQL's catalogue says about rights, read set-based: a handful of statements for 3,000 tenants.

Rows of tenants are grouped by table and access list, with the tenant's own name replaced: as long as all tenants are
alike, a group is one row, however many tenants there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connections

from tenants.database.context import REGION_ALIAS

# Made by initdb or by an extension: judged against the rights it was made with, not against our declarations.
_GIVEN = """(o.oid < 16384 OR EXISTS (SELECT 1 FROM pg_depend d
    WHERE d.classid = o.tableoid AND d.objid = o.oid AND d.deptype = 'e'))"""
_OUR_SCHEMA = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
_GRANTEE = "CASE e.grantee WHEN 0 THEN 'PUBLIC' ELSE e.grantee::regrole::text END"

_RELATIONS = f"""
SELECT r.schema_name IS NOT NULL, c.relname, c.relkind::text, min(c.oid)::bigint,
       array_agg(n.nspname ORDER BY n.nspname)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN public.registry_tenant r ON r.schema_name = n.nspname
 WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND {_OUR_SCHEMA}
   AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = c.tableoid AND d.objid = c.oid AND d.deptype = 'e')
 GROUP BY 1, 2, 3, CASE WHEN r.schema_name IS NULL THEN n.nspname END,
          replace(c.relacl::text, n.nspname || '=', '$='), c.relowner
"""
_RELATION_RIGHTS = f"""
SELECT c.oid::bigint, {_GRANTEE}, e.privilege_type, e.is_grantable
  FROM pg_class c, aclexplode(c.relacl) e WHERE c.oid = ANY (%s::oid[]) AND e.grantee <> c.relowner
"""
_COLUMNS = f"""
SELECT n.nspname, c.relname, a.attname, {_GRANTEE}, e.privilege_type, e.is_grantable
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace,
       aclexplode(a.attacl) e
 WHERE a.attacl IS NOT NULL AND NOT a.attisdropped AND e.grantee <> c.relowner AND {_OUR_SCHEMA}
"""
_SCHEMAS = f"""
SELECT n.nspname, {_GRANTEE}, e.privilege_type, e.is_grantable
  FROM pg_namespace n, aclexplode(n.nspacl) e WHERE e.grantee <> n.nspowner AND {_OUR_SCHEMA}
"""
_FUNCTIONS = f"""
SELECT n.nspname, o.proname || '(' || oidvectortypes(o.proargtypes) || ')', {_GRANTEE}, e.privilege_type, e.is_grantable
  FROM pg_proc o JOIN pg_namespace n ON n.oid = o.pronamespace,
       aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) e
 WHERE e.grantee <> o.proowner AND NOT {_GIVEN}
"""
# Runs with its owner's rights: without a path of its own the caller's path decides what its names mean.
_LOOSE_FUNCTIONS = f"""
SELECT o.oid::regprocedure::text FROM pg_proc o
 WHERE o.prosecdef AND NOT {_GIVEN}
   AND NOT EXISTS (SELECT 1 FROM unnest(o.proconfig) c WHERE c LIKE 'search_path=%%')
"""
_DATABASE = f"""
SELECT {_GRANTEE}, e.privilege_type, e.is_grantable
  FROM pg_database b, aclexplode(coalesce(b.datacl, acldefault('d', b.datdba))) e
 WHERE b.datname = current_database() AND e.grantee <> b.datdba
"""
_ROLES = """
SELECT rolname, rolcanlogin, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls
  FROM pg_roles WHERE rolname = ANY (%s)
"""
_SETTINGS = """
SELECT r.rolname, s.setdatabase <> 0, split_part(c, '=', 1), substr(c, strpos(c, '=') + 1)
  FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole, unnest(s.setconfig) c
 WHERE r.rolname = ANY (%s)
   AND s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
UNION ALL
SELECT 'PUBLIC', s.setdatabase <> 0, split_part(c, '=', 1), substr(c, strpos(c, '=') + 1)
  FROM pg_db_role_setting s, unnest(s.setconfig) c
 WHERE s.setrole = 0 AND split_part(c, '=', 1) IN ('search_path', 'role')
   AND s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
"""
_MEMBERS = """
SELECT m.rolname, g.rolname, m.rolsuper, a.inherit_option OR a.set_option
  FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member JOIN pg_roles g ON g.oid = a.roleid
 WHERE m.rolname = ANY (%(logins)s) OR g.rolname = ANY (%(logins)s) OR g.rolname = %(owner)s
"""
_OWNERS = """
SELECT r.rolname, pg_describe_object(s.classid, s.objid, s.objsubid)
  FROM pg_shdepend s JOIN pg_roles r ON r.oid = s.refobjid AND s.refclassid = 'pg_authid'::regclass
 WHERE s.deptype = 'o' AND NOT r.rolsuper AND r.rolname NOT IN (%(owner)s, 'pg_database_owner')
   AND (s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
        OR s.dbid = 0 AND (s.classid = 'pg_tablespace'::regclass OR s.classid = 'pg_database'::regclass
            AND s.objid = (SELECT oid FROM pg_database WHERE datname = current_database())))
"""
_DEFAULTS = f"""
SELECT d.defaclrole::regrole::text, coalesce(n.nspname, ''), d.defaclobjtype::text, {_GRANTEE}, e.privilege_type,
       d.defaclrole = e.grantee
  FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace
  LEFT JOIN LATERAL aclexplode(d.defaclacl) e ON true
"""

# Kinds of objects of which the applications declare no grant at all: (kind, FROM, name, access list, owner, its
# built-in default). PUBLIC's use of a type is the built-in default: the schema it lies in is the door.
_UNDECLARED = (
    ("type", "pg_type o", "format_type(o.oid, NULL)", "o.typacl", "o.typowner", "T"),
    ("language", "pg_language o", "o.lanname::text", "o.lanacl", "o.lanowner", "l"),
    ("foreign data wrapper", "pg_foreign_data_wrapper o", "o.fdwname::text", "o.fdwacl", "o.fdwowner", "F"),
    ("foreign server", "pg_foreign_server o", "o.srvname::text", "o.srvacl", "o.srvowner", "S"),
    ("large object", "pg_largeobject_metadata o", "o.oid::text", "o.lomacl", "o.lomowner", "L"),
    ("tablespace", "pg_tablespace o", "o.spcname::text", "o.spcacl", "o.spcowner", "t"),
    ("parameter", "pg_parameter_acl o", "o.parname", "o.paracl", "10::oid", "p"),
)
# What initdb and extensions made keeps the rights it came with; fewer are welcome, more are not.
_GIVEN_KINDS = (
    ("relation", "pg_class o", "o.oid::regclass::text", "o.relacl", "o.relowner", "r", "0"),
    ("function", "pg_proc o", "o.oid::regprocedure::text", "o.proacl", "o.proowner", "f", "0"),
    ("type", "pg_type o", "format_type(o.oid, NULL)", "o.typacl", "o.typowner", "T", "0"),
    ("schema", "pg_namespace o", "o.nspname::text", "o.nspacl", "o.nspowner", "n", "0"),
    ("language", "pg_language o", "o.lanname::text", "o.lanacl", "o.lanowner", "l", "0"),
)
# initdb fills pg_init_privs before it makes the information schema, which everybody may read.
_GIVEN_BESIDES = {
    "relation": " AND o.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND NOT (e.grantee = 0 "
    "AND e.privilege_type = 'SELECT' AND o.relnamespace = 'information_schema'::regnamespace)",
    "schema": " AND o.nspname <> 'public' AND NOT (e.grantee = 0 AND e.privilege_type = 'USAGE' "
    "AND o.nspname = 'information_schema')",
}


def _undeclared_sql() -> str:
    return " UNION ALL ".join(
        f"SELECT '{kind}', {name}, {_GRANTEE}, e.privilege_type FROM {source}, aclexplode({acl}) e "
        f"WHERE e.grantee <> {owner} AND (o.oid >= 16384 OR '{kind}' IN ('large object', 'tablespace', 'parameter')) "
        f"AND NOT (e.grantee = 0 AND '{default}' IN ('T', 'l') AND e.privilege_type = 'USAGE' AND NOT e.is_grantable)"
        for kind, source, name, acl, owner, default in _UNDECLARED
    ) + (
        " UNION ALL SELECT 'user mapping', srvname::text, coalesce(nullif(usename, 'public'), 'PUBLIC')::text, 'USAGE' "
        "FROM pg_user_mappings"
    )  # fmt: skip


def _given_sql() -> str:
    parts = [
        f"SELECT '{kind}', {name}, {_GRANTEE}, e.privilege_type FROM {source} "
        f"LEFT JOIN pg_init_privs i ON i.classoid = o.tableoid AND i.objoid = o.oid AND i.objsubid = {sub}, "
        f"LATERAL (SELECT grantee, privilege_type, is_grantable FROM aclexplode({acl}) EXCEPT "
        f"SELECT grantee, privilege_type, is_grantable "
        f"FROM aclexplode(coalesce(i.initprivs, acldefault('{default}', {owner})))) e "
        f"WHERE {acl} IS NOT NULL AND {acl} IS DISTINCT FROM i.initprivs AND e.grantee <> {owner} AND {_GIVEN}"
        + _GIVEN_BESIDES.get(kind, "")
        for kind, source, name, acl, owner, default, sub in _GIVEN_KINDS
    ]
    parts.append(
        f"SELECT 'column', o.attrelid::regclass || '.' || o.attname, {_GRANTEE}, e.privilege_type FROM pg_attribute o "
        "JOIN pg_class c ON c.oid = o.attrelid "
        "LEFT JOIN pg_init_privs i ON i.classoid = 'pg_class'::regclass AND i.objoid = c.oid "
        "AND i.objsubid = o.attnum, "
        "LATERAL (SELECT grantee, privilege_type FROM aclexplode(o.attacl) EXCEPT "
        "SELECT grantee, privilege_type FROM aclexplode(i.initprivs)) e "
        "WHERE o.attacl IS NOT NULL AND c.oid < 16384 AND e.grantee <> c.relowner"
    )
    return " UNION ALL ".join(parts)


@dataclass(frozen=True, slots=True)
class Relations:
    """Relations that are alike: one name, one kind, one access list, in `schemas` of tenants or in one other schema."""

    of_tenants: bool
    name: str
    kind: str
    schemas: tuple[str, ...]
    # (grantee, privilege, may pass it on), as written in the first schema.
    rights: frozenset[tuple[str, str, bool]]
    example: str


def _rows(statement: str, parameters: Any = None) -> list[tuple[Any, ...]]:
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def relations() -> Iterator[Relations]:
    """Tables, views and sequences outside the system's schemas, grouped."""
    groups = _rows(_RELATIONS)
    rights: dict[int, set[tuple[str, str, bool]]] = {}
    schema_of: dict[int, str] = {}
    for oid, grantee, privilege, grantable in _rows(_RELATION_RIGHTS, [[group[3] for group in groups]]):
        rights.setdefault(oid, set()).add((grantee, privilege, grantable))
    for oid, schema in _rows(
        "SELECT c.oid::bigint, n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE c.oid = ANY (%s::oid[])",
        [[group[3] for group in groups]],
    ):
        schema_of[oid] = schema
    for of_tenants, name, kind, oid, schemas in groups:
        yield Relations(of_tenants, name, kind, tuple(schemas), frozenset(rights.get(oid, ())), schema_of[oid])


def columns() -> list[tuple[Any, ...]]:
    """(schema, table, column, grantee, privilege, grantable)."""
    return _rows(_COLUMNS)


def schemas() -> list[tuple[Any, ...]]:
    """(schema, grantee, privilege, grantable)."""
    return _rows(_SCHEMAS)


def functions() -> list[tuple[Any, ...]]:
    """(schema, signature, grantee, privilege, grantable) of functions that are ours."""
    return _rows(_FUNCTIONS)


def loose_functions() -> list[str]:
    """Functions that run with their owner's rights on their caller's search path."""
    return [name for (name,) in _rows(_LOOSE_FUNCTIONS, [])]


def database() -> list[tuple[Any, ...]]:
    """(grantee, privilege, grantable) on this database."""
    return _rows(_DATABASE)


def roles(names: Iterable[str]) -> dict[str, tuple[bool, ...]]:
    """By name: can log in, superuser, inherits, makes roles, makes databases, replicates, passes row policies."""
    return {name: flags for name, *flags in _rows(_ROLES, [list(names)])}  # type: ignore[misc]


def role_settings(names: Iterable[str]) -> list[tuple[str, bool, str, str]]:
    """(role, in this database only, setting, value)."""
    return _rows(_SETTINGS, [list(names)])


def members(*, logins: Iterable[str], owner: str) -> list[tuple[str, str, bool, bool]]:
    """(member, role, member is a superuser, member may act as the role)."""
    return _rows(_MEMBERS, {"logins": list(logins), "owner": owner})


def owned(*, owner: str) -> list[tuple[str, str]]:
    """(role, object) for every object of this database that neither the owner of DDL nor a superuser owns."""
    return _rows(_OWNERS, {"owner": owner})


def defaults() -> list[tuple[Any, ...]]:
    """(role, schema, object type, grantee, privilege, grantee is the role) of rights on objects yet to be made."""
    return _rows(_DEFAULTS)


def undeclared() -> list[tuple[Any, ...]]:
    """(kind, object, grantee, privilege) on objects of kinds that no application declares grants on."""
    return _rows(_undeclared_sql())


def beyond_given() -> list[tuple[Any, ...]]:
    """(kind, object, grantee, privilege) that a system's or extension's object was not made with."""
    return _rows(_given_sql())
