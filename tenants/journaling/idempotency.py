"""One request, one effect: the answer to a write is kept under the caller's key, in the effect's own transaction."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connections, transaction
from django.utils.translation import gettext_lazy as _

from kernel.locks import advisory_lock_key
from kernel.problems import Conflict, DomainError, InvalidInput, MalformedInput
from kernel.sm3 import canonical_json, sm3_hex
from tenants.journaling.models import IdempotencyRow

KEPT_DAYS = 7
KEY_LENGTH_MAX = 80
PURGE_ROWS = 5000
RETRY_AFTER_SECONDS = 1
# The lock of a claim: part of the statement, given back at the end of the transaction.
LOCKED = "pg_try_advisory_xact_lock(%s)"
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
    """Runs `perform` and keeps its answer, or replays the one kept. Two statements: the claim and the answer.

    `atomic` is the room's transaction; it wraps the effect and the row. Raises RequestRunning and KeyReused; a refusal
    of `perform` is raised on and nothing is kept. Services inside join this transaction: what a refusal is to leave
    behind is stored by whoever catches it outside (orders.refusing).
    """
    table = model._meta.db_table
    lock = advisory_lock_key("idempotency", room, user_id, endpoint, key)
    with atomic:
        claim = _claim(alias, table, lock, [user_id, endpoint, key, hashed, now])
        if claim is None:
            return _kept(model, alias, hashed, user_id=user_id, endpoint=endpoint, key=key)
        answer = perform()
        if answer.status >= 400:
            transaction.set_rollback(True, using=alias)
            return answer
        _keep(alias, table, claim, answer)
        return answer


def _claim(alias: str, table: str, lock: int, values: list[Any]) -> int | None:
    """The id of a row that is ours to fill, or None: the key is at work elsewhere, or has been answered.

    Lock and look in one statement. A SELECT after the lock would need a second one: its snapshot is older than the
    lock it takes, and misses the row of whoever gave the lock back in between. The unique index does not look through
    the snapshot: ON CONFLICT sees every committed row. Nor does it wait for one that is not: whoever has written it
    holds the lock until the end of the transaction, and without the lock nothing is inserted.
    The status is only there to be replaced before the commit; nobody else ever reads it.
    """
    with connections[alias].cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{table}" (user_id, endpoint, key, request_hash, created_at, status, answer) '
            f"SELECT %s, %s, %s, %s, %s, 200, '' WHERE {LOCKED} ON CONFLICT DO NOTHING RETURNING id",
            [*values, lock],
        )
        row = cursor.fetchone()
        return None if row is None else int(row[0])


def _kept(model: type[IdempotencyRow], alias: str, hashed: str, **named: Any) -> Answer:
    """The answer kept under the key, read in a snapshot of its own. Raises RequestRunning, KeyReused."""
    rows = model.objects.using(alias)  # type: ignore[attr-defined]
    kept = rows.filter(**named).first()
    if kept is None:
        raise RequestRunning(retry_after_seconds=RETRY_AFTER_SECONDS)
    if kept.request_hash != hashed:
        raise KeyReused
    return Answer(kept.status, kept.answer, replayed=True)


def _keep(alias: str, table: str, claim: int, answer: Answer) -> None:
    with connections[alias].cursor() as cursor:
        cursor.execute(
            f'UPDATE "{table}" SET status = %s, answer = %s WHERE id = %s',
            [answer.status, answer.body, claim],
        )
        if cursor.rowcount != 1:
            raise RuntimeError(f"the claim {claim} in {table} has gone")


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
