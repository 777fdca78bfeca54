"""Counting in Valkey what one may do only so often."""

from __future__ import annotations

from django.conf import settings
from redis import Redis

_redis: Redis | None = None


def counted(key: str) -> int:
    """One more under `key`, which is forgotten after two minutes. One round trip, where the cache needs three.

    Raises RedisError.
    """
    global _redis
    if _redis is None:
        _redis = Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)
    name = f"{settings.CACHES['default']['KEY_PREFIX']}:{key}"
    return int(_redis.pipeline(transaction=False).incr(name).expire(name, 120).execute()[0])
