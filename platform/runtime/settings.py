"""The environment variables handed to Django: who gets which secret.

Management commands act as the database's owner. The processes that serve get an address without credentials: their
logins' passwords are derived from YZ_SECRET inside Django, and the owner's secret never reaches them.
"""

import hashlib
import hmac
import os
from dataclasses import dataclass
from pathlib import Path

from runtime.addresses import DatabaseAddress, check_redis
from runtime.files import kept_secret
from runtime.layout import Layout
from runtime.servers import Servers

OWNER = "yz_owner"
DATABASE = "yz"
TEST_SECRET = "test-secret-0123456789abcdef0123456789abcdef"  # noqa: S105 - of servers that live for one test run


def login_password(secret: str, login: str) -> str:
    """The derivation Django uses too (tenants/database/logins.py)."""
    return hmac.new(secret.encode(), f"login:{login}".encode(), hashlib.sha256).hexdigest()


def owner_password(layout: Layout) -> str:
    return login_password(kept_secret(layout.local / "owner_secret"), OWNER)


@dataclass(frozen=True)
class Settings:
    """Where the product's servers are, embedded or the user's own."""

    layout: Layout
    secret: str
    owner_url: str
    redis_url: str
    # Where the web process answers; only what prints addresses needs it.
    port: int = 0

    @staticmethod
    def external() -> tuple[str, str]:
        """DATABASE_URL and REDIS_URL as the user set them; empty where the embedded server is meant."""
        database, redis = os.environ.get("DATABASE_URL", ""), os.environ.get("REDIS_URL", "")
        if database:
            DatabaseAddress.parse(database)
        if redis:
            check_redis(redis)
        return database, redis

    @classmethod
    def of(cls, layout: Layout, servers: Servers) -> "Settings":
        """Of the embedded servers, wherever the user has not set addresses. Their ports must be known."""
        own_database, own_redis = cls.external()
        owner_url = own_database or _owner_url(layout, servers, DATABASE)
        return cls(layout, _secret(layout), owner_url, own_redis or servers.valkey.url)

    @classmethod
    def embedded(cls, layout: Layout, servers: Servers, *, database: str) -> "Settings":
        """Of the embedded servers, whatever the user has set."""
        return cls(layout, _secret(layout), _owner_url(layout, servers, database), servers.valkey.url)

    def for_processes(self) -> dict[str, str]:
        """For web, worker, beat, live and relay: no owner."""
        environment = base_environment(self.layout)
        environment.pop("DATABASE_URL", None)
        environment.setdefault("YZ_ENV", "local")
        environment["YZ_SECRET"] = self.secret
        environment["YZ_DATABASE"] = DatabaseAddress.parse(self.owner_url).bare
        environment["REDIS_URL"] = self.redis_url
        environment.setdefault("PROMETHEUS_MULTIPROC_DIR", str(self.layout.metrics))
        if self.port:
            environment["YZ_PORT"] = str(self.port)
        return environment

    def for_commands(self) -> dict[str, str]:
        """For management commands: the owner too."""
        return self.for_processes() | {"DATABASE_URL": self.owner_url}


def _secret(layout: Layout) -> str:
    return os.environ.get("YZ_SECRET") or kept_secret(layout.local / "secret")


def _owner_url(layout: Layout, servers: Servers, database: str) -> str:
    address = DatabaseAddress("127.0.0.1", servers.postgres.port, database)
    return address.with_login(OWNER, owner_password(layout))


def base_environment(layout: Layout) -> dict[str, str]:
    """What every Python process of ours gets."""
    environment = dict(os.environ)
    environment.pop("VIRTUAL_ENV", None)
    environment["PYTHONPATH"] = os.pathsep.join([str(layout.root), str(layout.root / "platform")])
    environment["PYTHONSAFEPATH"] = "1"
    environment["PYTHONUNBUFFERED"] = "1"
    environment["DJANGO_SETTINGS_MODULE"] = "config.settings"
    if not Path(environment.get("HOME") or "/nonexistent").is_dir():
        environment["HOME"] = str(layout.local)  # tools that keep caches at home must not fail without one
    return environment


def test_environment(layout: Layout, servers: Servers, *, chromium: str | None) -> dict[str, str]:
    """What pytest gets: the test cluster's superuser, so that the tests make their own roles and databases."""
    environment = base_environment(layout)
    for name in ("DATABASE_URL", "YZ_DATABASE", "YZ_CHROMIUM"):
        environment.pop(name, None)
    environment |= {
        "YZ_ENV": "test",
        "YZ_SECRET": TEST_SECRET,
        "YZ_TEST_DATABASE_ADMIN": servers.postgres.admin_url,
        "REDIS_URL": servers.valkey.url,
    }
    if chromium:
        environment["YZ_CHROMIUM"] = chromium
    return environment
