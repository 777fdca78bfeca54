"""PostgreSQL advisory locks that end with the transaction."""

from __future__ import annotations

import hashlib

from django.db import connections


def advisory_lock_key(*parts: str | int) -> int:
    """A signed 64-bit key for a tuple of parts. ("a", "bc") and ("ab", "c") differ."""
    if not parts:
        raise ValueError("a lock needs a name")
    digest = hashlib.blake2b(digest_size=8)
    for part in parts:
        data = f"{type(part).__name__}:{part}".encode()
        digest.update(len(data).to_bytes(4, "big") + data)
    return int.from_bytes(digest.digest(), "big", signed=True)


def try_advisory_xact_lock(using: str, key: int) -> bool:
    """Take the lock if nobody has it. Needs an open transaction, whose end gives it back."""
    return bool(_select(using, "SELECT pg_try_advisory_xact_lock(%s)", key))


def advisory_xact_lock(using: str, key: int) -> None:
    """Wait for the lock, at most the login's `lock_timeout`. Needs an open transaction."""
    _select(using, "SELECT pg_advisory_xact_lock(%s)", key)


def _select(using: str, sql: str, key: int) -> object:
    connection = connections[using]
    if not connection.in_atomic_block:
        raise RuntimeError("a transaction lock outside a transaction is given back at once")
    with connection.cursor() as cursor:
        cursor.execute(sql, [key])
        return cursor.fetchone()[0]
