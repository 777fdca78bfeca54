"""Calls of programs to the malls, counted hour by hour in Valkey until they are told to the journal.

A count that Valkey loses, or that it could not take, is never charged: what is lost is the mall's gain.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.conf import settings
from redis import Redis
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
# How long a worker may be away before an hour is forgotten.
KEPT = timedelta(days=3)

_redis: Redis | None = None


def _valkey() -> Redis:
    global _redis
    if _redis is None:
        _redis = Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)
    return _redis


def _key(hour: datetime) -> str:
    return f"{settings.CACHES['default']['KEY_PREFIX']}:api-calls:{hour:%Y%m%d%H}"


def hour_of(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def count_call(*, tenant_code: str, now: datetime) -> None:
    """One call more in the present hour. One round trip."""
    key = _key(hour_of(now))
    try:
        _valkey().pipeline(transaction=False).hincrby(key, tenant_code, 1).expire(key, KEPT).execute()
    except RedisError:
        logger.warning("a call of a program is not counted: no answer from the cache")


def hours_over(*, now: datetime) -> Iterator[tuple[datetime, dict[str, int]]]:
    """The hours that are over and still kept, each with its calls by tenant, the oldest first.

    The hour that has just ended is left alone for a minute: a call may still be on its way. Raises RedisError.
    """
    end = hour_of(now - timedelta(minutes=1))
    hour = end - KEPT
    while hour < end:
        held = _valkey().hgetall(_key(hour))
        if held:
            yield hour, {code.decode(): int(calls) for code, calls in held.items()}
        hour += timedelta(hours=1)
