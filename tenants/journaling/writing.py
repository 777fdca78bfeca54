"""Appending a journal row in the transaction of the change it tells of."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connections, transaction
from redis import Redis
from redis.exceptions import RedisError

from kernel import events
from kernel.actor import Actor
from tenants.database.rows import insert_rows
from tenants.journaling.models import JournalRow

logger = logging.getLogger(__name__)
security_log = logging.getLogger("yz.security")
WAKE_KEY = "journal:wake"


class NotInTransaction(RuntimeError):
    """A journal row outside the transaction of its change would be a row that may lie."""


def append(
    *,
    model: type[JournalRow],
    alias: str,
    epoch: int,
    actor: Actor,
    event: str,
    object_type: str,
    object_id: int | str,
    facts: Mapping[str, Any],
    now: datetime,
) -> int:
    """Checks the facts against the declared event type and inserts one row; returns its id.

    Raises NotInTransaction outside a transaction, and kernel.events.EventMalformed for facts that do not fit.
    """
    if not connections[alias].in_atomic_block:
        raise NotInTransaction(event)
    declared = events.event_type(event)
    organisation = actor.belongs[0] if actor.belongs else None
    ((row_id,),) = insert_rows(
        model,
        [
            {
                "epoch": epoch,
                "at": now,
                "actor_id": actor.user_id,
                "actor_name": actor.name,
                "organisation_id": organisation.organisation_id if organisation else None,
                "organisation_name": organisation.organisation_name if organisation else "",
                "event": event,
                "event_version": declared.version,
                "object_type": object_type,
                "object_id": str(object_id),
                "facts": events.check(event, facts),
            }
        ],
    )
    if declared.security:
        said = {"user": actor.user_id, "object_type": object_type, "object_id": str(object_id), "journal_id": row_id}
        transaction.on_commit(lambda: security_log.info(event, extra=said), using=alias)
    return int(row_id)


_redis: Redis | None = None


def wake_relay(room: str) -> None:
    """Tells the relay that `room` has news. Only a wake-up: the sweep finds what a lost one missed."""
    global _redis
    if _redis is None:
        _redis = Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)
    try:
        _redis.sadd(f"{settings.CACHES['default']['KEY_PREFIX']}:{WAKE_KEY}", room)
    except RedisError as error:
        logger.warning("relay not woken for %s: %s", room, error)
