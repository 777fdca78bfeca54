"""Cache keys bound to their room, so that no entry of one tenant answers another."""

from __future__ import annotations

from tenants.database.context import selected_code


def room_key(key: str, key_prefix: str, version: int) -> str:
    """Django's KEY_FUNCTION: prefix, tenant code (or `region`), version, key."""
    return f"{key_prefix}:{selected_code() or 'region'}:{version}:{key}"
