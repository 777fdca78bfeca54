"""Loaded before Django's settings (`-p tests.environment`): gives each test process a database of its own."""

from __future__ import annotations

import os
from urllib.parse import urlsplit, urlunsplit

OWNER_PASSWORD = "owner-of-test-databases"


def database_name() -> str:
    """`YZ_TEST_DB`, with the xdist worker's name behind it."""
    return os.environ.get("YZ_TEST_DB", "yz_test") + os.environ.get("PYTEST_XDIST_WORKER", "").replace("gw", "_")


def admin_url(database: str = "postgres") -> str:
    """The superuser's URL of the test cluster, for one database."""
    parts = urlsplit(os.environ["YZ_TEST_DATABASE_ADMIN"])
    return urlunsplit(parts._replace(path=f"/{database}"))


if "YZ_TEST_DATABASE_ADMIN" in os.environ:
    _admin = urlsplit(os.environ["YZ_TEST_DATABASE_ADMIN"])
    os.environ["DATABASE_URL"] = (
        f"postgres://yz_owner:{OWNER_PASSWORD}@{_admin.hostname}:{_admin.port}/{database_name()}"
    )
    os.environ["YZ_CACHE_PREFIX"] = database_name()
os.environ.setdefault("YZ_ENV", "test")
os.environ.setdefault("YZ_SECRET", "test-secret-0123456789abcdef0123456789abcdef")
