"""The security log: one append-only row per sign-in, refusal and ended session, in both rooms."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from shared_apps.accounts.models import SecurityEvent
from shared_apps.accounts.rules import SecurityKind
from shared_apps.accounts.secret import keyed_hash
from tenants.database.context import region_on_commit

log = logging.getLogger("yz.security")


def address_of(request: HttpRequest) -> str:
    """The visitor's network address. Behind N proxies of ours (YZ_PROXIES) it is the Nth from the right."""
    proxies: int = settings.YZ_PROXIES
    if proxies:
        forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
        if len(forwarded) >= proxies:
            return forwarded[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))


def address_hash(address: str) -> str:
    return keyed_hash("address", address) if address else ""


def record(
    *,
    kind: SecurityKind,
    now: datetime,
    user_id: int | None = None,
    username: str = "",
    subject: str = "",
    address: str = "",
    host: str = "",
    facts: dict[str, Any] | None = None,
) -> None:
    """Appends one row, and tells the stream `yz.security` without names and addresses.

    `subject` is what was tried (a sign-in name, a mailbox): kept as a keyed hash only.
    """
    SecurityEvent.objects.create(
        at=now,
        kind=kind,
        user_id=user_id,
        username=username,
        subject_hash=keyed_hash("subject", subject) if subject else "",
        address_hash=address_hash(address),
        host=host[:255],
        facts=facts or {},
    )
    region_on_commit(lambda: log.info(str(kind), extra={"host": host[:255]} | ({"user": user_id} if user_id else {})))
