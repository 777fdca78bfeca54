"""One request, one effect: the answer to a write is kept under the caller's key, in the effect's own transaction."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel.locks import advisory_lock_key, try_advisory_xact_lock
from kernel.problems import Conflict, DomainError, InvalidInput, MalformedInput
from kernel.sm3 import canonical_json, sm3_hex
from tenants.journaling.models import IdempotencyRow

KEPT_DAYS = 7
KEY_LENGTH_MAX = 80
PURGE_ROWS = 5000
RETRY_AFTER_SECONDS = 1
_KEY = re.compile(r"[\x21-\x7e]{1,80}")


class RequestRunning(Conflict):
    """The same key is at work in another transaction at this moment."""

    code = "idempotency-running"
    title = _("The same request is being processed, please try again in a moment")


class KeyReused(DomainError):
    """The key was used for another request: nothing is done."""

    code = "idempotency-key-reused"
    status = 422
    title = _("The idempotency key was used with another request")


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: `body` is the text as it was sent."""

    status: int
    body: str
    replayed: bool = False


def checked_key(key: str) -> str:
    """The header's value. Raises InvalidInput unless it is 1 to 80 visible ASCII characters."""
    if _KEY.fullmatch(key) is None:
        raise InvalidInput(errors={"Idempotency-Key": [str(_("Use 1 to 80 visible ASCII characters without blanks."))]})
    return key


def request_hash(*, path: str, body: Mapping[str, Any]) -> str:
    """SM3 of the address and the canonical body. Raises MalformedInput where the body has no canonical form."""
    try:
        return sm3_hex(canonical_json({"path": path, "body": dict(body)}))
    except (TypeError, ValueError) as error:
        raise MalformedInput(reason="no canonical form") from error


def run_once(
    *,
    model: type[IdempotencyRow],
    alias: str,
    room: str,
    atomic: AbstractContextManager[object],
    user_id: int,
    endpoint: str,
    key: str,
    hashed: str,
    perform: Callable[[], Answer],
    now: datetime,
) -> Answer:
    """Runs `perform` and keeps its answer, or replays the one kept.

    `atomic` is the room's transaction; it wraps the effect and the row. The lock is taken before the row is looked
    for: a second request with the key is told to come back instead of waiting on the first one's unique row.
    Raises RequestRunning and KeyReused; a refusal of `perform` is raised on and nothing is kept. Services inside join
    this transaction: what a refusal is to leave behind is stored by whoever catches it outside (orders.refusing).
    """
    with atomic:
        if not try_advisory_xact_lock(alias, advisory_lock_key("idempotency", room, user_id, endpoint, key)):
            raise RequestRunning(retry_after_seconds=RETRY_AFTER_SECONDS)
        rows = model.objects.using(alias)  # type: ignore[attr-defined]
        kept = rows.filter(user_id=user_id, endpoint=endpoint, key=key).first()
        if kept is not None:
            if kept.request_hash != hashed:
                raise KeyReused
            return Answer(kept.status, kept.answer, replayed=True)
        answer = perform()
        if answer.status >= 400:
            transaction.set_rollback(True, using=alias)
            return answer
        rows.create(
            user_id=user_id,
            endpoint=endpoint,
            key=key,
            request_hash=hashed,
            status=answer.status,
            answer=answer.body,
            created_at=now,
        )
        return answer


def purge(*, model: type[IdempotencyRow], alias: str, now: datetime) -> int:
    """Deletes answers older than KEPT_DAYS, a bounded number of rows per statement; returns how many."""
    rows = model.objects.using(alias)  # type: ignore[attr-defined]
    total = 0
    while True:
        old = rows.filter(created_at__lt=now - timedelta(days=KEPT_DAYS)).order_by("id").values("id")[:PURGE_ROWS]
        deleted: int = rows.filter(id__in=list(old.values_list("id", flat=True))).delete()[0]
        total += deleted
        if deleted < PURGE_ROWS:
            return total
