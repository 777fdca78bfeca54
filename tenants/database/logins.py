"""Who connects to PostgreSQL: the logins' names and their passwords."""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import NamedTuple

from django.conf import settings

OWNER = "yz_owner"
REGION = "yz_region"
MALL = "yz_mall"
RELAY = "yz_relay"
SWEEPER = "yz_sweeper"
# The pool's own, where there is one (platform/ops/postgres/init.sh): it asks for the secrets of those that serve.
POOLER = "yz_pooler"
REGION_LOGINS = (REGION, MALL, RELAY, SWEEPER)

# Set on each login, so that a forgotten transaction or a lock queue cannot hold a mall up. `check_grants` compares.
LOGIN_SETTINGS = {
    "lock_timeout": "5s",
    "statement_timeout": "30s",
    "idle_in_transaction_session_timeout": "60s",
    "timezone": "UTC",
}

TENANT_LOGIN = re.compile(r"t[0-9]{6}(_[a-z0-9]{1,20})?\Z")


class Login(NamedTuple):
    """A PostgreSQL role; `search_path` only where it differs from the one fixed on the role (the owner's)."""

    role: str
    search_path: str = ""


def tenant_login(schema_name: str) -> Login:
    """The login of a tenant: it has the schema's name. Raises ValueError for anything that is not such a name."""
    if not TENANT_LOGIN.match(schema_name):
        raise ValueError(f"not a tenant schema: {schema_name!r}")
    return Login(schema_name)


def password_of(role: str) -> str:
    """The role's password: an HMAC of the logins' secret, stored nowhere. The owner's comes from DATABASE_URL only."""
    if role == OWNER or role == settings.YZ_OWNER_ROLE:
        if not settings.YZ_OWNER_PASSWORD:
            raise PermissionError("this process holds no owner password: run it as a management command")
        return str(settings.YZ_OWNER_PASSWORD)
    return hmac.new(settings.YZ_LOGIN_SECRET.encode(), f"login:{role}".encode(), hashlib.sha256).hexdigest()
