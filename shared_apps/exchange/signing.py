"""Signatures by which a receiver knows that an event is ours, and fresh.

    X-Yizhang-Signature: t=1767225600,v1=<hex HMAC-SHA-256 over "<t>.<body>" under the webhook's secret>

A receiver compares v1 in constant time and refuses a `t` older than five minutes.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from django.conf import settings

SECRET_PREFIX = "yzw_"  # noqa: S105  # how every secret begins


def secret_of(*, webhook_id: int, salt: str) -> str:
    """The webhook's secret, derived from the one secret: shown once, stored nowhere."""
    key = hmac.new(settings.YZ_SECRET.encode(), f"webhook:{webhook_id}:{salt}".encode(), hashlib.sha256).digest()
    return SECRET_PREFIX + base64.urlsafe_b64encode(key).decode().rstrip("=")


def signature(*, secret: str, timestamp: int, body: str) -> str:
    """The header's value."""
    said = f"{timestamp}.{body}".encode()
    return f"t={timestamp},v1={hmac.new(secret.encode(), said, hashlib.sha256).hexdigest()}"
