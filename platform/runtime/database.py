"""The product's database: role, database, extensions; made on the embedded cluster, checked on the user's own."""

from runtime.addresses import DatabaseAddress
from runtime.layout import Layout
from runtime.postgres import Postgres, run_sql
from runtime.problems import Problem
from runtime.settings import DATABASE, OWNER, owner_password

EXTENSIONS = ("pg_trgm", "btree_gin")
OLDEST_SERVER = 16  # GRANT ... WITH INHERIT FALSE, SET TRUE


def create(cluster: Postgres, layout: Layout, *, database: str = DATABASE) -> None:
    """Make the owner and the database where they are missing; bring the owner's password in line."""
    password = owner_password(layout)  # hex digits: nothing in it to escape
    # Names are ours and constant.
    statements = f"""
        SELECT 'CREATE ROLE {OWNER}' WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{OWNER}') \\gexec
        ALTER ROLE {OWNER} WITH LOGIN CREATEROLE NOSUPERUSER NOCREATEDB PASSWORD '{password}';
        SELECT 'CREATE DATABASE {database} OWNER {OWNER}'
         WHERE NOT EXISTS (SELECT 1 FROM pg_database WHERE datname = '{database}') \\gexec
        REVOKE ALL ON DATABASE {database} FROM PUBLIC;
    """  # noqa: S608
    cluster.sql(statements)
    cluster.sql(
        "SET client_min_messages = warning;"
        + "".join(f"CREATE EXTENSION IF NOT EXISTS {name} SCHEMA public;" for name in EXTENSIONS),
        database=database,
    )


def check_external(layout: Layout, url: str) -> None:
    """See that the user's own database can carry the product. Raises Problem naming everything that is missing."""
    address = DatabaseAddress.parse(url)
    if not address.user:
        raise Problem("DATABASE_URL must name a user that owns the database and may create roles.", code=2)
    where = f"{address.host}:{address.port}/{address.database}"
    try:
        version, superuser, createrole, owns, present = run_sql(
            layout,
            """
            SELECT current_setting('server_version_num')::int / 10000,
                   r.rolsuper, r.rolcreaterole, pg_has_role(d.datdba, 'USAGE'),
                   (SELECT coalesce(string_agg(extname, ','), '') FROM pg_extension)
              FROM pg_roles r, pg_database d
             WHERE r.rolname = current_user AND d.datname = current_database()
            """,
            url=url,
        ).split("|")
    except Problem as problem:
        raise Problem(f"DATABASE_URL ({where}) cannot be used. {problem}", code=2) from None
    missing = []
    if int(version) < OLDEST_SERVER:
        missing.append(f"PostgreSQL {OLDEST_SERVER} or newer; this is {version}")
    if "t" not in (superuser, createrole):
        missing.append(f"the right to create roles:  ALTER ROLE {address.user} CREATEROLE;")
    if "t" not in (superuser, owns):
        missing.append(f"the database itself:  ALTER DATABASE {address.database} OWNER TO {address.user};")
    for name in EXTENSIONS:
        if name in present.split(","):
            continue
        try:
            run_sql(layout, f"CREATE EXTENSION {name} SCHEMA public;", url=url)
        except Problem:
            missing.append(f"the extension {name} (as a superuser, in this database):  CREATE EXTENSION {name};")
    if missing:
        raise Problem(f"The database of DATABASE_URL ({where}) lacks:\n  " + "\n  ".join(missing), code=2)
    run_sql(layout, f'REVOKE ALL ON DATABASE "{address.database}" FROM PUBLIC;', url=url)
