"""The benchmark's databases on the benchmark's own server, and the server's processes."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from psycopg2 import sql

from tests.bench import processor

OWNER = "yz_owner"
# Tenants of benchmarks: division codes that no division has.
TENANT_ROLE = re.compile(r"t98[0-9]{4}\Z")
DATABASE_PREFIX = "yz_bench_"


def admin_url(database: str = "postgres") -> str:
    """The superuser's address of the benchmark's server. Set by bin/bench; it may never be another server."""
    parts = urlsplit(os.environ["YZ_BENCH_ADMIN"])
    return urlunsplit(parts._replace(path=f"/{database}"))


def owner_url(database: str) -> str:
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{database}"))


def environment(database: str) -> dict[str, str]:
    """For a process that works in `database` as management commands do."""
    changed = {"DATABASE_URL": owner_url(database), "YZ_DATABASE": bare_url(database), "PYTHONWARNINGS": "ignore"}
    return {**os.environ, **changed}


def bare_url(database: str) -> str:
    parts = urlsplit(os.environ["DATABASE_URL"])
    return f"postgres://{parts.hostname}:{parts.port}/{database}"


@contextmanager
def admin(database: str = "postgres") -> Iterator[psycopg2.extensions.connection]:
    """A superuser's connection in autocommit."""
    connection = psycopg2.connect(admin_url(database))
    connection.autocommit = True
    try:
        yield connection
    finally:
        connection.close()


def create(name: str) -> str:
    """A new database `yz_bench_<name>` owned as the product's is; an older one of that name is dropped."""
    database = DATABASE_PREFIX + name
    quoted = sql.Identifier(database)
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(quoted))
        cursor.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(quoted, sql.Identifier(OWNER)))
        cursor.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(quoted))
    with admin(database) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm; CREATE EXTENSION IF NOT EXISTS btree_gin")
    return database


def clear() -> None:
    """Drops every database and tenant login that benchmarks made, also those of a run that was killed."""
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [DATABASE_PREFIX])
        for (name,) in cursor.fetchall():
            cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        cursor.execute("SELECT rolname FROM pg_roles")
        for (role,) in cursor.fetchall():
            if TENANT_ROLE.match(role):
                cursor.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


def postmaster() -> int:
    """The process id of the server: the parent of any backend."""
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return processor.parent_of(cursor.fetchone()[0])


def checkpoint() -> None:
    """Before each measurement: one side must not pay for the pages that another made dirty."""
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")


def server_version() -> str:
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return str(cursor.fetchone()[0])


def program(name: str) -> Path:
    """A client program of the embedded PostgreSQL."""
    return Path(os.environ["YZ_BENCH_POSTGRES_BIN"]) / name


def libpq(url: str) -> dict[str, str]:
    """`url` as libpq's variables: neither name nor password shows in the process list."""
    parts = urlsplit(url)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {
        "PGHOST": str(parts.hostname),
        "PGPORT": str(parts.port),
        "PGUSER": str(parts.username),
        "PGPASSWORD": str(parts.password),
        "PGDATABASE": parts.path.lstrip("/"),
    }


def pgbench(*, script: Path, url: str, clients: int, seconds: int) -> str:
    """Runs pgbench with prepared statements; returns what it says. Raises RuntimeError when it fails."""
    done = subprocess.run(
        [
            str(program("pgbench")),
            "--no-vacuum",
            "--protocol=prepared",
            f"--client={clients}",
            f"--jobs={min(clients, 2)}",
            f"--time={seconds}",
            f"--file={script}",
        ],
        env=libpq(url),
        capture_output=True,
        text=True,
        cwd="/",
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"pgbench failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def pgbench_rate(said: str) -> float:
    """Transactions per second without connecting, from what pgbench says."""
    found = re.search(r"tps = ([0-9.]+)", said)
    if found is None:
        raise ValueError("pgbench told no rate")
    return float(found[1])


def pgbench_count(said: str) -> int:
    """Transactions done, from what pgbench says."""
    found = re.search(r"number of transactions actually processed: ([0-9]+)", said)
    if found is None:
        raise ValueError("pgbench told no count")
    return int(found[1])


@contextmanager
def script(text: str) -> Iterator[Path]:
    """A script for pgbench, in a file while the body runs."""
    handle, name = tempfile.mkstemp(suffix=".sql")
    try:
        with os.fdopen(handle, "w") as file:
            file.write(text)
        yield Path(name)
    finally:
        Path(name).unlink()
