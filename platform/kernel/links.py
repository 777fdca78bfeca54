"""Signed links: an address that proves by itself what it may be used for, in which room, and until when.

A link is bound to its purpose and its tenant: one that was made in one mall, or for another purpose, is refused like a
forged one. It holds no secret (whoever has it can read the payload) and is no one-time ticket: what may happen once
only is kept in a table.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kernel.problems import DomainError
from kernel.sm3 import canonical_json

LONGEST_LIFE = timedelta(days=60)
TOKEN_LENGTH_MAX = 2000
_TOKEN = re.compile(r"[A-Za-z0-9_-]{4,1900}\.[A-Za-z0-9_-]{43}\Z")

Payload = Mapping[str, str | int]


class LinkRefused(DomainError):
    """Not one of ours, altered, or made for another purpose or another mall: which of these is not told."""

    code = "link-refused"
    status = 403
    title = _("This link is not valid")


class LinkExpired(DomainError):
    """It was one of ours."""

    code = "link-expired"
    status = 410
    title = _("This link has expired")


def sign(*, purpose: str, tenant: str | None, payload: Payload, lasts: timedelta, now: datetime) -> str:
    """A token for an address: letters, digits, `-`, `_` and one dot. `tenant` None is the region.

    Raises ValueError for a life beyond LONGEST_LIFE or a payload too large for an address: mistakes of ours.
    """
    if not timedelta(0) < lasts <= LONGEST_LIFE:
        raise ValueError(f"a link lasts up to {LONGEST_LIFE.days} days")
    until = int((now + lasts).timestamp())
    body = canonical_json({"until": until, "payload": dict(payload)})
    token = f"{_encoded(body)}.{_encoded(_proof(purpose, tenant, body))}"
    if len(token) > TOKEN_LENGTH_MAX:
        raise ValueError(f"a payload of {len(body)} bytes is too large for an address")
    return token


def read(*, purpose: str, tenant: str | None, token: str, now: datetime) -> dict[str, str | int]:
    """The payload of a token made by `sign` for the same purpose and tenant.

    Raises LinkRefused, and LinkExpired at the very second it was to last until: equality is late.
    """
    if len(token) > TOKEN_LENGTH_MAX or _TOKEN.match(token) is None:
        raise LinkRefused
    head, _dot, tail = token.partition(".")
    body, proof = _decoded(head), _decoded(tail)
    if not hmac.compare_digest(proof, _proof(purpose, tenant, body)):
        raise LinkRefused
    said = json.loads(body)
    if now >= datetime.fromtimestamp(said["until"], UTC):
        raise LinkExpired
    payload: dict[str, str | int] = said["payload"]
    return payload


def _proof(purpose: str, tenant: str | None, body: bytes) -> bytes:
    # The bound names go through the one byte form of JSON: no purpose can swallow a piece of a tenant's code.
    bound = canonical_json({"purpose": purpose, "tenant": tenant})
    key = hmac.new(settings.YZ_SECRET.encode(), b"kernel.links", hashlib.sha256).digest()
    return hmac.new(key, bound + b"\n" + body, hashlib.sha256).digest()


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _decoded(text: str) -> bytes:
    """Raises LinkRefused for what is not the one spelling of its bytes."""
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (ValueError, binascii.Error):
        raise LinkRefused from None
    if _encoded(data) != text:
        raise LinkRefused
    return data
