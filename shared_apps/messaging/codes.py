"""Codes by which somebody shows that an address is theirs: derived from the one secret and a salt, stored nowhere."""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings
from django.utils.crypto import constant_time_compare

from shared_apps.messaging.rules import CODE_DIGITS


def code_of(*, verification_id: int, salt: str) -> str:
    """Six digits. The salt has 256 bits, so that one code tells nothing of another."""
    said = f"contact:{verification_id}:{salt}".encode()
    digest = hmac.new(settings.YZ_SECRET.encode(), said, hashlib.sha256).digest()
    return f"{int.from_bytes(digest[:8], 'big') % 10**CODE_DIGITS:0{CODE_DIGITS}}"


def is_code(*, typed: str, verification_id: int, salt: str) -> bool:
    """Takes as long whatever was typed."""
    return constant_time_compare(typed, code_of(verification_id=verification_id, salt=salt))
