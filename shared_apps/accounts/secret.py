"""Secrets that travel in links and cookies, and what of a person's address is kept.

Only hashes reach the database, as parameters too: a statement's text can be seen by every connection of the same
login, and all malls share `yz_mall`.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from django.conf import settings

from kernel.sm3 import sm3_hex


def new_secret() -> str:
    """43 characters, 256 bits."""
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """SM3: a secret of 256 bits needs neither salt nor slowness."""
    return sm3_hex(secret.encode())


def keyed_hash(purpose: str, text: str) -> str:
    """HMAC under the one secret: for values that could be guessed (addresses, sign-in names)."""
    return hmac.new(settings.YZ_SECRET.encode(), f"{purpose}:{text}".encode(), hashlib.sha256).hexdigest()
