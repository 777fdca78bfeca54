"""SM3 (GB/T 32905) from OpenSSL, and the one byte form of a JSON value that is hashed."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from typing import Any

if "sm3" not in hashlib.algorithms_available:
    raise ImportError("this Python's OpenSSL has no SM3: install an OpenSSL 1.1.1 or later built with SM3")


def sm3(data: bytes) -> bytes:
    """The 32-byte digest."""
    return hashlib.new("sm3", data).digest()


def sm3_hex(data: bytes) -> str:
    return sm3(data).hex()


def canonical_json(value: Any) -> bytes:
    """Sorted keys, no blanks, UTF-8 in NFC: equal values give equal bytes, on every machine.

    Takes None, bool, int, str, list, tuple and dict with text keys. Floats are refused (they have no one spelling),
    as are amounts and moments: turn them into text first.
    """
    return json.dumps(
        _normal(value), ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    ).encode("utf-8")


def _normal(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, list | tuple):
        return [_normal(item) for item in value]
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise TypeError("keys are text")
        normal = {unicodedata.normalize("NFC", key): _normal(item) for key, item in value.items()}
        if len(normal) != len(value):
            raise ValueError("two keys are the same text after NFC")
        return normal
    raise TypeError(f"{type(value).__name__} has no canonical form")
