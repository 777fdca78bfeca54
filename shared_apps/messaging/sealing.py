"""Texts that must wait in the database for a carrier, unreadable in it: sealed under the installation's one secret."""

from __future__ import annotations

import hashlib
import json
import os
from base64 import b64decode, b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_NONCE_BYTES = 12


def seal(*, number: str, subject: str, text: str) -> str:
    """Bound to the delivery's number: what was sealed for one opens for no other."""
    nonce = os.urandom(_NONCE_BYTES)
    sealed = _cipher().encrypt(nonce, json.dumps([subject, text]).encode(), number.encode())
    return b64encode(nonce + sealed).decode("ascii")


def unseal(*, number: str, sealed: str) -> tuple[str, str] | None:
    """Subject and text; None for what does not open, such as after a change of the secret."""
    content = b64decode(sealed)
    try:
        opened = _cipher().decrypt(content[:_NONCE_BYTES], content[_NONCE_BYTES:], number.encode())
    except InvalidTag:
        return None
    subject, text = json.loads(opened)
    return str(subject), str(text)


def _cipher() -> AESGCM:
    return AESGCM(hashlib.sha256(b"messaging letters" + settings.YZ_SECRET.encode()).digest())
